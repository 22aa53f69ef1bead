"""The API of claims: `answers` says what goes in and out, `routes` and `files` what can be done."""
