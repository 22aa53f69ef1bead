"""The screens of settlement: statements and invoices, and fees under other terms."""
