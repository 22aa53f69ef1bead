"""Jobs of leaving."""

from __future__ import annotations

from datetime import datetime

from openmso.leaving.services import ending
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job


@job("leaving.run_course", queue="bulk", network=True, cron="20 4 * * *")
def run_course(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every night: agreements end on the day of their notice."""
    ending.run_course(actor=actor, at=at)
