"""The API: what callers send and get, and the operations."""
