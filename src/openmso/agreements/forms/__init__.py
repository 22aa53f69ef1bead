"""What people fill in about agreements: one module per kind of thing."""
