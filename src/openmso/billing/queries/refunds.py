"""Refunds: the list, and one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, QuerySet, Sum

from openmso.billing.contracts import RefundRow
from openmso.billing.models import Refund
from openmso.billing.queries.narrowing import narrow
from openmso.billing.states import R
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.patients import queries as patients
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally

SORTS = {"asked_at": "asked_at", "amount": "amount"}


def listing(*, filters: Filters, page: PageAsk) -> Page[RefundRow]:
    """A page of the refunds in scope, the latest first unless sorted otherwise."""
    found = filtered(filters)
    column = SORTS.get(page.sort, "asked_at")
    shown = paging.rows(found, (f"-{column}" if page.desc or not page.sort else column, "pk"), page)
    return counting.page_of(rows_of(shown), found, page, lambda: tally(filters=filters))


def tally(*, filters: Filters) -> Tally:
    """How many refunds the filters leave, and what they come to."""
    sums = filtered(filters).aggregate(n=Count("pk"), back=Sum("amount"))
    return Tally(sums["n"], {"amount": Money.of(sums["back"] or 0)})


def filtered(filters: Filters) -> QuerySet[Refund]:
    """The refunds that the filters leave; the text is a refund or a patient."""
    return narrow(Refund.objects.select_related("payment"), filters, ids={"RFD": "public_id"})


def refund(public_id: str) -> RefundRow:
    """One refund; raises `NotFound`."""
    row = Refund.objects.select_related("payment").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no refund {public_id}.")
    return rows_of([row])[0]


def of_patient(*, practice: int, patient: int) -> list[RefundRow]:
    """The refunds of a patient, the latest first."""
    rows = Refund.objects.select_related("payment").filter(practice_id=practice, patient_id=patient)
    return rows_of(list(rows.order_by("-pk")))


def waiting(practice: int) -> Money:
    """What is kept for refunds that nobody has decided yet."""
    found = Refund.objects.filter(practice_id=practice, state=R.ASKED.value)
    return Money.of(found.aggregate(sum=Sum("amount"))["sum"] or 0)


def rows_of(found: Sequence[Refund]) -> list[RefundRow]:
    """Rows as the list shows them."""
    people = patients.by_ids({row.patient_id for row in found})
    practices = {one.pk: one.name for one in tenants()}
    return [
        RefundRow(
            row.public_id, row.practice_id, practices.get(row.practice_id, ""), people[row.patient_id].public_id,
            people[row.patient_id].name, row.payment.public_id, Money.of(row.amount), row.why, R(row.state),
            row.asked_at, row.asked_by, row.decided_at, row.decided_by, row.decided_why, row.reference, row.entry,
        )
        for row in found
    ]  # fmt: skip
