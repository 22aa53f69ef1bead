"""Jobs of denials: each calls one service and is safe to run twice."""

from __future__ import annotations

from datetime import datetime

from openmso.denials.services import taking
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job
from openmso.platform.tenancy.scope import current


@job("denials.revalue", queue="bulk", network=True, cron="30 9 * * *")
def revalue(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every night: what open denials are worth, now that a day has passed and others have ended."""
    for one in sorted(current().practices):
        taking.revalue(practice=one, at=at)
