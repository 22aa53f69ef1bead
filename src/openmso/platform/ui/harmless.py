"""Harmless: text that no spreadsheet takes for a formula.

A spreadsheet runs what looks like a formula, and a name typed by a stranger may look like one: text that starts
with `= + - @`, a tab or a carriage return gets an apostrophe in front (OWASP, CSV injection). Numbers stay numbers.
"""

from __future__ import annotations

from typing import Any

RISKY = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: Any) -> Any:
    """Text with an apostrophe where it needs one; anything but text as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value
