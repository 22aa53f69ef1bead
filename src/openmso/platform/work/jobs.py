"""Jobs of work: what is later than the policy of its practice allows goes to the lead, every hour."""

from __future__ import annotations

from datetime import datetime

from openmso.platform.access.contracts import Actor
from openmso.platform.jobs import services as jobs
from openmso.platform.jobs.registry import job
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.work import quality


@job("work.hourly", network=True, cron="20 * * * *")
def hourly(*, practice: int, at: datetime, actor: Actor) -> None:
    """Practice by practice."""
    for tenant in tenancy.tenants_in_scope():
        jobs.defer("work.escalate", practice=tenant.pk)


@job("work.escalate")
def escalate(*, practice: int, at: datetime, actor: Actor) -> None:
    """In one practice."""
    quality.escalate(actor=actor, practice=practice, at=at)
