"""Claims in parts: which lines may go apart, and that nothing is lost when they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from openmso.claims import testing
from openmso.claims.contracts import Claim
from openmso.claims.queries.worklist import conservation
from openmso.claims.rules import parts
from openmso.claims.services import building, deciding, parting, releasing, submitting
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse, Line
from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Method
from openmso.ledger.queries import statements
from openmso.platform.tenancy.scope import atomic, reading

D = Decimal
AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TWO = (Line("99213", "140.00"), Line("93000", "60.00"))


@dataclass(frozen=True)
class Done:
    service_on: date
    is_institutional: bool = False


def test_a_visit_of_more_than_fifty_lines_becomes_claims_that_add_up() -> None:
    done = [Done(date(2026, 3, 2))] * 117

    claims = parts.apart(done)

    assert [len(one) for one in claims] == [50, 50, 17]


def test_services_of_two_years_go_apart() -> None:
    old, new = Done(date(2025, 12, 31)), Done(date(2026, 1, 1))

    assert parts.apart([new, old, new]) == [[old], [new, new]]


def test_what_a_facility_bills_goes_on_a_claim_of_its_own() -> None:
    day = date(2026, 3, 2)

    assert parts.apart([Done(day), Done(day, True), Done(day)]) == [[Done(day)] * 2, [Done(day, True)]]


def test_some_lines_leave_and_one_stays() -> None:
    assert parts.to_split({1, 2, 3}, [2, 3]) == {2, 3}
    for wanted in ([], [1, 2, 3], [4]):
        with pytest.raises(parts.NotSplittable):
            parts.to_split({1, 2, 3}, wanted)


def test_only_what_was_denied_whole_is_asked_for_anew() -> None:
    paid = parts.Stand(1, D(100), D(100), D(0))
    in_part = parts.Stand(2, D(100), D(40), D(60))
    denied = parts.Stand(3, D(100), D(0), D(100))

    assert parts.to_resubmit([paid, in_part, denied], [3]) == {3}
    for wanted in ([], [1], [2], [3, 9]):
        with pytest.raises(parts.NotResubmittable):
            parts.to_resubmit([paid, in_part, denied], wanted)


@pytest.fixture
def billing(db: None) -> BillingHouse:
    return testing.billing_house(at=AT)


def law(*claims: Claim) -> bool:
    """Charged = paid + adjusted + patient + open, per claim and over its lines."""
    return all(
        one.charged == one.paid + one.adjusted + one.patient_share + one.open
        and one.charged == Money.total(line.charged for line in one.asked)
        for one in claims
    )


def adds_up(billing: BillingHouse) -> bool:
    with billing.scope(), reading():
        return conservation(practice=billing.id).holds


def receivable(billing: BillingHouse) -> Decimal:
    with billing.scope(), reading():
        trial = statements.trial_balance(
            entity=billing.house.entity.id, method=Method.ACCRUAL, starts_on=AT.date().replace(day=1), through=AT.date()
        )
    return next((row.closing.amount for row in trial.rows if row.account.code == "1100"), D(0))


def denied_in_part(billing: BillingHouse) -> Claim:
    """A claim of two lines whose payer paid the first and denied the second."""
    sent = testing.claim_at(S.ACCEPTED, billing, at=AT, lines=TWO)
    first, second = sent.lines
    with billing.scope(), atomic.open():
        deciding.open_adjudications()
        for line, paid, denied in ((first, first.charged, ZERO), (second, ZERO, second.charged)):
            deciding.stage_one(
                practice=billing.id, control=sent.public_id, decided_on=AT.date(), source=f"PMT-{line.number}",
                paid=paid, contractual=ZERO, patient=ZERO, denied=denied, line_control=line.line_control,
            )  # fmt: skip
        deciding.match_adjudications()
        who = testing.actor(AT)
        deciding.apply_adjudications(actor=who, at=AT, under=who.must("claims.work", billing.id))
    with billing.scope():
        return testing.told(sent.public_id)


class TestSplit:
    def test_the_two_add_up_and_what_is_dropped_waits_again(self, billing: BillingHouse) -> None:
        whole = testing.claim_at(S.READY, billing, at=AT, lines=TWO)
        with billing.scope():
            name = parting.split(
                actor=testing.actor(AT), claim=whole.public_id, lines=[2], why="Another plan pays it", at=AT
            )
            first, second = testing.told(whole.public_id), testing.told(name)

        assert (first.charged, second.charged, second.split_from) == (Money.of(140), Money.of(60), whole.public_id)
        assert [line.code for line in second.lines] == ["93000"]
        assert first.state is second.state is S.READY
        assert law(first, second)
        assert adds_up(billing)

        with billing.scope():
            building.drop(actor=testing.actor(AT), claim=name, why="Not apart after all", at=AT)
        assert adds_up(billing)

    def test_what_a_payer_has_seen_is_not_split(self, billing: BillingHouse) -> None:
        sent = testing.claim_at(S.REJECTED, billing, at=AT, lines=TWO)
        with billing.scope(), pytest.raises(parts.NotSplittable, match="no payer has seen"):
            parting.split(actor=testing.actor(AT), claim=sent.public_id, lines=[2], why="Apart", at=AT)


class TestOnlyTheDeniedLines:
    """Pain 6: one encounter is one claim, and nobody can ask for the denied lines alone. Here they can."""

    def test_as_a_new_claim_no_cent_is_charged_twice(self, billing: BillingHouse) -> None:
        before = denied_in_part(billing)
        owed = receivable(billing)
        assert (before.state, before.open) == (S.PARTIAL, Money.of(60))
        with billing.scope():
            name = parting.resubmit(
                actor=testing.actor(AT), claim=before.public_id, lines=[2], why="Modifier added", at=AT
            )
            first, anew = testing.told(before.public_id), testing.told(name)

        assert (first.state, first.charged, first.open) == (S.PAID, Money.of(140), ZERO)
        assert (anew.charged, anew.open, anew.frequency, anew.state) == (Money.of(60), Money.of(60), "1", S.READY)
        assert first.lines[1].carried_to == name
        assert law(first, anew)
        assert adds_up(billing)

        with billing.scope():
            submitting.submit(actor=testing.actor(AT), claim=name, at=AT)
            releasing.release(actor=testing.actor(AT), practice=billing.id, at=AT)
            first, anew = testing.told(before.public_id), testing.told(name)
        assert (first.state, anew.state) == (S.PAID, S.SENT)
        assert receivable(billing) == owed
        assert adds_up(billing)

    def test_as_a_corrected_claim_the_first_one_stands(self, billing: BillingHouse) -> None:
        before = denied_in_part(billing)
        with billing.scope():
            name = parting.resubmit(
                actor=testing.actor(AT), claim=before.public_id, lines=[2], frequency="7", why="Diagnosis", at=AT
            )
            submitting.submit(actor=testing.actor(AT), claim=name, at=AT)
            releasing.release(actor=testing.actor(AT), practice=billing.id, at=AT)
            first, anew = testing.told(before.public_id), testing.told(name)
        assert (anew.frequency, anew.payer_control, first.state) == ("7", before.payer_control, S.PAID)
        assert law(first, anew)
        assert adds_up(billing)

    def test_dropped_before_it_left_the_first_claim_asks_again(self, billing: BillingHouse) -> None:
        before = denied_in_part(billing)
        with billing.scope():
            who = testing.actor(AT)
            name = parting.resubmit(actor=who, claim=before.public_id, lines=[2], why="Modifier added", at=AT)
            with pytest.raises(parts.NotResubmittable):
                parting.resubmit(actor=who, claim=before.public_id, lines=[2], why="Once more", at=AT)
            building.drop(actor=who, claim=name, why="Wrong modifier", at=AT)
            back = testing.told(before.public_id)
        assert (back.state, back.charged, back.open) == (S.PARTIAL, before.charged, before.open)
        assert law(back)
        assert adds_up(billing)

    def test_a_claim_denied_whole_is_closed_by_the_new_one(self, billing: BillingHouse) -> None:
        before = testing.claim_at(S.DENIED, billing, at=AT)
        with billing.scope():
            name = parting.resubmit(actor=testing.actor(AT), claim=before.public_id, lines=[1], why="Anew", at=AT)
            first, anew = testing.told(before.public_id), testing.told(name)
        assert (first.state, first.charged, anew.charged) == (S.CLOSED, ZERO, before.charged)
        assert adds_up(billing)
