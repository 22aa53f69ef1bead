"""What underpayments does when remittances are posted: their lines are compared with the contracts."""

from __future__ import annotations

from datetime import datetime

from openmso.platform.access.contracts import Actor
from openmso.platform.outbox.registry import subscribe
from openmso.remittances.events import RemittancePosted
from openmso.underpayments import services


@subscribe(RemittancePosted, name="underpayments.look_at_remittance")
def look_at_remittance(event: RemittancePosted, *, practice: int, actor: Actor, at: datetime) -> None:
    """Find what was paid short, and what was recovered."""
    services.look_at(actor=actor, practice=practice, remittance=event.remittance, at=at)
