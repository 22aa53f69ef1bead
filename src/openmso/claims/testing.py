"""Builders for tests of all apps: claims that walk the real services to a state, and the payer's answers to them.

rockland = billing_house(at=NOW)                  # a practice that bills: payer, fees, open books
claim = claim_at(S.SENT, rockland, at=NOW)        # a contracts.Claim
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from edi.x12.ack.model import ClaimAck, ClaimAckHeader, ClaimStatus, LevelStatus, Status
from edi.x12.ack.write_277ca import write_277ca
from edi.x12.output import Envelope
from edi.x12.values import Party, Reference
from openmso.charges import testing as charges
from openmso.charges.contracts import ChargeDraft, Stay, VisitCharges
from openmso.charges.services import capture
from openmso.claims import contracts
from openmso.claims.queries import stories
from openmso.claims.services import acknowledging, building, correcting, deciding, releasing, submitting
from openmso.claims.states import S
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Method
from openmso.ledger.services import books
from openmso.parties import testing as parties
from openmso.parties.contracts import Payer
from openmso.parties.testing import House
from openmso.patients import testing as patients
from openmso.patients.contracts import Person
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.scheduling import testing as scheduling


@dataclass(frozen=True, slots=True)
class BillingHouse:
    """A practice that can bill: `house` with a payer, a fee schedule and open books."""

    house: House
    payer: Payer

    @property
    def id(self) -> int:
        """The tenant."""
        return self.house.id

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Work within this practice and its books."""
        with scope(practices=[self.house.id], entities=[self.house.entity.id]):
            yield


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a claim to be built."""

    code: str
    charge: str = ""
    modifiers: tuple[str, ...] = ()
    units: int = 1


def actor(at: datetime) -> Actor:
    """Who builds: the house itself."""
    return Actor.system("building a test", at=at)


def billing_house(*, at: datetime, code: str = "ROCK", name: str = "Rockland Family Practice") -> BillingHouse:
    """A practice of an MSO that bills one commercial payer."""
    house = parties.practice(at=at, code=code, name=name)
    payer = parties.payer(parties.mso(at=at, code=f"M{code}"[:12], name=f"MSO of {name}"), at=at, edi_id=f"P{code}")
    return open_for_billing(house, payer, at=at)


def open_for_billing(house: House, payer: Payer, *, at: datetime) -> BillingHouse:
    """Give a practice what it needs to bill: a fee schedule, and books open from last month on."""
    with scope(practices=[house.id], entities=[house.entity.id]):
        month = Month.of(tenancy.today(house.id, at))
        charges.fee_schedule(practice=house.id, at=at)
        books.open_books(
            actor=actor(at), entity=house.entity.id, name=house.entity.legal_name, method=Method.ACCRUAL, opens=month,
            at=at,
        )  # fmt: skip
    return BillingHouse(house, payer)


def visit_to_bill(
    billing: BillingHouse,
    *,
    at: datetime,
    lines: Sequence[Line] = (Line("99213"),),
    service_on: date | None = None,
    diagnoses: Sequence[str] = ("E119", "I10"),
    covered: bool = True,
    who: Person | None = None,
) -> int:
    """A patient, a coverage, a visit and its charges; the key of the visit."""
    day = service_on or at.date() - timedelta(days=7)
    with billing.scope():
        patient = patients.patient(practice=billing.id, at=at, who=who)
        if covered:
            patients.coverage(patient, payer_id=billing.payer.id, at=at)
        visit = scheduling.visit(billing.house, patient_id=patient.id, service_on=day, at=at)
        drafts = [
            ChargeDraft(
                line.code,
                day,
                line.modifiers,
                (1,),
                Decimal(line.units),
                Money.of(line.charge) if line.charge else None,
            )
            for line in lines
        ]
        charges.charged(visit, at=at, lines=drafts, diagnoses=diagnoses)
    return visit.id


def claim_at(
    state: S,
    billing: BillingHouse,
    *,
    at: datetime,
    lines: Sequence[Line] = (Line("99213"),),
    service_on: date | None = None,
    diagnoses: Sequence[str] = ("E119", "I10"),
    who: Person | None = None,
) -> contracts.Claim:
    """A claim that walked through the real services to a state."""
    visit = visit_to_bill(
        billing, at=at, lines=lines, service_on=service_on, diagnoses=diagnoses, covered=state is not S.HELD, who=who
    )
    with billing.scope():
        name = building.build(actor=actor(at), practice=billing.id, at=at, visit_ids=[visit]).claims[0]
        for step in _WAY[state]:
            step(name, billing, at)
        return told(name)


def clinic_claims(
    billing: BillingHouse, *, at: datetime, stay: Stay | None, service_on: date | None = None, who: Person | None = None
) -> list[contracts.Claim]:
    """A visit of a rural health clinic: an encounter and supplies on the facility's claim, an X-ray reading beside it.

    The facility's claim comes first.
    """
    day = service_on or at.date() - timedelta(days=7)
    with billing.scope():
        patient = patients.patient(practice=billing.id, at=at, who=who)
        patients.coverage(patient, payer_id=billing.payer.id, at=at)
        visit = scheduling.visit(billing.house, patient_id=patient.id, service_on=day, at=at)
        lines = (
            ChargeDraft("99213", day, ("CG",), amount=Money.of("210.00"), revenue_code="0521"),
            ChargeDraft("", day, amount=Money.of("15.50"), revenue_code="0270"),
            ChargeDraft("93000", day, ("26",)),
        )
        capture(
            actor=actor(at), practice=billing.id, at=at,
            visits=[VisitCharges(visit.id, patient.id, ("E119", "I10"), lines, stay=stay)],
        )  # fmt: skip
        built = building.build(actor=actor(at), practice=billing.id, at=at, visit_ids=[visit.id])
        return sorted((told(name) for name in built.claims), key=lambda one: one.form)


def told(name: str) -> contracts.Claim:
    """The claim as its page shows it; within a scope."""
    with reading():
        return stories.claim(name)


def _submit(name: str, billing: BillingHouse, at: datetime) -> None:
    submitting.submit(actor=actor(at), claim=name, at=at)


def _release(name: str, billing: BillingHouse, at: datetime) -> None:
    releasing.release(actor=actor(at), practice=billing.id, at=at)


def _accept(name: str, billing: BillingHouse, at: datetime) -> None:
    answer(billing, {name: "A2:20"}, at=at)


def _reject(name: str, billing: BillingHouse, at: datetime) -> None:
    answer(billing, {name: "A7:164:IL"}, at=at)


def _pay(name: str, billing: BillingHouse, at: datetime) -> None:
    total = told(name).charged
    decide(billing, name, paid=total, at=at)


def _pay_in_part(name: str, billing: BillingHouse, at: datetime) -> None:
    total = told(name).charged
    paid, denied = total.split([3, 1])
    decide(billing, name, paid=paid, denied=denied, at=at)


def _deny(name: str, billing: BillingHouse, at: datetime) -> None:
    decide(billing, name, denied=told(name).charged, at=at)


def _void(name: str, billing: BillingHouse, at: datetime) -> None:
    building.drop(actor=actor(at), claim=name, why="Wrong patient", at=at)


def _close(name: str, billing: BillingHouse, at: datetime) -> None:
    correcting.close(actor=actor(at), claim=name, why="Nothing more will come", at=at)


def _replace(name: str, billing: BillingHouse, at: datetime) -> None:
    new = correcting.correct(actor=actor(at), claim=name, frequency="7", why="Modifier was missing", at=at)
    _submit(new, billing, at)
    _release(new, billing, at)


def _unscrub(name: str, billing: BillingHouse, at: datetime) -> None:
    raise ValueError("a claim is a draft only inside the transaction that builds it")


_WAY = {
    S.DRAFT: (_unscrub,),
    S.HELD: (),
    S.READY: (),
    S.QUEUED: (_submit,),
    S.SENT: (_submit, _release),
    S.ACCEPTED: (_submit, _release, _accept),
    S.REJECTED: (_submit, _release, _reject),
    S.PAID: (_submit, _release, _accept, _pay),
    S.PARTIAL: (_submit, _release, _accept, _pay_in_part),
    S.DENIED: (_submit, _release, _accept, _deny),
    S.CLOSED: (_submit, _release, _accept, _deny, _close),
    S.REPLACED: (_submit, _release, _accept, _replace),
    S.VOIDED: (_void,),
}


def answer(
    billing: BillingHouse, statuses: dict[str, str], *, at: datetime, name: str = "answer_277ca.x12"
) -> contracts.AckSummary:
    """Take in a 277CA that answers claims by control number: `{"CLM-…": "A7:164:IL"}` (category, status, entity)."""
    content = answer_file(billing, statuses, at=at)
    return acknowledging.read_acknowledgements(actor=actor(at), practice=billing.id, name=name, content=content, at=at)


def answer_file(billing: BillingHouse, statuses: dict[str, str], *, at: datetime) -> bytes:
    """That 277CA as the payer sends it."""
    return write_277ca([_ack(billing, statuses, at)], _envelope(billing, at))


def _envelope(billing: BillingHouse, at: datetime) -> Envelope:
    return Envelope(sender=billing.payer.edi_id, receiver="MSO", control=at.microsecond + 1, group_control=1, at=at)


def _ack(billing: BillingHouse, statuses: dict[str, str], at: datetime) -> ClaimAck:
    source = Party("PR", billing.payer.name, id_qualifier="PI", id=billing.payer.edi_id)
    us = Party("41", "MSO", id_qualifier="46", id="MSO")
    header = ClaimAckHeader(
        "0001", f"ACK{at:%H%M%S%f}", at.date(), at.time(), source, us, trace="T1", received_on=at.date(),
        processed_on=at.date(),
    )  # fmt: skip
    level = LevelStatus("batch", "BATCH", (Status("A1", "19", effective_on=at.date(), action="WQ"),), us)
    return ClaimAck(header, level, tuple(_status(control, said, at) for control, said in statuses.items()))


def _status(control: str, said: str, at: datetime) -> ClaimStatus:
    category, code, entity = (said + ":").split(":")[:3]
    rejected = category in {"A3", "A6", "A7", "A8"}
    status = Status(category, code, entity, effective_on=at.date(), action="U" if rejected else "WQ")
    patient = Party("QC", "OKAFOR", "DANIEL", is_person=True, id_qualifier="MI", id="W123456789")
    number = () if rejected else (Reference("1K", f"26{control[-6:]}"),)
    return ClaimStatus(control, (status,), patient=patient, references=number)


def decide(
    billing: BillingHouse,
    claim: str,
    *,
    at: datetime,
    paid: Money = ZERO,
    contractual: Money = ZERO,
    patient: Money = ZERO,
    denied: Money = ZERO,
    source: str = "PAY-TEST2222",
) -> int:
    """What a payer decided about a claim as a whole, as remittances would hand it over."""
    with atomic.open():
        deciding.open_adjudications()
        deciding.stage_one(
            practice=billing.id, control=claim, decided_on=at.date(), paid=paid, contractual=contractual,
            patient=patient, denied=denied, source=source,
        )  # fmt: skip
        deciding.match_adjudications()
        return deciding.apply_adjudications(actor=actor(at), at=at, under=actor(at).may("claims.work", billing.id))
