"""Jobs of settlement: a month for many practices."""

from __future__ import annotations

from datetime import datetime

from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job
from openmso.settlement import runs


@job("settlement.run", queue="bulk", network=True)
def go_on(*, practice: int, at: datetime, actor: Actor, run: str) -> None:
    """Settle a month to the last practice of a run; each is one transaction, so that a killed worker goes on."""
    while runs.go_on(actor=actor, run=run, at=at):
        pass
