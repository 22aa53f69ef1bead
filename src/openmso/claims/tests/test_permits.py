"""A claim without an authorization that its payer asks for is held with words, until it bears one that holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from openmso.claims import testing
from openmso.claims.contracts import Claim
from openmso.claims.services import building, correcting
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse, Line, claim_at
from openmso.eligibility.contracts import AuthorizationDraft, Permit, RuleDraft
from openmso.eligibility.services import permitting
from openmso.kit.errors import Conflict

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def rockland() -> BillingHouse:
    house = testing.billing_house(at=NOW)
    rule = RuleDraft(
        house.payer.id, Permit.AUTHORIZATION, "99214", "99215", NOW.date() - timedelta(days=90), "Manual, page 9"
    )
    with house.scope():
        permitting.add_rule(actor=testing.actor(NOW), practice=house.id, draft=rule, at=NOW)
    return house


def authorize(house: BillingHouse, patient: int, *, units: int, number: str = "A123") -> None:
    day = NOW.date()
    yes = AuthorizationDraft(
        patient, house.payer.id, Permit.AUTHORIZATION, number, "99214", "99214", day - timedelta(days=30),
        day + timedelta(days=10), Decimal(units),
    )  # fmt: skip
    with house.scope():
        permitting.record(actor=testing.actor(NOW), practice=house.id, draft=yes, at=NOW)


def unauthorized(house: BillingHouse) -> Claim:
    visit = testing.visit_to_bill(house, at=NOW, lines=[Line("99214", "", (), 2)])
    with house.scope():
        made = building.build(actor=testing.actor(NOW), practice=house.id, at=NOW, visit_ids=[visit])
        return testing.told(made.claims[0])


def enter(house: BillingHouse, claim: str, number: str) -> None:
    with house.scope():
        correcting.change(
            actor=testing.actor(NOW), claim=claim, fields={"prior_authorization": number}, diagnoses=None, lines={},
            more=[], sheet_version=None, at=NOW,
        )  # fmt: skip


def test_pain_1_4_6_a_claim_without_a_needed_authorization_is_held_with_words(rockland: BillingHouse) -> None:
    free = claim_at(S.READY, rockland, at=NOW, lines=[Line("99213")])
    assert free.findings == ()

    held = unauthorized(rockland)
    assert held.state is S.HELD
    assert "asks for an authorization, and none on file covers it" in held.hold_reason
    assert [(f.code, f.field, f.line) for f in held.findings] == [("authorization", "prior_authorization", 1)]


def test_the_number_on_file_is_named_and_entering_it_lets_the_claim_go(rockland: BillingHouse) -> None:
    held = unauthorized(rockland)
    authorize(rockland, held.patient_id, units=3)
    enter(rockland, held.public_id, "A123")
    with rockland.scope():
        ready = testing.told(held.public_id)
    assert ready.state is S.READY
    assert [f.words for f in ready.findings] == ["Line 1, 99214: Of the units of A123, 1 will be left."]
    with pytest.raises(Conflict, match="on file for this patient"):
        authorize(rockland, held.patient_id, units=1)
