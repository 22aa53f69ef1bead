"""Lists of governance, as data."""
