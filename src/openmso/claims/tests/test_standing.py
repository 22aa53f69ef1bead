"""How claims stand is kept with every change of one: it always says what counting and adding them all says."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Count, Sum

from openmso.claims import testing
from openmso.claims.models.claims import Claim, Standing
from openmso.claims.queries import worklist
from openmso.claims.services import correcting
from openmso.claims.services.correcting import LineChange
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse, Line, claim_at
from openmso.claims.tests.test_together import at_once
from openmso.kit.money import Money
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk, Tally, Term

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
FOLDED_AFTER = 64
"""Among so many differences, one after another, one folds what has gathered into a row for each state."""


def counted() -> dict[S, Tally]:
    """How the claims in scope stand, all of them read."""
    rows = Claim.objects.order_by().values("state")
    return {
        S(state): Tally(n, {"charged": Money(charged), "open": Money(open_)})
        for state, n, charged, open_ in rows.annotate(
            n=Count("pk"), charged=Sum("total_amount"), open=Sum("open_amount")
        ).values_list("state", "n", "charged", "open")
    }


def only(*states: S) -> Filters:
    return Filters(tuple(Term("is", "=", state.value, state.value) for state in states))


def agree(house: BillingHouse) -> dict[S, Tally]:
    """What is kept is what is counted, state by state, in the sums of the whole list, and on its page."""
    with house.scope(), reading():
        found = counted()
        assert worklist.standing(*S) == found
        for filters in (Filters(), only(S.DENIED), only(S.PAID, S.PARTIAL), only(S.DRAFT)):
            wanted = [tally for state, tally in found.items() if state in (filters.many("is") or S)]
            told = worklist.tally(filters=filters)
            assert told.total == sum(tally.total for tally in wanted)
            for key in ("charged", "open"):
                assert told.totals[key] == Money.total(tally.totals[key] for tally in wanted)
            page = worklist.claims(filters=filters, page=PageAsk())
            assert (page.total, page.totals, len(page.rows)) == (told.total, told.totals, told.total)
        return found


@pytest.mark.django_db
def test_every_state_a_claim_comes_to_is_kept_with_its_money() -> None:
    rockland = testing.billing_house(at=NOW)
    rival = testing.billing_house(at=NOW, code="RIVAL", name="Rival Pediatrics")
    claim_at(S.PARTIAL, rival, at=NOW, lines=[Line("99214")])
    told = agree(rival)

    for number, state in enumerate(state for state in S if state is not S.DRAFT):
        claim_at(state, rockland, at=NOW, lines=[Line("99213", f"{100 + number}.37")])
        assert state in agree(rockland)

    assert agree(rival) == told, "what happened next door"


@pytest.mark.django_db
def test_a_claim_whose_charge_changes_stands_with_what_it_charges_now() -> None:
    rockland = testing.billing_house(at=NOW)
    claim = claim_at(S.READY, rockland, at=NOW, lines=[Line("99213", "100.00"), Line("36415", "20.00")])
    before = agree(rockland)[S.READY].totals["charged"]

    with rockland.scope():
        correcting.change(
            actor=testing.actor(NOW), claim=claim.public_id, fields={}, lines={1: LineChange(units=Decimal(3))}, at=NOW
        )

    after = agree(rockland)
    assert sum(tally.total for tally in after.values()) == 1
    assert Money.total(tally.totals["charged"] for tally in after.values()) > before


def test_what_several_change_at_once_adds_up_and_is_folded(committed: str) -> None:
    """Each act is a transaction of its own; some of them are taken back."""
    rockland = testing.billing_house(at=NOW)
    claims = [claim_at(S.READY, rockland, at=NOW) for _ in range(3)]

    def charge(name: str, dollars: int) -> None:
        with reading():
            Claim.objects.filter(public_id=name).update(total_amount=dollars)

    def change(name: str) -> None:
        for dollars in (20, 30, 10, 40) * 10:
            charge(name, dollars)
            with pytest.raises(ZeroDivisionError), reading():
                Claim.objects.filter(public_id=name).update(total_amount=1000)
                raise ZeroDivisionError

    assert at_once(rockland, *[lambda name=claim.public_id: change(name) for claim in claims]) == [None] * 3

    assert agree(rockland)[S.READY].totals["charged"] == Money.of("120.00")
    with rockland.scope():
        for dollars in range(FOLDED_AFTER):
            charge(claims[0].public_id, dollars)
    with rockland.scope(), reading():
        assert Standing.objects.count() <= FOLDED_AFTER + len(S)
    assert agree(rockland)[S.READY].totals["charged"] == Money.of("143.00")


@pytest.mark.django_db
def test_nobody_writes_how_claims_stand_but_the_trigger() -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("UPDATE claims_standing SET claims = claims + 1")
