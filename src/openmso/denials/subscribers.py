"""What denials does when remittances and claims tell of something."""

from __future__ import annotations

from datetime import datetime

from openmso.claims.events import ClaimCorrected, ClaimDropped, LinesResubmitted
from openmso.denials.services import acting, taking
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox.registry import subscribe
from openmso.remittances.events import PaymentMatched, RemittancePosted


@subscribe(RemittancePosted, name="denials.take_in")
def take_in(event: RemittancePosted, *, practice: int, actor: Actor, at: datetime) -> None:
    """What a remittance left open becomes denials; those that it answers are closed."""
    taking.take_in(actor=actor, practice=practice, remittance=event.remittance, at=at)


@subscribe(PaymentMatched, name="denials.take_in_matched")
def take_in_matched(event: PaymentMatched, *, practice: int, actor: Actor, at: datetime) -> None:
    """The same for a payment whose claim a person named."""
    taking.take_in(actor=actor, practice=practice, payment=event.payment, at=at)


@subscribe(ClaimCorrected, name="denials.follow_corrected")
def follow_corrected(event: ClaimCorrected, *, practice: int, actor: Actor, at: datetime) -> None:
    """The denials of a claim that was replaced wait for what becomes of the new one."""
    if event.frequency == "7":
        acting.resent(actor=actor, practice=practice, claim=event.claim, original=event.original, at=at)


@subscribe(LinesResubmitted, name="denials.follow_resubmitted")
def follow_resubmitted(event: LinesResubmitted, *, practice: int, actor: Actor, at: datetime) -> None:
    """The denials of lines that are asked for anew wait for what becomes of that."""
    acting.resent(actor=actor, practice=practice, claim=event.claim, original=event.original, lines=event.lines, at=at)


@subscribe(ClaimDropped, name="denials.follow_dropped")
def follow_dropped(event: ClaimDropped, *, practice: int, actor: Actor, at: datetime) -> None:
    """What was to be asked anew is not: its denials are worked on again."""
    acting.dropped(actor=actor, practice=practice, claim=event.claim, at=at)
