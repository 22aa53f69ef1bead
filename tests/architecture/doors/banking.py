"""Screens of banking, and the operations that do the same."""

SAME = {
    "banking:lines": "list_bank_lines",
    "banking:statements": "list_bank_statements",
    "banking:import": "import_bank_statement",
    "banking:line": "get_bank_line",
}
