"""What estimates does when visits are scheduled or called off, and when patients are billed."""

from __future__ import annotations

from datetime import datetime

from openmso.claims.events import LeftToPatient
from openmso.estimates.services import owing
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox.registry import subscribe
from openmso.scheduling.events import VisitsCalledOff, VisitsPlanned


@subscribe(VisitsPlanned, name="estimates.owe")
def owe(event: VisitsPlanned, *, practice: int, actor: Actor, at: datetime) -> None:
    """The good faith estimates that scheduling makes due."""
    owing.owe(actor=actor, practice=practice, visits=event.visits, at=at)


@subscribe(VisitsCalledOff, name="estimates.call_off")
def call_off(event: VisitsCalledOff, *, practice: int, actor: Actor, at: datetime) -> None:
    """What was owed for a visit that does not take place is owed no more."""
    owing.tidy(actor=actor, practice=practice, at=at)


@subscribe(LeftToPatient, name="estimates.compare")
def compare(event: LeftToPatient, *, practice: int, actor: Actor, at: datetime) -> None:
    """What a patient is billed is compared with what was estimated."""
    owing.compare(actor=actor, practice=practice, at=at)
