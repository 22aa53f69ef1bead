"""Copying: rows in the text form of COPY, which most texts enter as they are.

A client that is handed values looks at the type of each and escapes each; a row of ten costs it as much as the server
spends on it. Amounts, days and numbers need no escape, and neighbouring texts are asked about together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from django.db import connection

if TYPE_CHECKING:
    import psycopg

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy(table: str, columns: str, rows: Iterable[str]) -> None:
    """Rows already in COPY's text form, each with its newline, into a table."""
    with connection.cursor() as cursor:
        _into(cursor, table, columns, "".join(rows))


class Copying:
    """Copying in a thread of its own, so that the caller makes the next rows while the server takes these.

    The connection is the caller's, in the caller's transaction, and takes one thing at a time: whoever asks it anything
    else says `wait` before. What the server refuses is raised by what is said next, or at the end.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="copying")
        self._running: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()
        if error is None:
            self.wait()

    def copy(self, tables: Iterable[tuple[str, str, Callable[[], str]]]) -> None:
        """Tables with their columns and rows in COPY's text form, one after the other, when all before are in.

        Rows are asked for in the thread, too, which is worth it where a library makes them.
        """
        self.wait()
        connection.ensure_connection()
        self._running = self._thread.submit(_copied, connection.connection, tables)

    def wait(self) -> None:
        """Until the connection is free.

        Raises:
            DatabaseError: the server refused what was copied last.
        """
        running, self._running = self._running, None
        if running is not None:
            with connection.wrap_database_errors:
                running.result()


def _copied(link: psycopg.Connection, tables: Iterable[tuple[str, str, Callable[[], str]]]) -> None:
    with link.cursor() as cursor:
        for table, columns, rows in tables:
            _into(cursor, table, columns, rows())


def _into(cursor: Any, table: str, columns: str, rows: str) -> None:
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as target:
        target.write(rows)


def texts(*fields: str) -> str:
    """Neighbouring texts, tabs between them, as COPY takes them: each arrives as it is, whatever stands in it."""
    together = "".join(fields)
    if "\\" in together or not together.isprintable():
        fields = tuple(field.translate(_ESCAPES) for field in fields)
    return "\t".join(fields)
