"""What eligibility listens to: files of partners that answer questions about coverage and requests."""

from __future__ import annotations

from datetime import datetime

from openmso.exchange.events import FileArrived
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs import services as jobs
from openmso.platform.outbox.registry import subscribe

TAKES = {"271": "eligibility.take_answers", "278": "eligibility.take_arrival"}
"""The job that reads each kind of answer."""


@subscribe(FileArrived, name="eligibility.take_arrival")
def take_arrival(fact: FileArrived, *, practice: int, actor: Actor, at: datetime) -> None:
    """Have jobs read the answers of a file."""
    for kind in fact.kinds.split():
        if kind in TAKES:
            jobs.defer(TAKES[kind], practice=practice, arrival=fact.arrival, document=fact.document, name=fact.name)
