"""Figures beside those of other practices: of those alone that take part, of five at least, and told only to them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openmso.agreements import testing as agreements
from openmso.agreements.services import initiatives
from openmso.agreements.testing import NOW, Cast
from openmso.analytics import network, services
from openmso.analytics.models import Cell
from openmso.kit import clock
from openmso.kit.periods import Month
from openmso.parties import testing as parties
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import atomic, scope

pytestmark = pytest.mark.django_db
MARCH, ON = Month(2026, 3), NOW.date()


def test_figures_are_compared_of_those_who_take_part_and_told_to_them_alone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    others = [parties.practice(at=NOW, code=f"P{number}", name=f"Practice {number}") for number in range(4)]
    for house in others:
        agreements.executed(cast.mso, house, at=NOW, with_baa=False)
    houses = [cast.rockland, *others, cast.rival]
    every = [house.id for house in (*houses, cast.mso)]
    for house in houses:
        owner = agreements.person("lea@owners.example", "Lea", practice=house.id, role="practice_owner", at=NOW)
    with scope(practices=every), atomic.open():
        for clean, house in enumerate(houses, 5):
            Cell.objects.create(practice_id=house.id, month=MARCH.first, submitted=10, accepted_first=clean)
    lea = cast.actor(owner)

    def joins(*chosen: parties.House) -> int:
        with scope(practices=every), atomic.open():
            for house in chosen:
                initiatives.choose(actor=lea, practice=house.id, code="benchmarking", joins=True, at=NOW)
            return services.compare(at=NOW)

    assert joins(cast.rockland, *others[:3]) == 0, "of four one could be guessed"
    with cast.scope(), atomic.open():
        assert "Fewer than 5" in network.beside("clean-claim-rate", MARCH, on=ON).why_not
    assert joins(others[3]) > 0
    with cast.scope(), atomic.open():
        told = network.beside("clean-claim-rate", MARCH, on=ON)
    assert (told.practices, told.low, told.median, told.high) == (5, Decimal("0.5"), Decimal("0.7"), Decimal("0.9"))
    with cast.scope(cast.rival), atomic.open():
        assert network.beside("clean-claim-rate", MARCH, on=ON) == network.Beside(why_not=network.NOT_JOINED)
    page = signed_in(cast.ana).get("/kpis/clean-claim-rate/").content.decode()
    assert "70.0%" in page
    answer = signed_in(cast.theo).get("/api/key-figures/clean-claim-rate/network?month=2026-03").json()
    assert (answer["practices"], answer["median"]) == (0, None)
