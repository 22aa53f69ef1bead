"""How many rows a list finds: counted with its page where that is cheap, after the page where it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

from openmso.platform.ui.contracts import Page, PageAsk, Row, Tally

COUNTED_AT_ONCE = 20_000
"""The exact total of as many rows, or more, loads after the page."""


def page_of(rows: Sequence[Row], found: QuerySet[Any], ask: PageAsk, tally: Callable[[], Tally]) -> Page[Row]:
    """A page of what was found, with its exact total and sums unless counting would keep the page waiting."""
    if up_to(found, COUNTED_AT_ONCE) >= COUNTED_AT_ONCE:
        return told(rows, ask, None)
    return told(rows, ask, tally())


def told(rows: Sequence[Row], ask: PageAsk, counted: Tally | None) -> Page[Row]:
    """A page with what was counted; uncounted, its total loads after it."""
    return Page(rows, None, ask) if counted is None else Page(rows, counted.total, ask, counted.totals)


def up_to(found: QuerySet[Any], limit: int) -> int:
    """How many rows were found; from `limit` on they are not counted further."""
    return found.order_by().values("pk")[:limit].count()
