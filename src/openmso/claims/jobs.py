"""Jobs of claims: bulk acts, dry runs and what rules hit, acknowledgements of the mailbox, questions to payers."""

from __future__ import annotations

from datetime import datetime

from openmso.claims.services import following, runs, taking, trials, turning
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


@job("claims.take_arrival", queue="files", network=True)
def take_arrival(*, practice: int, at: datetime, actor: Actor, arrival: str, document: str, name: str) -> None:
    """Read the acknowledgements of a file that a partner sent."""
    taking.take(actor=actor, arrival=arrival, document=document, name=name, at=at)


@job("claims.follow_up", queue="bulk", network=True, cron="30 10 * * *")
def follow_up(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every morning: payers are asked about claims that they have not answered for too long."""
    following.ask_everywhere(actor=actor, at=at)


@job("claims.watch_crossovers", queue="bulk", network=True, cron="25 11 * * *")
def watch_crossovers(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every morning: claims that a payer sent on and that nobody answered become work."""
    turning.late_crossovers(at=at)
