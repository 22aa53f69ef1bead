"""Rows of exchange: partners and routes of the network, transmissions of practices, arrivals of the mailbox."""
