"""The payments of patients: the list, and one with what it paid for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum

from openmso.billing.contracts import PaymentRow
from openmso.billing.models import Payment
from openmso.billing.queries.narrowing import narrow
from openmso.billing.states import Method, P
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.patients import queries as patients
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally

SORTS = {"received_on": "received_on", "amount": "amount", "left": "left_amount"}
COMPARED = {"received": "received_on", "amount": "amount", "left": "left_amount"}


def listing(*, filters: Filters, page: PageAsk) -> Page[PaymentRow]:
    """A page of the payments in scope, the latest first unless sorted otherwise."""
    found = filtered(filters)
    column = SORTS.get(page.sort, "received_on")
    keys = (f"-{column}" if page.desc or not page.sort else column, "pk")
    shown = paging.rows(found, keys, page)
    return counting.page_of(rows_of(shown), found, page, lambda: tally(filters=filters))


def tally(*, filters: Filters) -> Tally:
    """How many payments the filters leave, and what they come to."""
    sums = filtered(filters).aggregate(n=Count("pk"), came=Sum("amount"), rest=Sum("left_amount"))
    return Tally(sums["n"], {"amount": Money.of(sums["came"] or 0), "left": Money.of(sums["rest"] or 0)})


def filtered(filters: Filters) -> QuerySet[Payment]:
    """The payments that the filters leave; the text is a payment, its reference or a patient."""
    found = Payment.objects.all()
    if states := filters.many("is"):
        asked = Q()
        for one in states:
            asked |= {
                "unapplied": Q(left_amount__gt=0), "applied": Q(left_amount__lt=F("amount"), state=P.POSTED.value),
                P.REVERSED.value: Q(state=P.REVERSED.value),
            }[one]  # fmt: skip
        found = found.filter(asked)
    return narrow(
        found, filters, chosen={"method": "method"}, compared=COMPARED, ids={"RCP": "public_id"}, says=["reference"]
    )


def of_visits(visits: Collection[int]) -> dict[int, tuple[Money, tuple[str, ...]]]:
    """What the desk collected at visits, and the receipts; what was taken back is left out."""
    rows = Payment.objects.filter(visit_id__in=visits, state=P.POSTED).order_by("pk")
    found: dict[int, tuple[Money, tuple[str, ...]]] = {}
    for visit, name, amount in rows.values_list("visit_id", "public_id", "amount"):
        before, names = found.get(visit, (Money.of(0), ()))
        found[visit] = (before + Money.of(amount), (*names, name))
    return found


def visit_day(payment: int) -> date | None:
    """The day of the visit at which a payment was collected, if it was collected at one."""
    return Payment.objects.filter(pk=payment).values_list("visit__service_on", flat=True).first()


def left(practice: int) -> Money:
    """What is left of the payments of a practice's patients."""
    found = Payment.objects.filter(practice_id=practice, left_amount__gt=0)
    return Money.of(found.aggregate(sum=Sum("left_amount"))["sum"] or 0)


def ids(*, filters: Filters, public_ids: Sequence[str] = (), limit: int) -> list[str]:
    """The payments that the filters leave, or those named, at most so many."""
    found = filtered(filters)
    if public_ids:
        found = found.filter(public_id__in=public_ids)
    return list(found.order_by("pk").values_list("public_id", flat=True)[:limit])


def payment(public_id: str) -> PaymentRow:
    """One payment; raises `NotFound`."""
    row = Payment.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no payment {public_id}.")
    return rows_of([row])[0]


def rows_of(found: Sequence[Payment]) -> list[PaymentRow]:
    """Rows as lists show them: a few questions for a page."""
    people = patients.by_ids({row.patient_id for row in found})
    practices = {one.pk: one.name for one in tenants()}
    return [
        PaymentRow(
            row.pk, row.public_id, row.practice_id, practices.get(row.practice_id, ""),
            people[row.patient_id].public_id, people[row.patient_id].name, Method(row.method), Money.of(row.amount),
            Money.of(row.left_amount), row.reference, row.received_on, row.received_at, row.received_by, P(row.state),
            row.entry, row.reversed_on, row.reversed_why,
        )
        for row in found
    ]  # fmt: skip
