"""The worker: runs the jobs of the queue and, beside them, the rounds that keep the house up to date.

It is stopped by SIGTERM or Ctrl-C and then finishes what it has in hand. Killed, it loses nothing: its heart stops
beating, and after a while another worker takes its jobs; a job whose worker died three times is given up.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.db_cleanup import DjangoApp
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status

from openmso.kit import clock
from openmso.platform.audit import services as audit
from openmso.platform.database import faults
from openmso.platform.jobs import registry, services
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import scope

log = structlog.get_logger("openmso.worker")
KILLS_MAX = 3
GRACE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Round:
    """Something the worker does every so often."""

    name: str
    seconds: float
    work: Callable[[datetime], object]


def _deliver(at: datetime) -> object:
    return outbox.deliver_pending(at=at)


def _seal(at: datetime) -> object:
    with scope(practices=tenancy.whole_network().practices):
        return audit.seal_reads()


def _export_heads(at: datetime) -> object:
    with scope(practices=tenancy.whole_network().practices):
        return audit.export_heads(to=Path(settings.DATA) / "audit-heads.jsonl", at=at)


ROUNDS: tuple[Round, ...] = (
    Round("deliver facts", 0.5, _deliver),
    Round("seal reads", 60, _seal),
    Round("export chain heads", 3600, _export_heads),
)


@dataclass(slots=True)
class Rounds:
    """A thread that goes the rounds until it is told to stop; one fault never ends it."""

    rounds: tuple[Round, ...] = ROUNDS
    stopped: threading.Event = field(default_factory=threading.Event)
    due: dict[str, float] = field(default_factory=dict)
    thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin in a thread of its own."""
        self.thread = threading.Thread(target=self._go, name="rounds", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Finish the round in hand and end."""
        self.stopped.set()
        if self.thread is not None:
            self.thread.join(GRACE_SECONDS)

    def _go(self) -> None:
        try:
            while not self.stopped.is_set():
                self.once()
                self.stopped.wait(min(one.seconds for one in self.rounds))
        finally:
            connection.close()

    def once(self) -> None:
        """Whatever is due now."""
        for one in self.rounds:
            if time.monotonic() < self.due.get(one.name, 0):
                continue
            self.due[one.name] = time.monotonic() + one.seconds
            try:
                one.work(clock.now())
            except Exception as failure:  # a round that fails is told, and tried again at its next time
                log.error("round_failed", round=one.name, reason=faults.reason(failure))
                faults.drop_broken_connection()


def run(*, concurrency: int = 2, heartbeat: float = 3.0, stalled_after: float = 15.0, wait: bool = True) -> None:
    """Work until stopped; with `wait` off, until nothing is due. Heartbeats are in seconds."""
    rounds = Rounds()
    rounds.start()
    try:
        asyncio.run(_work(concurrency, heartbeat, stalled_after, wait=wait))
    finally:
        rounds.stop()


async def _work(concurrency: int, heartbeat: float, stalled_after: float, *, wait: bool) -> None:
    # Jobs are fetched over connections of the worker's own; what jobs defer still goes through Django's.
    assert isinstance(queue.connector, DjangoConnector)
    own = DjangoApp(connector=queue.connector.get_worker_connector())
    own.tasks, own.periodic_registry = queue.tasks, queue.periodic_registry
    async with own.open_async():
        recovering = asyncio.create_task(_recover(own, stalled_after))
        try:
            await own.run_worker_async(
                concurrency=concurrency, wait=wait, update_heartbeat_interval=heartbeat,
                stalled_worker_timeout=stalled_after, shutdown_graceful_timeout=GRACE_SECONDS,
                fetch_job_polling_interval=1.0,
            )  # fmt: skip
        finally:
            recovering.cancel()


async def _recover(own: DjangoApp, stalled_after: float) -> None:
    """Take up the jobs of workers whose heart stopped; those that killed three workers are given up."""
    while True:
        for job in await own.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after):
            if job.attempts + 1 < KILLS_MAX or job.task_name not in registry.jobs():
                await own.job_manager.retry_job(job)
                continue
            await asyncio.to_thread(_bury_killer, job)
            await own.job_manager.finish_job(job=job, status=Status.FAILED, delete_job=False)
        await asyncio.sleep(stalled_after / 3)


def _bury_killer(job: QueuedJob) -> None:
    plain: dict[str, Any] = dict(job.task_kwargs)
    practice = plain.pop("practice", None)
    try:
        services.bury(
            job.task_name, job_id=job.id or 0, tries=job.attempts + 1, at=clock.now(),
            practice=tenancy.mso() if practice is None else int(practice),
            reason=f"Its worker died {KILLS_MAX} times while running it.", arguments=plain,
        )  # fmt: skip
    finally:
        connection.close()
