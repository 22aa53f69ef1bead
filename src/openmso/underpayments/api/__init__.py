"""The API of underpayments: one module per kind of thing."""
