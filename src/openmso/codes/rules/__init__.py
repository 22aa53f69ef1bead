"""Reading the official files: bytes in; rows, checks in words, or a refusal that names file, line and fix out."""
