"""The API of denials."""
