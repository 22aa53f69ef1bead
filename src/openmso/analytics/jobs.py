"""Jobs of analytics: counting a practice after something has happened, and every practice once a night."""

from __future__ import annotations

from datetime import datetime

from openmso.analytics import services
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job
from openmso.platform.tenancy.queries import tenants


@job("analytics.count", queue="bulk")
def count(*, practice: int, at: datetime, actor: Actor) -> None:
    """Count one practice anew."""
    services.count(practice=practice, at=at)


@job("analytics.count_all", queue="bulk", network=True, cron="45 7 * * *")
def count_all(*, practice: int, at: datetime, actor: Actor) -> None:
    """Count every practice anew, each in a transaction of its own: ages grow though nothing happens.

    Then figures are compared across those that take part.
    """
    for tenant in tenants():
        if not tenant.is_mso:
            services.count(practice=tenant.pk, at=at)
    services.compare(at=at)
