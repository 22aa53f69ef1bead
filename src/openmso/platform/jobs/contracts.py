"""What leaves jobs: dead letters, and how the queue stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from openmso.platform.access.contracts import Permission
from openmso.platform.jobs.states import Letter

READ = Permission("jobs.read", "see which jobs were given up")
REPLAY = Permission("jobs.replay", "run a job again that was given up")
PERMISSIONS: Iterable[Permission] = (READ, REPLAY)
SENTENCES = {"jobs.replayed": "{actor} had the job {job} run again"}


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that was given up, as the list of dead letters shows it."""

    public_id: str
    practice: int
    practice_name: str
    job: str
    queue: str
    state: Letter
    reason: str
    tries: int
    failed_at: datetime
    arguments: str


@dataclass(frozen=True, slots=True)
class Health:
    """How the queue stands: jobs that are due, since when, and workers whose heart beats."""

    due: int
    oldest_due_at: datetime | None
    running: int
    workers: int
    dead: int
