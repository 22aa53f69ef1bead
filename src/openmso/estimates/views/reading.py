"""What screens of estimates tell the trail."""

from __future__ import annotations

from openmso.estimates.contracts import READ
from openmso.kit.classes import PHI
from openmso.platform.access.edges import ActorRequest
from openmso.platform.audit import services as audit


def tell_read(request: ActorRequest, practice: int, subject: tuple[str, str]) -> None:
    """Who read which record of a patient."""
    actor = request.actor
    audit.record_read(
        actor=actor, practice=practice, subject=subject, at=actor.at,
        classes=[one for one in PHI if actor.sees(one, practice)], decision=actor.may(READ.code, practice),
    )  # fmt: skip
