"""Jobs of claims: the steps of a bulk act and of a dry run, and what came of the claims that rules hit."""

from __future__ import annotations

from datetime import datetime

from openmso.claims.services import runs, trials
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job


@job("claims.run", queue="bulk")
def go_on(*, practice: int, at: datetime, actor: Actor, run: str) -> None:
    """Do a bulk act to its end; each step commits, so that a killed worker goes on where it stopped."""
    while runs.go_on(actor=actor, run=run, at=at):
        pass


@job("claims.dry_run", queue="bulk")
def dry_run(*, practice: int, at: datetime, actor: Actor, run: str) -> None:
    """Judge the claims of a dry run to its end; each step commits."""
    while trials.go_on(run=run, at=at):
        pass


@job("claims.tally_rules", queue="bulk", network=True, cron="35 8 * * *")
def tally_rules(*, practice: int, at: datetime, actor: Actor) -> None:
    """Count what came of the claims that rules hit, once a night."""
    trials.tally(at=at)
