"""Screens of intake, and the operations that do the same."""

SAME = {
    "intake:runs": "list_intake_runs",
    "intake:take": "take_in",
    "intake:run": "get_intake_run",
}
