"""Screens of portability, and the operations that do the same."""

SAME = {
    "portability:take": "list_archive_parts",
    "portability:archive": "take_archive",
    "portability:revenue_cycle": "take_archive",
}
