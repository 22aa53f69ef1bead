"""What billing does when payers have decided: accounts are made anew, and what was paid too much is the patient's."""

from __future__ import annotations

from datetime import datetime

from openmso.billing.services import receiving
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox.registry import subscribe
from openmso.remittances.events import RemittancePosted


@subscribe(RemittancePosted, name="billing.parts_of_patients")
def parts_of_patients(event: RemittancePosted, *, practice: int, actor: Actor, at: datetime) -> None:
    """The patients of the claims that a remittance decided owe something else now."""
    receiving.look_at(actor=actor, practice=practice, remittance=event.remittance, at=at)
