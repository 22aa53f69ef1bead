"""Treasury: what comes in is paid out in the order of the agreement, and only the practice instructs its account.

Owns: standing instructions of deposit accounts, the monthly run of the priority of payments, deficit loans and what
moved them, the payments of a run, and the files in which banks are told of them.
Does not own: bank accounts (parties), the order and the rates (agreements), the fee (settlement), the books (ledger).
"""
