"""Jobs of claims: the steps of a bulk act."""

from __future__ import annotations

from datetime import datetime

from openmso.claims.services import runs
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job


@job("claims.run", queue="bulk")
def go_on(*, practice: int, at: datetime, actor: Actor, run: str) -> None:
    """Do a bulk act to its end; each step commits, so that a killed worker goes on where it stopped."""
    while runs.go_on(actor=actor, run=run, at=at):
        pass
