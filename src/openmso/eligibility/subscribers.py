"""What eligibility listens to: files of partners that answer requests for authorizations."""

from __future__ import annotations

from datetime import datetime

from openmso.exchange.events import FileArrived
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs import services as jobs
from openmso.platform.outbox.registry import subscribe

TAKES = "278"


@subscribe(FileArrived, name="eligibility.take_arrival")
def take_arrival(fact: FileArrived, *, practice: int, actor: Actor, at: datetime) -> None:
    """Have a job read the answers of a file."""
    if TAKES in fact.kinds.split():
        jobs.defer(
            "eligibility.take_arrival", practice=practice, arrival=fact.arrival, document=fact.document, name=fact.name
        )
