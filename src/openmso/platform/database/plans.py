"""What the planner is told where it cannot know: row-level security hides from it how many rows a condition leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from django.db import connection


def looked_up() -> AbstractContextManager[None]:
    """Inside a transaction: joins look the rows of the other table up by their key, one by one.

    For a join that begins with a few thousand rows at most; left alone, all of a large table is read for them.
    """
    return _said(_LOOKED_UP)


def in_order() -> AbstractContextManager[None]:
    """Inside a transaction: tables are joined in the order in which the statement names them.

    Rows that are wanted in an order come by an index that has it: of a table that has grown since it was looked at
    last, the planner else takes any index of the practice for as good, and reads all of the practice for each row.
    """
    return _said(_IN_ORDER)


def looked_up_in_order() -> AbstractContextManager[None]:
    """Both."""
    return _said(_LOOKED_UP | _IN_ORDER)


def walked() -> AbstractContextManager[None]:
    """Inside a transaction: rows come in the order of an index where there is one, and as many as are wanted of them.

    For conditions that many rows meet; left alone, all that is there is read and sorted for the first of it.
    """
    return _said(_LOOKED_UP | {"enable_sort": "off", "enable_bitmapscan": "off", "enable_material": "off"})


_LOOKED_UP = {"enable_hashjoin": "off", "enable_mergejoin": "off"}
_IN_ORDER = {"join_collapse_limit": "1", "enable_sort": "off"}


@contextmanager
def _said(settings: Mapping[str, str]) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {name} = {value}" for name, value in settings.items()))
        yield
        cursor.execute("; ".join(f"SET LOCAL {name} TO DEFAULT" for name in settings))
