"""An invoice within the scope of its agreement: lines outside are refused in words, volumes priced by their bands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from openmso.agreements import testing as agreements
from openmso.agreements.contracts import Version
from openmso.agreements.fees import charging
from openmso.agreements.queries import agreements as asking
from openmso.agreements.services import drafting, execution
from openmso.agreements.tasks.contracts import Task, TaskLevel, Volume, VolumeBand, Who
from openmso.agreements.testing import SINCE, builder, signers
from openmso.kit.money import Money
from openmso.kit.periods import DayRange
from openmso.platform.tenancy.scope import reading
from openmso.platform.work import services as working
from openmso.remittances.tests.office import MARCH
from openmso.settlement import ahead, queries, restating
from openmso.settlement.services import settling
from openmso.settlement.tests.desk import Desk, desk_beside
from openmso.settlement.tests.test_stories import busy, month

SENT = {"kind": "per_unit", "unit": "claim", "count": "claims", "price": "9.50", "for": "billing.send"}
SENDING = Task(
    "billing.send", "revenue_cycle", "Send claims", DayRange(SINCE), Who.MSO, Who.MSO, told=Who.PRACTICE,
    volume=Volume((VolumeBand(1, 1), VolumeBand(2, 2, Money.of("4.00"))), Money.of("3.00")),
)  # fmt: skip


def latest(desk: Desk) -> Version:
    with desk.scope(), reading():
        return asking.of(desk.house.id)[-1].versions[-1]


def owns(desk: Desk) -> None:
    """Ana owns this practice too."""
    agreements.person(
        desk.cast.ana.email, desk.cast.ana.name, practice=desk.house.id, role="practice_owner", at=desk.cast.at
    )


def test_a_counted_task_is_charged_by_its_volume_and_what_it_missed_gives_back(desk: Desk) -> None:
    late = replace(SENDING, level=TaskLevel("claims.held", Decimal(95), Decimal("0.05")))
    pine = desk_beside(desk, month(SENT), tasks=(late,))
    busy(pine)
    with pine.scope():
        working.open_item(
            practice=pine.house.id, kind="claims.held", subject=("claims.claim", "late"), title="late", why="Held.",
            key="late", priority=50, priority_why="By dollars", at=datetime(2026, 3, 9, 14, tzinfo=UTC),
            due_at=datetime(2026, 4, 2, tzinfo=UTC),
        )  # fmt: skip
        with reading():
            told = ahead.of_practice(pine.house.id, MARCH, at=pine.at)
            sent = told.figures["claims"]
    by_hand = Money.of("9.50") + Money.of("4.00") + Money(Decimal("3.00") * (sent - 2))
    credit = Money((by_hand.amount * Decimal("0.05")).quantize(Decimal("0.01")))
    one = pine.settle()
    assert sent > 2
    assert (one.fee, told.fee) == (by_hand - credit, by_hand - credit)
    with pine.scope(), reading():
        labels = [step.label for step in queries.statement(one.public_id).steps]
    assert "2 to 2 a month" in labels
    assert any("less than 95% was in time" in label for label in labels)
    fee = charging.charged(latest(pine).terms)
    assert fee is not None
    with pine.scope(), reading():
        (again,) = restating.restate(practice=pine.house.id, terms=fee, months=1, at=pine.at).months
    assert again.agreed.amount == again.other.amount == one.fee
    owns(pine)
    assert pine.approve(one).state == "approved"


def test_a_line_outside_the_scope_of_its_month_is_refused_when_it_is_drawn_and_when_it_is_approved(desk: Desk) -> None:
    april = replace(SENDING, days=DayRange(date(2026, 4, 1)), volume=None)
    rest = Task("billing.scrub", "revenue_cycle", "Mend claims", DayRange(SINCE), Who.MSO, Who.MSO)
    pine = desk_beside(desk, month(SENT), tasks=(april, rest))
    with pytest.raises(settling.OutsideScope, match="“Send claims”, which is not in scope on any day of March 2026"):
        pine.settle()
    with pine.scope(), reading():
        assert "not in scope" in ahead.of_practice(pine.house.id, MARCH, at=pine.at).refused

    fern = desk_beside(desk, month(SENT), tasks=(replace(SENDING, volume=None),), code="FERN")
    one = fern.settle()
    version = latest(fern)
    with fern.scope():
        drafting.amend(actor=builder(fern.at), agreement=version.agreement, starts_on=SINCE, at=fern.at,
                       terms=replace(version.terms, tasks=(april, rest)), summary="From April on")  # fmt: skip
        execution.execute(actor=builder(fern.at), agreement=version.agreement, document=agreements.pdf("April"),
                          signers=signers(fern.at), at=fern.at)  # fmt: skip
    owns(fern)
    with pytest.raises(settling.OutsideScope, match="not in scope on any day of March 2026"):
        fern.approve(one)
