"""Questions about lines that were paid short, and disputes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum

from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.parties.queries import payers
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.underpayments.contracts import Dispute, ShortLine
from openmso.underpayments.models import Dispute as DisputeModel
from openmso.underpayments.models import Underpayment
from openmso.underpayments.states import Cause, S

SORTS = {
    "short": "short_amount", "expected": "expected_amount", "allowed": "allowed_amount", "claim": "claim_name",
    "code": "code", "found_on": "found_on", "recovered": "recovered_amount",
}  # fmt: skip


def listing(*, filters: Filters, page: PageAsk) -> Page[ShortLine]:
    """Lines paid short in the practices of the scope, what is missing most first unless asked otherwise."""
    rows = filtered(filters)
    order = F(SORTS.get(page.sort, "short_amount"))
    rows = rows.order_by(order.desc() if page.desc or page.sort not in SORTS else order.asc(), "pk")
    sums = rows.aggregate(short=Sum("short_amount"), recovered=Sum("recovered_amount"))
    total = {name: Money.of(value) if value is not None else ZERO for name, value in sums.items()}
    count = rows.count()
    return Page(told(list(rows[page.offset : page.offset + page.size])), count, page, totals=total)


def filtered(filters: Filters) -> QuerySet[Underpayment]:
    """The rows that filters leave: state, cause, payer; the text is a claim or how a code begins."""
    rows = Underpayment.objects.all()
    if states := filters.many("is"):
        rows = rows.filter(state__in=states)
    if causes := filters.many("cause"):
        rows = rows.filter(cause__in=causes)
    if named := filters.many("payer"):
        rows = rows.filter(payer_id__in=payers.keys(named))
    if text := filters.text.strip().upper():
        rows = rows.filter(Q(claim_name=text) | Q(code__startswith=text) | Q(public_id=text))
    return rows


def found(practice: int) -> Iterator[tuple[str, int, int, date, Decimal]]:
    """Underpayment, claim, payer, the day it was found and what was missing then, for those who measure."""
    rows = Underpayment.objects.filter(practice_id=practice).order_by("pk")
    missing = F("short_amount") + F("recovered_amount")
    yield from rows.annotate(missing=missing).values_list("public_id", "claim_id", "payer_id", "found_on", "missing")


def underpayment(public_id: str) -> ShortLine:
    """One line that was paid short; raises `NotFound`."""
    row = Underpayment.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no underpayment {public_id}.")
    return told([row])[0]


def disputes(*, practice: int | None = None) -> list[Dispute]:
    """The disputes of the scope (of a practice), the latest first."""
    rows = DisputeModel.objects.order_by("-pk")
    if practice is not None:
        rows = rows.filter(practice_id=practice)
    names = payers.names()
    return [
        Dispute(
            row.public_id, row.practice_id, names[row.payer_id], row.lines, Money.of(row.amount), row.document,
            row.made_at, row.made_by,
        )
        for row in rows[:200]
    ]  # fmt: skip


def told(rows: list[Underpayment]) -> list[ShortLine]:
    """Rows as they leave the app."""
    names = payers.names()
    practices = {one.pk: one.name for one in tenancy.tenants()}
    named = dict(
        DisputeModel.objects.filter(pk__in=[row.dispute_id for row in rows if row.dispute_id]).values_list(
            "pk", "public_id"
        )
    )
    return [
        ShortLine(
            row.public_id, row.practice_id, practices[row.practice_id], row.claim_name, row.line, row.code,
            row.service_on, row.payer_id, names[row.payer_id], Money.of(row.expected_amount),
            Money.of(row.allowed_amount), Money.of(row.short_amount), Money.of(row.recovered_amount),
            Cause(row.cause), S(row.state), row.source, row.term, row.payment, tuple(row.reasons), row.found_on,
            row.why, named.get(row.dispute_id or 0, ""),
        )
        for row in rows
    ]  # fmt: skip
