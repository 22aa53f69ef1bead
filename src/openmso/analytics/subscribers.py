"""What analytics does when something has happened: the practice is counted again, once for many facts."""

from __future__ import annotations

from datetime import datetime

from openmso.analytics import services
from openmso.billing.events import PatientPartsSettled
from openmso.claims.events import BatchReleased
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox.registry import subscribe
from openmso.remittances.events import RemittancePosted


@subscribe(BatchReleased, name="analytics.count_sent")
def count_sent(event: BatchReleased, *, practice: int, actor: Actor, at: datetime) -> None:
    """Claims have left."""
    services.happened(practice=practice)


@subscribe(RemittancePosted, name="analytics.count_paid")
def count_paid(event: RemittancePosted, *, practice: int, actor: Actor, at: datetime) -> None:
    """Payers have judged."""
    services.happened(practice=practice)


@subscribe(PatientPartsSettled, name="analytics.count_settled")
def count_settled(event: PatientPartsSettled, *, practice: int, actor: Actor, at: datetime) -> None:
    """Patients have paid."""
    services.happened(practice=practice)
