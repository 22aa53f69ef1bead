"""The API of equity."""
