"""Claims that a later payer has now count for the payer that was asked first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from openmso.analytics import queries, services
from openmso.analytics.tests.test_figures import COUNTED_AT, MARCH
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.queries import decided, expected
from openmso.claims.queries.alike import days
from openmso.claims.queries.allowed import by_code
from openmso.kit.money import Money
from openmso.platform.outbox import services as outbox
from openmso.remittances.tests import test_turns
from openmso.remittances.tests.office import SERVED
from openmso.remittances.tests.test_turns import House

pytestmark = pytest.mark.django_db
_house, house = test_turns._house, test_turns.house


def test_a_claim_that_a_later_payer_has_now_counts_for_the_payer_that_was_asked_first(house: House) -> None:
    """Two claims of 140 to a first payer that allows 94.50; one patient has a second payer, whose turn it is now."""
    alone, turned = house.sent(covers=1), house.sent(covers=2)
    for one in (alone, turned):
        house.first(one)
    outbox.deliver_pending(at=house.office.at)
    with house.office.scope():
        services.count(practice=house.office.practice, at=COUNTED_AT)
    first, second = house.payers[:2]

    with house.office.reading():
        assert {row.ordinal for row in Claim.objects.all()} == {"P", "S"}
        board = {one.kpi.code: one.value for one in queries.board(MARCH)}
        by_payer = queries.parts("net-collection-rate", MARCH, by="payer")
        lines = expected.of_lines(ClaimLine.objects.values_list("pk", flat=True))
        allowed = [
            (row.lines, str(row.allowed))
            for row in by_code(practice=house.office.practice, payer_id=first.id, since=SERVED, until=date(2027, 1, 1))
        ]
        asked = [
            sum(kind.times for kind in days(practice=house.office.practice, payer_id=one.id, since=SERVED,
                                            until=date(2027, 1, 1)))
            for one in (first, second)
        ]  # fmt: skip
        sent = decided.first_sent(first=MARCH.month.first, last=MARCH.month.last)

    for code, parts in {
        "clean-claim-rate": (2, 2), "first-pass-resolution": (2, 2), "initial-denial-rate": (0, 2),
        "primary-denial-rate": (0, 2), "net-collection-rate": (Decimal("159.00"), Decimal("190.00")),
    }.items():  # fmt: skip
        assert (code, board[code].top, board[code].bottom) == (code, *parts)
    assert [(part.name, part.value.bottom) for part in by_payer] == [(first.name, Decimal("190.00"))]
    assert [line.payer_id for line in lines] == [first.id, first.id]
    assert (allowed, asked) == ([], [2, 0]), "no contract expects anything of these lines"
    assert sent == {house.office.practice: (2, Money.of(280))}
