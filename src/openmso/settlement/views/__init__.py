"""The screens of settlement: statements and invoices, disputes of them, and fees under other terms."""
