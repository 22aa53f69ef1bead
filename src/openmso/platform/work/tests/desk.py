"""Work that waits: two kinds of it, and held claims to put on somebody's desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import scope
from openmso.platform.work import services
from openmso.platform.work.contracts import Kind

NOW = datetime.now(UTC)
KINDS = (Kind("claims.held", "Claim on hold", "claims.work"), Kind("books.close", "Month to close", "ledger.close"))


def wait_for(where: Tenant, key: str, *, kind: str = "claims.held", priority: int = 50) -> str:
    """An item that waits in a practice until tomorrow; its public id."""
    with scope(practices=[where.pk]):
        return services.open_item(
            practice=where.pk, kind=kind, subject=("claims.claim", f"CLM-{key}"), title=f"Claim {key} is held",
            why=f"The member id of {key} is missing.", priority=priority, priority_why="By hand",
            due_at=NOW + timedelta(days=1), key=key, at=NOW, amount=Decimal("120.00"),
        )  # fmt: skip
