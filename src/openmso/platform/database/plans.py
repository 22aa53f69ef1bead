"""What the planner is told where it cannot know: row-level security hides from it how many rows a condition leaves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def looked_up() -> Iterator[None]:
    """Inside a transaction: joins look the rows of the other table up by their key, one by one.

    For a join that begins with a few thousand rows at most; left alone, all of a large table is read for them.
    """
    with _without("enable_hashjoin", "enable_mergejoin"):
        yield


@contextmanager
def walked() -> Iterator[None]:
    """Inside a transaction: rows come in the order of an index where there is one, and as many as are wanted of them.

    For conditions that many rows meet; left alone, all that is there is read and sorted for the first of it.
    """
    with _without("enable_hashjoin", "enable_mergejoin", "enable_sort", "enable_bitmapscan", "enable_material"):
        yield


@contextmanager
def _without(*ways: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {way} = off" for way in ways))
        yield
        cursor.execute("; ".join(f"SET LOCAL {way} TO DEFAULT" for way in ways))
