"""A claim without an authorization that its payer asks for is held with words, until it bears one that holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from edi.x12.review.model import Decision as EdiDecision
from openmso.claims import testing
from openmso.claims.contracts import Claim
from openmso.claims.services import building, correcting, permits
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse, Line, claim_at
from openmso.eligibility.contracts import AuthorizationDraft, Permit, RequestsTaken, RuleDraft
from openmso.eligibility.queries import permits as permit_queries
from openmso.eligibility.services import permitting, requesting
from openmso.eligibility.states import R
from openmso.eligibility.testing import answer_278
from openmso.kit.errors import Conflict
from openmso.platform.documents import queries as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.work import queries as work

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


def answered(house: BillingHouse, request: str, decided: EdiDecision, *, units: str = "") -> RequestsTaken:
    """The payer answers a request with the very 278 that it got."""
    with house.scope():
        with reading():
            row = permit_queries.request(request)
            sent = documents.read(row.document, house.id)
        content = answer_278(sent, decided, payer=house.payer.edi_id, units=Decimal(units) if units else None)
        return requesting.take(actor=testing.actor(NOW), practice=house.id, name="278.x12", content=content, at=NOW)


def test_what_a_claim_lacks_is_asked_and_the_yes_lets_it_go(rockland: BillingHouse) -> None:
    held = unauthorized(rockland)
    with rockland.scope():
        (request,) = permits.ask(actor=testing.actor(NOW), claim=held.public_id, at=NOW)
        with pytest.raises(Conflict, match="for the same"):
            permits.ask(actor=testing.actor(NOW), claim=held.public_id, at=NOW)
    taken = answered(rockland, request, EdiDecision("A1", "AUTH-77"))
    outbox.deliver_pending(at=NOW)

    assert taken.authorized == 1
    with rockland.scope():
        ready = testing.told(held.public_id)
        with reading():
            row = permit_queries.request(request)
            (yes,) = permit_queries.authorizations(filters=Filters(), page=PageAsk()).rows
    assert (ready.state, ready.prior_authorization) == (S.READY, "AUTH-77")
    assert (row.state, row.authorization) == (R.CERTIFIED, yes.public_id)
    assert (yes.codes, yes.units, yes.used) == ("99214", Decimal(2), Decimal(2))


def test_a_no_and_a_wait_are_work_and_a_later_yes_ends_it(rockland: BillingHouse) -> None:
    held = unauthorized(rockland)
    with rockland.scope():
        (request,) = permits.ask(actor=testing.actor(NOW), claim=held.public_id, at=NOW)
    waits = answered(rockland, request, EdiDecision("A4"))
    with rockland.scope(), reading():
        assert len(work.open_for(("eligibility.request", request), at=NOW)) == 1
    less = answered(rockland, request, EdiDecision("A6", "AUTH-78"), units="1")

    assert (waits.pended, less.authorized) == (1, 1)
    with rockland.scope(), reading():
        assert work.open_for(("eligibility.request", request), at=NOW) == []
        row = permit_queries.request(request)
    assert (row.state, row.words) == (R.MODIFIED, "Authorized in part, as AUTH-78, 1 unit.")
    again = answered(rockland, request, EdiDecision("A3"))
    assert (again.authorized, again.refused, again.unmatched) == (0, 0, 0), "what is decided is not decided again"


def test_a_denied_request_is_work_and_the_claim_stays_held(rockland: BillingHouse) -> None:
    held = unauthorized(rockland)
    with rockland.scope():
        (request,) = permits.ask(actor=testing.actor(NOW), claim=held.public_id, at=NOW)
    taken = answered(rockland, request, EdiDecision("A3", "", "0K"))
    outbox.deliver_pending(at=NOW)

    assert taken.refused == 1
    with rockland.scope():
        assert testing.told(held.public_id).state is S.HELD
        with reading():
            (item,) = work.open_for(("eligibility.request", request), at=NOW)
    assert "Not authorized" in item.why
