"""The API of compliance: the register, and payments checked against it."""
