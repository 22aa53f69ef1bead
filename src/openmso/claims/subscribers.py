"""What claims listens to: files of partners with acknowledgements in them, printed claims that were
mailed, authorizations that come."""

from __future__ import annotations

from datetime import datetime

from openmso.claims.services import correcting, permits, releasing, taking
from openmso.eligibility.events import Permitted
from openmso.exchange.events import FileArrived, PaperMailed
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs import services as jobs
from openmso.platform.outbox.registry import subscribe
from openmso.scheduling.events import CoverageChosen


@subscribe(FileArrived, name="claims.take_arrival")
def take_arrival(fact: FileArrived, *, practice: int, actor: Actor, at: datetime) -> None:
    """Have a job read the acknowledgements of a file."""
    if set(taking.TAKES) & set(fact.kinds.split()):
        jobs.defer(
            "claims.take_arrival", practice=practice, arrival=fact.arrival, document=fact.document, name=fact.name
        )


@subscribe(PaperMailed, name="claims.mailed")
def mailed(fact: PaperMailed, *, practice: int, actor: Actor, at: datetime) -> None:
    """The clock of printed claims runs from the day they were mailed."""
    if fact.subject_kind == "claims.batch":
        releasing.mailed(practice=practice, batch=fact.subject, at=at)


@subscribe(Permitted, name="claims.permitted")
def permitted(fact: Permitted, *, practice: int, actor: Actor, at: datetime) -> None:
    """Claims that waited for it are scrubbed again."""
    permits.permitted(actor=actor, practice=practice, authorization=fact.authorization, at=at)


@subscribe(CoverageChosen, name="claims.follow_choice")
def follow_choice(fact: CoverageChosen, *, practice: int, actor: Actor, at: datetime) -> None:
    """Claims of the visit that no payer has are put under the coverage that was chosen."""
    correcting.follow_visit(actor=actor, practice=practice, visit=fact.visit, at=at)
