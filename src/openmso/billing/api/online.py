"""The API of what patients paid on line, and of cards on file."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.urls import reverse
from ninja import Query, Schema, Status
from pydantic import Field

from openmso.billing.api.deposits import router as router
from openmso.billing.api.returns import PatientRefundOut, RefundId, read_refund
from openmso.billing.api.routes import Demographic, Paid, PatientId
from openmso.billing.contracts import (
    APPROVE,
    CARD,
    COLLECT,
    READ,
    STATE,
    CardRow,
    ChargeRow,
    ConsentRow,
    OnlineRow,
    Reach,
)
from openmso.billing.queries import consents, online
from openmso.billing.services import cards, consenting
from openmso.billing.services import online as paying
from openmso.billing.services.cards import NOTICE_MAX
from openmso.kit.money import Money
from openmso.patients import queries as patients
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.schemas import Amount, Body, Words, public_id, text
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

CardId = Annotated[str, public_id("CRD")]
ChargeId = Annotated[str, public_id("CHP")]


class OnlinePaymentOut(Schema):
    """A payment that a patient began on line; `payment` is what it became."""

    id: str
    patient: Annotated[str, Demographic]
    practice: str
    provider: str
    reference: str
    amount: Amount
    state: str
    words: str
    payment: str
    made_at: datetime
    settled_at: datetime | None


class CardOut(Schema):
    """A card on file: what a person knows it by, and what its holder agreed to."""

    id: str
    brand: str
    last4: Annotated[str, Demographic]
    expires_on: date | None
    state: str
    reach: str
    cap: Amount
    notice_days: int
    cancel_days: int
    agreed_at: datetime
    agreed_by: str
    ends_on: date
    ended_why: str


class TextConsentOut(Schema):
    """What a patient said last about text messages, how, and who wrote it down."""

    is_given: bool
    how: str
    at: datetime
    by: str


class TextConsentIn(Body):
    """Whether a patient allows text messages, and how they said it."""

    is_given: bool
    how: Annotated[str, text(160)]


class CardIn(Body):
    """What a patient agrees that their card may be charged, and how they agreed."""

    reach: Literal["visit", "year"]
    cap: Paid
    notice_days: Annotated[int, Field(ge=1, le=NOTICE_MAX)] = 3
    cancel_days: Annotated[int, Field(ge=0, le=NOTICE_MAX)] = 1
    how: Annotated[str, text(120)]


class CardPageOut(Schema):
    """The provider's page on which the card is typed."""

    url: str


class CardChargeOut(Schema):
    """An instalment that was, or will be, charged to a card."""

    id: str
    number: int
    charge_on: date
    amount: Amount
    state: str
    words: str


class CallOffIn(Body):
    """Why a charge is called off."""

    why: Annotated[str, text(150)]


class CardEndIn(Body):
    """Why a card is taken off file."""

    why: Annotated[str, text(300)]


@router.get("/online-payments", response=PageOut[OnlinePaymentOut])
@operation(READ.code)
def list_online_payments(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """What patients began to pay on line, the latest first; `q` is one of them or a patient."""
    found = online.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: online.tally(filters=Filters(text=q)))
    reads.many(request, of="online-payments", practices=[one.practice for one in found.rows], shows=OnlinePaymentOut)
    return paged(request, [_online(one) for one in found.rows], total, page)


@router.get("/patients/{patient}/card", response=CardOut | None)
@operation(READ.code)
def get_card_on_file(request: Any, patient: PatientId) -> Any:
    """The card that a patient has on file; nothing where there is none."""
    who = patients.get(patient)
    found = online.card_of(practice=who.practice, patient=who.id)
    reads.one(request, practice=who.practice, subject=("patients.patient", patient), shows=CardOut)
    return _card(found) if found else None


