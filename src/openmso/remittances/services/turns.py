"""What was decided is told to `claims`, which asks the next payers with it."""

from __future__ import annotations

from datetime import datetime

from openmso.claims.services import turning
from openmso.claims.services.turning import Lined
from openmso.platform.access.contracts import Actor, Decision
from openmso.remittances.queries import adjudications


def pass_on(actor: Actor, practice: int, lined: Lined, at: datetime, under: Decision) -> None:
    """Tell `claims` the decisions that the next payers are asked with, once they are applied."""
    if lined.claims:
        decisions = adjudications.standing(practice=practice, claim_ids=lined.claims)
        turning.pass_on(actor=actor, practice=practice, lined=lined, decisions=decisions, at=at, under=under)
