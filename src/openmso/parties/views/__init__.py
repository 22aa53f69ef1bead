"""The screens of parties: practices, payers, the MSO."""
