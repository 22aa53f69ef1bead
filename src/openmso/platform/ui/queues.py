"""Queues: lists whose rows are worked say of each row why it is next, on the screen and in what is exported of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Column, Page, PageAsk, TableSpec

if TYPE_CHECKING:
    from openmso.platform.ui.tables import Ask

WHY = "why_next"
WHY_NEXT = Column(WHY, "Why it is next", "reason", wide=True, says=True)
"""The column, for a list that does not have it at its end."""


def with_reasons(spec: TableSpec, columns: Sequence[Column], reasons: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns of a list; a queue's say why a row is next, out of reasons that are filled later."""
    if spec.waits is None or not spec.waits.subject:
        return tuple(columns)
    of = spec.waits.of or spec.row_key
    said = dataclasses.replace(WHY_NEXT, value=lambda row: reasons.get(of(row), ""))
    if any(column.key == WHY for column in columns):
        return tuple(said if column.key == WHY else column for column in columns)
    return (*columns, said)


def explained(
    request: HttpRequest, spec: TableSpec, asked: Ask, fetch: Callable[[PageAsk], Page[Any]]
) -> Callable[[PageAsk], Page[Any]]:
    """The same fetch, which asks for the reasons of each page in one question."""
    waits = spec.waits
    if waits is None or not waits.subject or all(column.key != WHY for column in asked.columns):
        return fetch
    of = waits.of or spec.row_key

    def fetched(page: PageAsk) -> Page[Any]:
        found = fetch(page)
        ids = list(dict.fromkeys(of(row) for row in found.rows))
        asked.reasons.update(registry.reasons_of(getattr(request, "actor", None), waits.subject, ids, waits.kinds))
        return found

    return fetched
