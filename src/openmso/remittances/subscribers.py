"""What remittances does when its own facts are told: people get work."""

from __future__ import annotations

from datetime import datetime

from openmso.platform.access.contracts import Actor
from openmso.platform.outbox.registry import subscribe
from openmso.remittances.events import ClaimUnmatched, RemittanceQuarantined
from openmso.remittances.services import waiting


@subscribe(ClaimUnmatched, name="remittances.queue_unmatched")
def queue_unmatched(event: ClaimUnmatched, *, practice: int, actor: Actor, at: datetime) -> None:
    """Somebody must find the claim."""
    waiting.unmatched(practice=practice, payment=event.payment, amount=event.amount, at=at)


@subscribe(RemittanceQuarantined, name="remittances.queue_quarantined")
def queue_quarantined(event: RemittanceQuarantined, *, practice: int, actor: Actor, at: datetime) -> None:
    """Somebody must look at the file."""
    waiting.stopped(practice=practice, file=event.file, at=at)
