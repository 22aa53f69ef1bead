"""A month settled for many practices: a frozen list, one transaction for each, progress and findings.

Asking twice is harmless: a month that is settled already stands, and a run that was interrupted goes on where it was.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from openmso.kit.errors import Refused
from openmso.kit.periods import Month
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.jobs import services as jobs
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic
from openmso.settlement import queries, services
from openmso.settlement.contracts import RUN, Run
from openmso.settlement.models import SettlementRun
from openmso.settlement.services import CannotSettle, entering


def settled_by(actor: Actor) -> dict[int, str]:
    """The practices that somebody settles months of, with their names, in the order of these."""
    tenants = actor.standing.tenants
    held = [practice for practice in actor.practices_for(RUN.code) if not tenants[practice].is_mso]
    return {practice: tenants[practice].name for practice in sorted(held, key=lambda one: tenants[one].name)}


def mso_of(actor: Actor, permission: str = RUN.code) -> int:
    """The MSO for which somebody settles, or holds another permission; raises `CannotSettle`."""
    found = [one for one in actor.practices_for(permission) if actor.standing.tenants[one].is_mso]
    if not found:
        raise CannotSettle("What concerns many practices is the MSO's, where you have no such role.", field="practice")
    return min(found)


@atomic
def begin(*, actor: Actor, mso: int, practices: Collection[int], month: Month, at: datetime) -> Run:
    """Ask for a month to be settled for these practices; the worker does it, one practice after another."""
    decision = actor.must(RUN.code, mso)
    for practice in practices:
        actor.must(RUN.code, practice)
    if not practices:
        raise CannotSettle("There is no practice to settle.", field="practice", fix="Execute an agreement first.")
    row = SettlementRun.objects.create(
        practice_id=mso, month=month.first, practices=sorted(practices), started_at=at, actor_name=actor.name[:160],
        asked_by=actor.user,
    )  # fmt: skip
    audit.record(
        actor=actor, action="settlement.run_asked", practice=mso, subject=("settlement.run", row.public_id), at=at,
        facts={"month": str(month), "count": len(practices)}, decision=decision,
    )  # fmt: skip
    jobs.defer("settlement.run", practice=mso, behind=decision.grant, run=row.public_id)
    return queries.run(row.public_id)


def go_on(*, actor: Actor, run: str, at: datetime) -> bool:
    """Settle the next practice of a run, in a transaction of its own; whether more are left."""
    with atomic.open():
        row = SettlementRun.objects.select_for_update().get(public_id=run)
        dealt_with = len(row.settled) + row.standing + len(row.refused)
        if dealt_with < len(row.practices):
            _deal_with(row, row.practices[dealt_with], actor, at)
            dealt_with += 1
        if dealt_with == len(row.practices):
            row.finished_at = row.finished_at or at
        row.save(update_fields=["settled", "standing", "refused", "finished_at"])
        return row.finished_at is None


def _deal_with(row: SettlementRun, practice: int, actor: Actor, at: datetime) -> None:
    try:
        with atomic.open():
            done = services.settle(
                actor=actor, practice=practice, month=Month.of(row.month), at=at, asked_by=row.asked_by
            )
    except services.AlreadySettled:
        row.standing += 1
    except Refused as no:
        name = Tenant.objects.values_list("name", flat=True).get(pk=practice)
        row.refused = [*row.refused, [practice, name, no.sentence, no.fix, no.code]]
        if isinstance(no, services.FigureWaits):
            entering.ask(waits=no.waits, at=at)
    else:
        row.settled = [*row.settled, done.public_id]
