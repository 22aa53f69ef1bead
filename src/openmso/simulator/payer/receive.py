"""The front door of a payer: syntax answered by TA1 and 999, claims accepted or rejected one by one by 277CA."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from edi.x12.ack.answer import answer
from edi.x12.ack.f999 import write_999
from edi.x12.ack.model import ClaimAck, ClaimAckHeader, ClaimStatus, LevelStatus, Status
from edi.x12.ack.ta1 import write_ta1
from edi.x12.ack.write_277ca import write_277ca
from edi.x12.claim.model import BatchHeader, Claim
from edi.x12.claim.read import read_837
from edi.x12.output import Envelope
from edi.x12.values import Event, Party, Reference
from openmso.simulator.payer.profile import Profile, dice, fingerprint

REJECTIONS = (
    ("A7", "562", "85", "Billing provider NPI not on file with this payer"),
    ("A7", "164", "IL", "Subscriber identification not found"),
    ("A7", "254", "", "Primary diagnosis not accepted"),
    ("A3", "116", "", "Claim belongs to another payer"),
)


@dataclass(frozen=True, slots=True)
class TakenClaim:
    """A claim the payer accepted: what was asked, and the payer's own number for it."""

    claim: Claim
    control: str


@dataclass(frozen=True, slots=True)
class Received:
    """The payer's answers to one file, and the claims it will judge."""

    ta1: bytes
    f999: bytes
    f277ca: tuple[bytes, ...]
    claims: tuple[TakenClaim, ...]
    rejected: frozenset[str] = frozenset()
    """The claims that it did not take, by their content."""


def receive(
    content: bytes, payer: Profile, *, to: str, at: datetime, seed: int, control: int,
    turned_away: Collection[str] = (),
) -> Received:  # fmt: skip
    """Answer one 837P file; `to` is the sender's ISA id, `control` the next of the payer's control numbers.

    `turned_away` are claims, by their content, that were rejected before: they were looked at, and are taken now.
    """
    said = answer(content)
    envelope = Envelope(sender=payer.payer_id, receiver=to, control=control, group_control=control, at=at)
    if not said.groups or not all(group.is_accepted for group in said.groups):
        return Received(write_ta1(said.interchanges, envelope), write_999(said.groups, envelope), (), ())
    header: BatchHeader | None = None
    claims: list[Claim] = []
    answers: list[bytes] = []
    taken: list[TakenClaim] = []
    rejected: set[str] = set()
    for record in read_837(content):
        if isinstance(record, Claim):
            claims.append(record)
        elif isinstance(record, BatchHeader):
            header, claims = record, []
        elif header is not None and claims:
            statuses = [
                _status(claim, payer, seed=seed, on=at.date(), again=fingerprint(claim) in turned_away)
                for claim in claims
            ]
            rejected |= {fingerprint(claim) for claim, one in zip(claims, statuses, strict=True) if one.is_rejected}
            acks = _acknowledge(header, claims, statuses, payer, at=at, number=control + len(answers))
            answers.append(write_277ca([acks], envelope))
            taken += [
                TakenClaim(claim, status.payer_control)
                for claim, status in zip(claims, statuses, strict=True)
                if not status.is_rejected
            ]
            claims = []
    return Received(
        write_ta1(said.interchanges, envelope), write_999(said.groups, envelope), tuple(answers), tuple(taken),
        frozenset(rejected),
    )  # fmt: skip


def _status(claim: Claim, payer: Profile, *, seed: int, on: date, again: bool) -> ClaimStatus:
    chance = dice(seed, payer.payer_id, "front door", fingerprint(claim))
    who = claim.patient or claim.subscriber
    patient = Party("QC", who.last, who.first, is_person=True, id_qualifier="MI", id=claim.subscriber.member_id)
    billing = claim.billing
    provider = Party("85", billing.name, billing.first, is_person=billing.is_person, id_qualifier="XX", id=billing.npi)
    served = _served(claim)
    if chance.randrange(1000) < payer.rejected_per_1000 and not again:
        category, code, entity, words = chance.choice(REJECTIONS)
        status = Status(category, code, entity, effective_on=on, action="U", amount=claim.charge, text=words)
        return ClaimStatus(claim.control, (status,), patient=patient, provider=provider, dates=served)
    number = f"{payer.payer_id[:3]}{on:%y%j}{chance.randrange(10**8):08d}"
    status = Status("A2", "20", effective_on=on, action="WQ", amount=claim.charge)
    named = (Reference("1K", number),)
    return ClaimStatus(claim.control, (status,), patient=patient, provider=provider, references=named, dates=served)


def _served(claim: Claim) -> tuple[Event, ...]:
    """The day of the services, or from the first to the last of them (2200D DTP*472)."""
    days = [day for line in claim.lines for day in (line.service_on, line.service_through) if day]
    if not days:
        return ()
    first, last = min(days), max(days)
    return (Event("472", first, last if last > first else None),)


def _acknowledge(
    header: BatchHeader, claims: list[Claim], statuses: list[ClaimStatus], payer: Profile, *, at: datetime, number: int
) -> ClaimAck:
    rejected = [claim for claim, status in zip(claims, statuses, strict=True) if status.is_rejected]
    accepted = [claim for claim, status in zip(claims, statuses, strict=True) if not status.is_rejected]
    return ClaimAck(
        header=ClaimAckHeader(
            control="0001",
            reference=f"{payer.payer_id}{number:09d}",
            created_on=at.date(),
            created_at=at.time().replace(microsecond=0),
            source=Party("PR", payer.name, id_qualifier="PI", id=payer.payer_id),
            receiver=header.submitter,
            trace=f"{payer.payer_id}{number:09d}",
            received_on=at.date(),
            processed_on=at.date(),
        ),
        batch=LevelStatus(
            level="batch",
            trace=header.reference,
            statuses=(Status("A1", "19", "PR", effective_on=at.date(), action="WQ", amount=_charged(claims)),),
            accepted=len(accepted) or None,
            rejected=len(rejected) or None,
            accepted_charge=_charged(accepted),
            rejected_charge=_charged(rejected),
        ),
        claims=tuple(statuses),
        providers=tuple(_of_provider(party, claims, statuses) for party in dict.fromkeys(s.provider for s in statuses)),
    )


def _of_provider(party: Party | None, claims: list[Claim], statuses: list[ClaimStatus]) -> LevelStatus:
    """The counts of one provider; the 837 has no trace for it, so that it is `0` (2200C TRN02)."""
    mine = [(claim, status.is_rejected) for claim, status in zip(claims, statuses, strict=True)
            if status.provider == party]  # fmt: skip
    accepted = [claim for claim, is_rejected in mine if not is_rejected]
    rejected = [claim for claim, is_rejected in mine if is_rejected]
    said = Status("A1", "19", "PR", action="WQ", amount=_charged([claim for claim, _ in mine]))
    return LevelStatus(
        "provider", "0", (said,), party, accepted=len(accepted) or None, rejected=len(rejected) or None,
        accepted_charge=_charged(accepted), rejected_charge=_charged(rejected),
    )  # fmt: skip


def _charged(claims: list[Claim]) -> Decimal | None:
    """What the claims ask for together; of none, nothing is said."""
    return sum((claim.charge for claim in claims), Decimal(0)) if claims else None
