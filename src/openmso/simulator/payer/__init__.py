"""The payer's side of the wire: takes 837P bytes, answers TA1, 999, 277CA and 835 bytes. Pure."""
