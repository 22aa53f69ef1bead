"""Jobs of codes: what the product ships is there without anybody's doing."""

from __future__ import annotations

from datetime import datetime

from openmso.codes import services
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job


@job("codes.ship", queue="bulk", network=True, cron="5 * * * *")
def ship(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every hour: the code sets and lists that come with the product are loaded, each edition once."""
    services.ship(actor=actor, at=at)
