"""The API of claims: `answers` says what goes in and out, `routes` what can be done."""
