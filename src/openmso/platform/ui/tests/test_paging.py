"""A page over many practices has the rows of the sorted whole, wherever the practices' own rows stand in it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F

from openmso.platform.accounts import testing
from openmso.platform.tenancy.scope import atomic, scope
from openmso.platform.ui import paging
from openmso.platform.ui.contracts import PageAsk
from openmso.platform.work.models import WorkItem

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ORDER = (F("amount").desc(nulls_last=True), "pk")


def test_what_can_be_nowhere_is_not_looked_for(practices: list[int]) -> None:
    found = WorkItem.objects.filter(pk__in=[])

    assert paging.rows(found, ORDER, PageAsk()) == []


@pytest.fixture
def practices(db: None) -> Iterator[list[int]]:
    """Three practices with a hundred items between them, most of them in one; and a rival's."""
    made = [testing.tenant(f"P{number}", f"Practice {number}").pk for number in range(4)]
    chance = random.Random(5)
    with scope(practices=made), atomic.open():
        WorkItem.objects.bulk_create(
            WorkItem(
                practice_id=chance.choice([*made, made[0], made[0]]), kind=chance.choice(["a", "b", "c"]),
                subject_kind="x", subject_id=f"{number}", title="t", why="w", priority=number, priority_why="p", due_at=AT,
                key=f"k{number}", opened_at=AT + timedelta(number), amount=chance.choice([None, *range(6)]),
            )
            for number in range(100)
        )  # fmt: skip
    with scope(practices=made[:3]), atomic.open():
        yield made[:3]


@pytest.mark.parametrize("size", [1, 7, 25])
def test_pages_are_those_of_the_sorted_whole(practices: list[int], size: int) -> None:
    whole = list(WorkItem.objects.order_by(*ORDER))
    assert {row.practice_id for row in whole} == set(practices)

    for number in range(1, len(whole) // size + 2):
        page = paging.rows(WorkItem.objects.all(), ORDER, PageAsk(number, size))
        few = list(paging.sorted_whole(WorkItem.objects.all(), ORDER, PageAsk(number, size)))
        assert page == few == whole[(number - 1) * size : number * size]


def test_another_column_of_the_index_is_walked_value_by_value(
    practices: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = WorkItem.objects.filter(kind__in=["a", "c"])

    page = paging.rows(WorkItem.objects.all(), ORDER, PageAsk(2, 10), along={"kind": ["a", "c"]})
    monkeypatch.setattr(paging, "WALKED_MAX", 0)
    cut = paging.rows(WorkItem.objects.all(), ORDER, PageAsk(2, 10), along={"kind": ["a", "c"]})

    assert page == cut == list(wanted.order_by(*ORDER)[10:20])


def test_pages_that_lie_deep_are_cut_from_the_whole(practices: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "WALKED_MAX", 20)

    page = paging.rows(WorkItem.objects.all(), ORDER, PageAsk(3, 10))

    assert page == list(WorkItem.objects.order_by(*ORDER)[20:30])
