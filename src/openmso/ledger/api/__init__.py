"""The API of the books: `schemas` of what is sent and answered, `routes`, and `answers` that make one of the other."""
