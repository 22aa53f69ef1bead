"""Jobs of equity."""

from __future__ import annotations

from datetime import datetime

from openmso.equity.services import covenants
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job


@job("equity.watch", queue="bulk", network=True, cron="55 9 * * *")
def watch(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every morning: instalments that come due and covenants to test begin to wait."""
    covenants.watch(actor=actor, at=at)
