"""Words: numbers of things, as a sentence says them."""

from __future__ import annotations


def counted(number: int, noun: str, many: str = "") -> str:
    """`1 payment`, `1,204 payments`, `2 batches`."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"
