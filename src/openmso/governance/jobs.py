"""Jobs of governance: disclosures that are to be renewed become work; budgets not agreed in time fall back."""

from __future__ import annotations

from datetime import datetime

from openmso.governance.queries import budgets as planned
from openmso.governance.queries import interests
from openmso.governance.services import budgets
from openmso.governance.services import interests as services
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job
from openmso.platform.tenancy.scope import reading


@job("governance.remind", network=True, cron="20 9 * * *")
def remind(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every morning: each disclosure that is to be renewed within a month waits for whoever made it."""
    with reading():
        found = interests.to_renew(at=at)
    for one in found:
        services.remind(practice=one.practice, interest=one.public_id, at=at)


@job("governance.fall_back", network=True, cron="25 9 * * *")
def fall_back(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every morning: where a budget was to be agreed before today and is not, its fallback applies, in words."""
    with reading():
        found = planned.to_fall_back(on=at.date())
    for budget in found:
        budgets.fall_back(actor=actor, budget=budget, at=at)
