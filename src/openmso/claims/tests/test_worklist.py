"""A page of claims is a page of what reading them all gives, whichever way the database is led to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from openmso.claims import testing
from openmso.claims.models.claims import Claim
from openmso.claims.models.findings import ClaimFinding
from openmso.claims.queries import worklist
from openmso.claims.services import correcting, releasing, submitting
from openmso.claims.states import S
from openmso.claims.tables import CLAIMS
from openmso.claims.testing import BillingHouse, Line, claim_at
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.services import periods
from openmso.platform.tenancy.scope import reading, scope
from openmso.platform.ui import counting, query
from openmso.platform.ui.contracts import Filters, PageAsk

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)
STATES = (S.HELD, S.HELD, S.READY, S.SENT, S.REJECTED, S.PAID, S.PARTIAL, S.DENIED)
CODE = "no_coverage"
SIZE = 6


@pytest.fixture(scope="module")
def houses(built_once: None) -> list[BillingHouse]:
    """Two practices with claims of many states, sent on several days, and a rival with as many."""
    since = NOW - timedelta(days=65)
    made = [testing.billing_house(at=since, code=code, name=code.title()) for code in ("ROCK", "PLAIN", "RIVAL")]
    for at_house, house in enumerate(made):
        with house.scope():
            for month in (Month(2026, 10), Month(2026, 11)):
                periods.open_next(actor=testing.actor(NOW), entity=house.house.entity.id, month=month, at=NOW)
        for number, state in enumerate(STATES):
            claim_at(
                state, house, at=NOW - timedelta(days=20 * (number % 3)), diagnoses=["E119"],
                service_on=date(2026, 9, 10 + 3 * (number % 4)) + timedelta(days=20 * (number % 2)),
                lines=[Line("99213", f"{100 + (number * 7 + at_house) % 5 * 10}.00")],
            )  # fmt: skip
    with scope(practices=[house.id for house in made]), reading():
        held = ClaimFinding.objects.filter(code=CODE).first()
        assert held is not None
        held.pk, held.line, held.is_first = None, 2, False  # the same finding on a second line
        held.save(force_insert=True)
    return made


@contextmanager
def both(houses: list[BillingHouse]) -> Iterator[None]:
    with scope(practices=[house.id for house in houses[:2]]), reading():
        yield


KEYS: dict[str, Callable[[Claim], Any]] = {
    "due_on": lambda one: one.due_on or date.max,
    "service_on": lambda one: one.service_on,
    "charged": lambda one: one.total_amount,
    "open": lambda one: one.open_amount,
    "sent_at": lambda one: one.sent_at or LATEST,
    "state": lambda one: (one.state, one.due_on or date.max),
}
CHOSEN: dict[str, Callable[[Claim], bool]] = {
    "": lambda one: True,
    "is:held is:ready": lambda one: one.state in {"held", "ready"},
    "is:paid is:denied is:sent due:>=2026-10-01": lambda one: one.state in {"paid", "denied", "sent"},
    f"finding:{CODE}": lambda one: one.state == "held",
    f"finding:{CODE} open:>=120": lambda one: one.state == "held" and one.open_amount >= 120,
    "month:>=2026-10": lambda one: one.service_on >= date(2026, 10, 1),
    "month:2026-09 is:held is:paid": lambda one: one.service_on.month == 9 and one.state in {"held", "paid"},
    "sent:2026-10 sent:2026-11": lambda one: one.sent_at is not None,
    "sent:<2026-11": lambda one: one.sent_at is not None and one.sent_at.month == 10,
    "service:2026-09-10..2026-09-30 charged:<130": lambda one: one.service_on.month == 9 and one.total_amount < 130,
}


@pytest.mark.parametrize(("counted", "sorted_whole", "each"), [(20_000, 400_000, 2), (4, 8, 3), (1, 1, 5)])
def test_every_page_in_every_order_is_cut_from_what_the_filter_finds(
    houses: list[BillingHouse], counted: int, sorted_whole: int, each: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each filter in every so-manieth order, in turn: with all filters every order is asked for several times."""
    orders = list(product(KEYS, (False, True)))
    monkeypatch.setattr(counting, "COUNTED_AT_ONCE", counted)
    monkeypatch.setattr(worklist, "OF_DAYS_SORTED_AT_ONCE", sorted_whole)
    with both(houses):
        for turn, (q, is_chosen) in enumerate(CHOSEN.items()):
            chosen = {one.public_id: one for one in Claim.objects.all() if is_chosen(one)}
            assert chosen, "the filter finds something to page through"
            filters, problems = query.read(q, CLAIMS.filters)
            assert not problems
            for sort, desc in orders[turn % each :: each]:
                _agrees(filters, sort, desc, chosen)


def _agrees(filters: Filters, sort: str, desc: bool, chosen: dict[str, Claim]) -> None:
    """Set end to end, the pages have each claim once, in order; and the sums are those of all of them."""
    tally = worklist.tally(filters=filters)
    assert tally.total == len(chosen)
    assert tally.totals["open"] == Money.total(Money.of(one.open_amount) for one in chosen.values())
    listed: list[str] = []
    for number in range(1, len(chosen) // SIZE + 3):
        page = worklist.claims(filters=filters, page=PageAsk(number, SIZE, sort, desc))
        assert page.total in (None, tally.total)
        assert page.total is None or page.totals == tally.totals
        listed += [row.public_id for row in page.rows]
    assert sorted(listed) == sorted(chosen), (filters, sort, desc)
    _in_order([chosen[name] for name in listed], sort, KEYS[sort], desc)


def _in_order(listed: list[Claim], sort: str, key: Callable[[Claim], Any], desc: bool) -> None:
    """Sorted, with those that lack what they are sorted by at the end either way."""
    lacking = [one for one in listed if sort in worklist.UNTOLD and getattr(one, sort) is None]
    assert not lacking or listed[-len(lacking) :] == lacking
    told = [key(one) for one in listed if one not in lacking]
    assert told == sorted(told, reverse=desc), (sort, desc)


def test_a_claim_that_is_sent_again_was_first_sent_once(houses: list[BillingHouse]) -> None:
    """A fee by the claim counts it in the month it first left in, by the practice's own days."""
    rockland, evening = houses[0], datetime(2026, 11, 1, 2, 30, tzinfo=UTC)  # the 31st of October in New York
    october, november = Month(2026, 10), Month(2026, 11)
    with rockland.scope(), reading():
        before = [worklist.sent_in(practice=rockland.id, month=month) for month in (october, november)]
    rejected = claim_at(S.REJECTED, rockland, at=evening, service_on=date(2026, 10, 20))

    with rockland.scope():
        correcting.change(
            actor=testing.actor(NOW), claim=rejected.public_id, fields={"prior_authorization": "A1"}, at=NOW
        )
        submitting.submit(actor=testing.actor(NOW), claim=rejected.public_id, at=NOW)
        releasing.release(actor=testing.actor(NOW), practice=rockland.id, at=NOW)
        with reading():
            after = [worklist.sent_in(practice=rockland.id, month=month) for month in (october, november)]
            again = Claim.objects.get(public_id=rejected.public_id)

    assert again.sent_at == NOW
    assert again.first_sent_on == date(2026, 10, 31)
    assert after == [before[0] + 1, before[1]]
