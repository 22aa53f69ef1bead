"""What remittances does when facts are told: people get work, and files of partners are received."""

from __future__ import annotations

from datetime import datetime

from openmso.exchange.events import FileArrived
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs import services as jobs
from openmso.platform.outbox.registry import subscribe
from openmso.remittances.events import ClaimUnmatched, RemittancePosted, RemittanceQuarantined
from openmso.remittances.services import taking, waiting


@subscribe(ClaimUnmatched, name="remittances.queue_unmatched")
def queue_unmatched(event: ClaimUnmatched, *, practice: int, actor: Actor, at: datetime) -> None:
    """Somebody must find the claim."""
    waiting.unmatched(practice=practice, payment=event.payment, amount=event.amount, at=at)


@subscribe(RemittanceQuarantined, name="remittances.queue_quarantined")
def queue_quarantined(event: RemittanceQuarantined, *, practice: int, actor: Actor, at: datetime) -> None:
    """Somebody must look at the file."""
    waiting.stopped(practice=practice, file=event.file, at=at)


@subscribe(RemittancePosted, name="remittances.explain_recoupments")
def explain_recoupments(event: RemittancePosted, *, practice: int, actor: Actor, at: datetime) -> None:
    """Money that was taken before its claim, or the balance it was carried from, may be explained by now."""
    waiting.explained_recoupments(actor=actor, practice=practice, remittance=event.remittance, at=at)


@subscribe(FileArrived, name="remittances.take_arrival")
def take_arrival(event: FileArrived, *, practice: int, actor: Actor, at: datetime) -> None:
    """Have a job receive the remittances of a file."""
    if set(taking.TAKES) & set(event.kinds.split()):
        jobs.defer(
            "remittances.take_arrival", practice=practice, arrival=event.arrival, document=event.document,
            name=event.name,
        )  # fmt: skip
