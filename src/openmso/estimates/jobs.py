"""Jobs of estimates: what is no longer owed is dropped every morning."""

from __future__ import annotations

from datetime import datetime

from openmso.estimates.services import owing
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs import services as jobs
from openmso.platform.jobs.registry import job
from openmso.platform.tenancy import queries as tenancy


@job("estimates.morning", network=True, cron="40 9 * * *")
def morning(*, practice: int, at: datetime, actor: Actor) -> None:
    """Practice by practice."""
    for tenant in tenancy.tenants_in_scope():
        if not tenant.is_mso:
            jobs.defer("estimates.tidy", practice=tenant.pk)


@job("estimates.tidy")
def tidy(*, practice: int, at: datetime, actor: Actor) -> None:
    """In one practice."""
    owing.tidy(actor=actor, practice=practice, at=at)
