"""Jobs of eligibility: every morning the visits ahead are asked about; what waits is sent through the day."""

from __future__ import annotations

from datetime import datetime

from openmso.eligibility.services import answering, asking, permitting, requesting, sending
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs import services as jobs
from openmso.platform.jobs.registry import job
from openmso.platform.tenancy import queries as tenancy


@job("eligibility.morning", network=True, cron="30 9 * * *")
def morning(*, practice: int, at: datetime, actor: Actor) -> None:
    """Ask for the visits of the coming days, practice by practice."""
    for tenant in tenancy.tenants_in_scope():
        if not tenant.is_mso:
            jobs.defer("eligibility.ahead", practice=tenant.pk)


@job("eligibility.hourly", network=True, cron="10 * * * *")
def hourly(*, practice: int, at: datetime, actor: Actor) -> None:
    """Send what is due by now, practice by practice."""
    for tenant in tenancy.tenants_in_scope():
        if not tenant.is_mso:
            jobs.defer("eligibility.send", practice=tenant.pk)


@job("eligibility.ahead")
def ahead(*, practice: int, at: datetime, actor: Actor) -> None:
    """What runs out and whom nobody has asked about, in one practice."""
    permitting.warn(actor=actor, practice=practice, at=at)
    asking.ask_ahead(actor=actor, practice=practice, at=at)
    sending.send_due(actor=actor, practice=practice, at=at)


@job("eligibility.send")
def send(*, practice: int, at: datetime, actor: Actor) -> None:
    """What is due in one practice: never answered, to be tried again, or new."""
    sending.chase(actor=actor, practice=practice, at=at)
    sending.send_due(actor=actor, practice=practice, at=at)


@job("eligibility.take_arrival", queue="files", network=True)
def take_arrival(*, practice: int, at: datetime, actor: Actor, arrival: str, document: str, name: str) -> None:
    """Read the answers about authorizations of a file that a partner sent."""
    requesting.take_arrival(actor=actor, arrival=arrival, document=document, name=name, at=at)


@job("eligibility.take_answers", queue="files", network=True)
def take_answers(*, practice: int, at: datetime, actor: Actor, arrival: str, document: str, name: str) -> None:
    """Read the answers about coverage of a file that a partner sent."""
    answering.take_arrival(actor=actor, arrival=arrival, document=document, name=name, at=at)
