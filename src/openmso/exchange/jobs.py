"""Jobs of exchange: bring one file, look into the mailboxes, follow routes that changed."""

from __future__ import annotations

from datetime import datetime

from openmso.exchange.services import arriving, sending, transmitting
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job


@job("exchange.transmit", queue="files")
def transmit(*, practice: int, at: datetime, actor: Actor, transmission: str) -> None:
    """Bring one file to its partner."""
    transmitting.transmit(actor=actor, transmission=transmission, at=at)


@job("exchange.poll", queue="files", network=True, cron="*/10 * * * *")
def poll(*, practice: int, at: datetime, actor: Actor) -> None:
    """Take in what partners sent."""
    arriving.poll(actor=actor, at=at)


@job("exchange.reroute", queue="files", network=True)
def reroute(*, practice: int, at: datetime, actor: Actor) -> None:
    """Follow the routes as they are now: a partner is down, or works again."""
    sending.reroute(actor=actor, at=at)
