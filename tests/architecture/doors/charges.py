"""Screens of charges, and the operations that do the same."""

SAME = {
    "charges:fees": "list_fees",
    "charges:latest": "list_fees",
    "charges:publish": "publish_fees",
}
