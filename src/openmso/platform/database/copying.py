"""Copying: rows in the text form of COPY, which most texts enter as they are.

A client that is handed values looks at the type of each and escapes each; a row of ten costs it as much as the server
spends on it. Amounts, days and numbers need no escape, and neighbouring texts are asked about together.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy(table: str, columns: str, rows: Iterable[str]) -> None:
    """Rows already in COPY's text form, each with its newline, into a table."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as target:
        target.write("".join(rows))


def texts(*fields: str) -> str:
    """Neighbouring texts, tabs between them, as COPY takes them: each arrives as it is, whatever stands in it."""
    together = "".join(fields)
    if "\\" in together or not together.isprintable():
        fields = tuple(field.translate(_ESCAPES) for field in fields)
    return "\t".join(fields)
