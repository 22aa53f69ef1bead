"""Jobs of remittances: each calls one service and is safe to run twice."""

from __future__ import annotations

from datetime import date, datetime

from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job
from openmso.remittances.services import deposits, posting, taking, waiting


@job("remittances.post_file", queue="files")
def post_file(*, practice: int, at: datetime, actor: Actor, file: str, posted_on: str = "") -> None:
    """Post a received file."""
    posting.post_file(
        actor=actor, practice=practice, file=file, at=at,
        posted_on=date.fromisoformat(posted_on) if posted_on else None,
    )  # fmt: skip


@job("remittances.match_deposits", queue="files")
def match_deposits(*, practice: int, at: datetime, actor: Actor) -> None:
    """Look for the money of what was posted."""
    deposits.match_deposits(actor=actor, practice=practice, at=at)


@job("remittances.watch_deposits", queue="files", network=True, cron="15 11 * * *")
def watch_deposits(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every morning: remittances and money that are late become work, and money that was taken without a reason."""
    waiting.late_deposits(at=at)
    waiting.unexplained_recoupments(at=at)


@job("remittances.take_arrival", queue="files", network=True)
def take_arrival(*, practice: int, at: datetime, actor: Actor, arrival: str, document: str, name: str) -> None:
    """Receive the remittances of a file that a partner sent."""
    taking.take(actor=actor, arrival=arrival, document=document, name=name, at=at)
