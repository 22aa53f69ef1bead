"""Jobs and a subscriber for the tests that start a real worker, and that worker.

Every effect is an event of the audit trail, written with the record of the delivery or not at all.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from openmso.platform.access.contracts import Actor


@dataclass(frozen=True)
class FileCame:
    name: str


def declare() -> None:
    """Make the cast known."""
    from openmso.platform.audit import registry as sentences
    from openmso.platform.audit import services as audit
    from openmso.platform.jobs import tasks
    from openmso.platform.jobs.registry import job
    from openmso.platform.outbox import services as outbox
    from openmso.platform.outbox.registry import subscribe
    from openmso.platform.tenancy.scope import atomic

    sentences.add_sentences({"cast.came": "{actor} saw {subject} come", "cast.heard": "{actor} heard of {subject}"})
    sentences.add_ungranted(dict.fromkeys(("cast.came", "cast.heard"), "nobody is asked in a test"))

    @job("cast.take", queue="files")
    @atomic
    def take(*, practice: int, at: datetime, actor: Actor, name: str, seconds: float = 0) -> None:
        """Tells of a file once, however often it runs."""
        from openmso.platform.audit.models import Event

        if Event.objects.filter(action="cast.came", subject_id=name).exists():
            return
        time.sleep(seconds)
        audit.record(actor=actor, action="cast.came", practice=practice, subject=("cast.file", name), at=at)
        outbox.publish(FileCame(name), practice=practice, at=at)

    @subscribe(FileCame, name="cast.hear")
    def hear(event: FileCame, *, practice: int, actor: Actor, at: datetime) -> None:
        time.sleep(0.01)
        audit.record(actor=actor, action="cast.heard", practice=practice, subject=("cast.file", event.name), at=at)

    @job("cast.kill", queue="files")
    def kill(*, practice: int, at: datetime, actor: Actor) -> None:
        """Takes its worker with it, after a commit that it does not look for when it runs again."""
        import os
        import signal

        with atomic.open():
            audit.record(actor=actor, action="cast.came", practice=practice, subject=("cast.file", "KILL"), at=at)
        os.kill(os.getpid(), signal.SIGKILL)

    tasks.declare()


def work(database: str) -> None:
    """A worker of this cast, in a process that was forked from one in which it is declared."""
    from django.db import connections

    from openmso.platform.jobs import worker

    connections["default"].settings_dict["NAME"] = database
    worker.run(heartbeat=0.2, stalled_after=1.0)
