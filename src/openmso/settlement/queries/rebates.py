"""Questions about rebates: the shares, what waits for an invoice, and one rebate with all of it that may be seen."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum

from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms
from openmso.settlement.contracts.rebates import RebateShare, RebateTold
from openmso.settlement.models import Rebate
from openmso.settlement.models import RebateShare as Row

SORTS = {
    "vendor": "vendor", "practice_name": "practice__name", "received_on": "received_on", "amount": "amount",
    "invoice": "settlement__invoice",
}  # fmt: skip


def listed(filters: Filters, ask: PageAsk) -> Page[RebateShare]:
    """The shares in scope, the latest received first, with their sum."""
    found = _rows()
    if codes := filters.many("practice"):
        found = found.filter(practice__code__in=[code.upper() for code in codes])
    if stands := set(filters.many("is")):
        found = found.filter(settlement__isnull="waits" in stands) if len(stands) == 1 else found
    if invoices := filters.many("invoice"):
        found = found.filter(settlement__invoice__in=invoices)
    found = found.filter(by_terms(filters, {"received": "received_on", "amount": "amount"}))
    if text := filters.text:
        found = found.filter(Q(vendor__icontains=text) | Q(what__icontains=text) | Q(rebate__iexact=text))
    key = F(SORTS.get(ask.sort, "received_on"))
    order = key.desc(nulls_last=True) if ask.desc else key.asc(nulls_last=True)
    sums = found.aggregate(n=Count("pk"), sum=Sum("amount"))
    shown = found.order_by(order, "-pk")[ask.offset : ask.offset + ask.size]
    return Page([_share(row) for row in shown], sums["n"], ask, {"amount": Money.of(sums["sum"] or 0)})


def waiting(practice: int, *, through: date) -> list[RebateShare]:
    """The shares of a practice that were received through a day and are on no invoice yet, as they came."""
    found = _rows().filter(practice_id=practice, settlement=None, received_on__lte=through)
    return [_share(row) for row in found.order_by("received_on", "pk")]


def of_settlement(public_id: str) -> list[RebateShare]:
    """The shares that an invoice credits, as they came."""
    found = _rows().filter(settlement__public_id=public_id)
    return [_share(row) for row in found.order_by("received_on", "pk")]


def rebate(public_id: str) -> RebateTold:
    """A rebate: its shares in scope, and for the MSO its own part; raises `NotFound`."""
    shares = tuple(_share(row) for row in _rows().filter(rebate=public_id).order_by("practice__name"))
    if not shares:
        raise NotFound("There is no such rebate for the practices you may see.")
    whole = Rebate.objects.filter(public_id=public_id).first()
    return RebateTold(
        public_id, shares, Money.of(whole.kept_amount) if whole else None, whole.mso_entry if whole else ""
    )


def _rows() -> QuerySet[Row]:
    return Row.objects.select_related("practice", "settlement")


def _share(row: Row) -> RebateShare:
    return RebateShare(
        row.rebate, row.practice_id, row.practice.name, row.vendor, row.what, row.starts_on, row.ends_on,
        row.received_on, row.rule, Money.of(row.whole_amount), row.weight, row.weights_total, Money.of(row.amount),
        row.settlement.public_id if row.settlement else "", row.settlement.invoice if row.settlement else "",
        row.practice_entry, row.mso_entry,
    )  # fmt: skip
