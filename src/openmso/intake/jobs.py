"""Jobs of intake: a large file is read when its sender has gone on."""

from __future__ import annotations

from datetime import datetime

from openmso.intake.services import taking
from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.database import progress
from openmso.platform.jobs.registry import job


@job("intake.read", queue="files")
def read(*, practice: int, at: datetime, actor: Actor, run: str) -> None:
    """Read a file that was kept; where it is refused as a whole, its run says why."""
    try:
        taking.read(actor=actor, practice=practice, run=run, at=at, tell=progress.of(run))
    except Refused:
        return