@router.post("/patients/{patient}/card", response={201: CardPageOut})
@operation(COLLECT.code)
def keep_card_on_file(request: Any, patient: PatientId, body: CardIn) -> Any:
    """Write down what a patient agrees to, and open the provider's page; the card is on file when it is typed there."""
    with reading():
        patients.get(patient)
    here = request.build_absolute_uri(reverse("billing:keep-card", args=[patient]))
    url = cards.keep(
        actor=request.actor, patient=patient, how=body.how, at=request.actor.at,
        agreed=paying.Consent(Reach(body.reach), Money.of(body.cap), body.notice_days, body.cancel_days),
        back=lambda name: f"{here}?back={name}",
    )  # fmt: skip
    return Status(201, {"url": url})


@router.get("/patients/{patient}/card-charges", response=list[CardChargeOut])
@operation(READ.code)
def list_card_charges(request: Any, patient: PatientId) -> Any:
    """What was and will be charged to a patient's cards, the latest first."""
    who = patients.get(patient)
    return [_charge(one) for one in online.charges_of(practice=who.practice, patient=who.id)]


@router.post("/card-charges/{card_charge}/calling-off", response={204: None})
@operation(COLLECT.code)
def call_card_charge_off(request: Any, card_charge: ChargeId, body: CallOffIn) -> Any:
    """Call an announced charge off, in time as was agreed; the instalment is still due."""
    cards.call_off(actor=request.actor, charge=card_charge, why=body.why, at=request.actor.at)
    return Status(204, None)


@router.post("/cards/{card}/end", response=CardOut)
@operation(COLLECT.code)
def end_card_on_file(request: Any, card: CardId, body: CardEndIn) -> Any:
    """Take a card off file: nothing is charged to it any more."""
    paying.end_card(actor=request.actor, card=card, why=body.why, at=request.actor.at)
    with reading():
        found = online.card(card)
        reads.one(request, practice=found.practice, subject=(CARD, card), shows=CardOut)
        return _card(found)


@router.post("/patient-refunds/{refund}/card-payment", response=PatientRefundOut)
@operation(APPROVE.code)
def give_patient_refund_back(request: Any, refund: RefundId) -> Any:
    """Approve a refund of a payment that came on line, and give it back to its card; never one's own."""
    paying.give_back(actor=request.actor, refund=refund, at=request.actor.at)
    with reading():
        return read_refund(request, refund)


@router.get("/patients/{patient}/text-consent", response=TextConsentOut | None)
@operation(READ.code)
def get_text_consent(request: Any, patient: PatientId) -> Any:
    """What a patient said last about text messages; nothing where they were never asked."""
    who = patients.get(patient)
    found = consents.of_patient(practice=who.practice, patient=who.id)
    return _consent(found) if found else None


@router.post("/patients/{patient}/text-consent", response=TextConsentOut)
@operation(STATE.code)
def write_text_consent(request: Any, patient: PatientId, body: TextConsentIn) -> Any:
    """Write down that a patient allows text messages, or no longer does."""
    consenting.texts(
        actor=request.actor, patient=patient, is_given=body.is_given, how=body.how, at=request.actor.at
    )  # fmt: skip
    with reading():
        who = patients.get(patient)
        found = consents.of_patient(practice=who.practice, patient=who.id)
        assert found is not None, "it was just written"
        return _consent(found)


def _consent(one: ConsentRow) -> dict[str, Any]:
    return {"is_given": one.is_given, "how": one.how, "at": one.at, "by": one.by}


def _online(one: OnlineRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "patient": one.patient, "practice": one.practice_name, "provider": one.provider,
        "reference": one.reference, "amount": str(one.amount), "state": one.state.value, "words": one.words,
        "payment": one.payment, "made_at": one.made_at, "settled_at": one.settled_at,
    }  # fmt: skip


def _charge(one: ChargeRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "number": one.number, "charge_on": one.charge_on, "amount": str(one.amount),
        "state": one.state.value, "words": one.words,
    }  # fmt: skip


def _card(one: CardRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "brand": one.brand, "last4": one.last4, "expires_on": one.expires_on,
        "state": one.state.value, "reach": one.reach.value, "cap": str(one.cap), "notice_days": one.notice_days,
        "cancel_days": one.cancel_days, "agreed_at": one.agreed_at, "agreed_by": one.agreed_by,
        "ends_on": one.ends_on, "ended_why": one.ended_why,
    }  # fmt: skip
