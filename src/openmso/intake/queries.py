"""Questions about what was taken in."""

from __future__ import annotations

from openmso.claims.queries import stories as claims
from openmso.intake.contracts import HELD_SHOWN_MAX, Held, Item, Outcome, RunRow, RunState, Taken
from openmso.intake.models import IntakeItem, IntakeRun
from openmso.kit.errors import NotFound
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui.contracts import Page, PageAsk
from openmso.scheduling import queries as visit_queries

ITEMS_SHOWN_MAX = 1000


def runs(*, page: PageAsk) -> Page[RunRow]:
    """The files that were taken in, the latest first."""
    rows = IntakeRun.objects.order_by("-started_at", "-pk")
    names = {tenant.pk: tenant.name for tenant in tenants()}
    listed = tuple(
        RunRow(
            row.public_id, row.practice_id, names.get(row.practice_id, ""), row.name, row.kind, RunState(row.state),
            row.total, row.used, row.kept, row.refused, row.visits, row.claims_ready, row.claims_held, row.started_at,
            row.actor_name,
        )
        for row in rows[page.offset : page.offset + page.size]
    )  # fmt: skip
    return Page(listed, rows.count(), page)


def run(public_id: str) -> Taken:
    """One file, what became of its records, the refused ones first, and what its claims wait for; raises `NotFound`."""
    row = IntakeRun.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no intake {public_id}.")
    items = IntakeItem.objects.filter(run=row).order_by("position")
    refused = list(items.filter(outcome=Outcome.REFUSED)[:ITEMS_SHOWN_MAX])
    others = list(items.exclude(outcome=Outcome.REFUSED)[: ITEMS_SHOWN_MAX - len(refused)])
    told = tuple(
        Item(one.position, one.kind, one.record_id, Outcome(one.outcome), one.words, one.became, one.field, one.fix)
        for one in (*refused, *others)
    )
    return Taken(
        row.public_id, row.practice_id, row.name, row.kind, row.document, row.sha256, RunState(row.state), row.total,
        row.used, row.kept, row.refused, row.visits, row.charges, row.claims_ready, row.claims_held, row.words, told,
        _held(row),
    )  # fmt: skip


def _held(run: IntakeRun) -> tuple[Held, ...]:
    """The claims of its visits that wait now."""
    visits = IntakeItem.objects.filter(run=run, became__startswith="VIS-").values_list("became", flat=True)
    states = claims.of_visits(practice=run.practice_id, visit_ids=visit_queries.keys_of(list(visits)))
    return tuple(Held(claim, findings) for claim, findings in states if findings)[:HELD_SHOWN_MAX]
