"""Pages of claims: translate in, call once, translate out."""
