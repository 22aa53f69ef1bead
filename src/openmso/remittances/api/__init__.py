"""The API of remittances: `routes` for files and payments, `money` for deposits and what payers adjust."""
