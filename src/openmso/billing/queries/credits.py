"""Overpayments of payers: the list by the day they are due, and one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, QuerySet, Sum

from openmso.billing.contracts import OverpaymentRow
from openmso.billing.models import Overpayment
from openmso.billing.queries.narrowing import narrow
from openmso.billing.rules.credits import Clock
from openmso.billing.states import Cause, V
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally

SORTS = {"identified_on": "identified_on", "amount": "amount"}


def listing(*, filters: Filters, page: PageAsk, on: date) -> Page[OverpaymentRow]:
    """A page of the overpayments in scope, what was identified first before the others."""
    found = filtered(filters)
    column = SORTS.get(page.sort, "identified_on")
    shown = paging.rows(found, (f"-{column}" if page.desc else column, "pk"), page)
    return counting.page_of(rows_of(shown, on=on), found, page, lambda: tally(filters=filters))


def tally(*, filters: Filters) -> Tally:
    """How many they are, and what they come to."""
    sums = filtered(filters).aggregate(n=Count("pk"), over=Sum("amount"))
    return Tally(sums["n"], {"amount": Money.of(sums["over"] or 0)})


def filtered(filters: Filters) -> QuerySet[Overpayment]:
    """The overpayments that the filters leave; the text is one of them, a claim or a payer's name."""
    found = Overpayment.objects.all()
    if clocks := filters.many("clock"):
        found = found.filter(has_clock__in=[one == "law" for one in clocks])
    return narrow(found, filters, ids={"OVP": "public_id", "CLM": "claim_name"}, says=["payer_name__istartswith"],
                  of_patients=False)  # fmt: skip


def overpayment(public_id: str, *, on: date) -> OverpaymentRow:
    """One overpayment; raises `NotFound`."""
    row = Overpayment.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no overpayment {public_id}.")
    return rows_of([row], on=on)[0]


def rows_of(found: Sequence[Overpayment], *, on: date) -> list[OverpaymentRow]:
    """Rows as the list shows them, with their clock as of a day."""
    practices = {one.pk: one.name for one in tenants()}
    return [
        OverpaymentRow(
            row.public_id, row.practice_id, practices.get(row.practice_id, ""), row.claim_name, row.payer_name,
            row.has_clock, Money.of(row.amount), row.identified_on, row.began_on, row.ended_on,
            Clock(row.identified_on, row.began_on, row.ended_on).due_on(on) if row.has_clock else None, V(row.state),
            Cause(row.cause) if row.cause else None, row.why, row.reference,
            Money.of(row.returned_amount), row.entry, row.closed_on,
        )
        for row in found
    ]  # fmt: skip
