"""Jobs of agreements: terms and papers that end, and what rules of law ask after signing."""

from __future__ import annotations

from datetime import datetime

from openmso.agreements.services import abiding, companions, renewing
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job


@job("agreements.renew", queue="bulk", network=True, cron="40 8 * * *")
def renew(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every morning: terms that end are told, and those that nobody gave notice of are renewed."""
    renewing.watch(actor=actor, at=at)


@job("agreements.abide", queue="bulk", network=True, cron="45 8 * * *")
def abide(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every morning: what rules of law ask of signed agreements waits for compliance, and what is met is closed."""
    abiding.watch(actor=actor, at=at)


@job("agreements.watch_papers", queue="bulk", network=True, cron="40 9 * * *")
def watch_papers(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every morning: papers beside agreements that end wait for their next ones."""
    companions.watch(actor=actor, at=at)
