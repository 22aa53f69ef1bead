"""Questions about what was taken in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Case, When

from openmso.claims.queries import stories as claims
from openmso.claims.queries import worklist
from openmso.intake.contracts import HELD_SHOWN_MAX, Held, Item, Outcome, RunRow, RunState, Taken, Wait
from openmso.intake.models import IntakeItem, IntakeRun
from openmso.kit.errors import NotFound
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui.contracts import Filters, Page, PageAsk
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


def run(public_id: str, *, records: int = ITEMS_SHOWN_MAX) -> Taken:
    """One file, what became of its first `records`, and what its claims wait for; raises `NotFound`."""
    row = IntakeRun.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no intake {public_id}.")
    told = items(public_id, filters=Filters(), page=PageAsk(size=records)).rows if records else ()
    states = [(claim, findings) for claim, findings in _states(row) if findings]
    return Taken(
        row.public_id, row.practice_id, row.name, row.kind, row.document, row.sha256, RunState(row.state), row.total,
        row.used, row.kept, row.refused, row.visits, row.charges, row.claims_ready, row.claims_held, row.words,
        tuple(told), tuple(Held(*state) for state in states[:HELD_SHOWN_MAX]), _waits(states),
    )  # fmt: skip


def items(public_id: str, *, filters: Filters, page: PageAsk) -> Page[Item]:
    """A page of what became of the records of a file, the refused ones first."""
    rows = IntakeItem.objects.filter(run__public_id=public_id)
    if outcomes := filters.many("is"):
        rows = rows.filter(outcome__in=outcomes)
    rows = rows.order_by(Case(When(outcome=Outcome.REFUSED, then=0), default=1), "position")
    told = tuple(
        Item(one.position, one.kind, one.record_id, Outcome(one.outcome), one.words, one.became, one.field, one.fix)
        for one in rows[page.offset : page.offset + page.size]
    )
    return Page(told, rows.count(), page)


def _states(run: IntakeRun) -> list[tuple[str, tuple[str, ...]]]:
    """The claims of its visits, each with the codes of what holds it now."""
    visits = IntakeItem.objects.filter(run=run, became__startswith="VIS-").values_list("became", flat=True)
    return claims.of_visits(practice=run.practice_id, visit_ids=visit_queries.keys_of(list(visits)))


def _waits(states: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[Wait, ...]:
    """What claims wait for, the commonest first; a claim counts for each of its findings."""
    titles = dict(worklist.finding_choices())
    counts = Counter(code for _, findings in states for code in findings)
    return tuple(Wait(code, titles.get(code, "Held by hand"), count) for code, count in counts.most_common())
