"""Jobs of compliance."""

from __future__ import annotations

from datetime import datetime

from openmso.compliance.services import exclusions, watching
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job


@job("compliance.watch", queue="bulk", network=True, cron="50 9 * * *")
def watch(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every morning: terms and opinions of value that run out, and who is named as excluded, wait for compliance."""
    watching.watch(actor=actor, at=at)
    exclusions.watch(actor=actor, at=at)
