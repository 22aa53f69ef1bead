"""Screens of ledger, and the operations that do the same."""

SAME = {
    "ledger:books": "list_books",
    "ledger:entry-of": "read_entry",
    "ledger:book": "trial_balance",
    "ledger:income": "income_statement",
    "ledger:position": "balance_sheet",
    "ledger:account": "account_lines list_accounts",
    "ledger:peek": "account_lines",
    "ledger:entries": "list_entries",
    "ledger:new-entry": "post_entry",
    "ledger:entry": "read_entry",
    "ledger:reverse": "reverse_entry",
    "ledger:periods": "list_periods",
    "ledger:open-period": "open_period",
    "ledger:close-period": "close_period",
    "ledger:reopen-period": "reopen_period",
    "ledger:lock-period": "lock_period",
    "ledger:close-year": "close_year",
}
