"""Applications for charity care: the list, and one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, QuerySet, Sum

from openmso.billing.contracts import ApplicationRow
from openmso.billing.models import Assistance
from openmso.billing.queries.narrowing import narrow
from openmso.billing.states import Helped
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.patients import queries as patients
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally


def listing(*, filters: Filters, page: PageAsk) -> Page[ApplicationRow]:
    """A page of the applications in scope, the latest first."""
    found = filtered(filters)
    shown = paging.rows(found, ("-asked_at", "pk"), page)
    return counting.page_of(rows_of(shown), found, page, lambda: tally(filters=filters))


def tally(*, filters: Filters) -> Tally:
    """How many they are, and what was given."""
    sums = filtered(filters).aggregate(n=Count("pk"), given=Sum("amount"))
    return Tally(sums["n"], {"amount": Money.of(sums["given"] or 0)})


def filtered(filters: Filters) -> QuerySet[Assistance]:
    """The applications that the filters leave; the text is one of them or a patient."""
    return narrow(Assistance.objects.all(), filters, ids={"FAP": "public_id"})


def application(public_id: str) -> ApplicationRow:
    """One application; raises `NotFound`."""
    row = Assistance.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no application {public_id}.")
    return rows_of([row])[0]


def rows_of(found: Sequence[Assistance]) -> list[ApplicationRow]:
    """Rows as the list shows them."""
    people = patients.by_ids({row.patient_id for row in found})
    names = {one.pk: one.name for one in tenants()}
    return [
        ApplicationRow(
            row.public_id, row.practice_id, names.get(row.practice_id, ""), people[row.patient_id].public_id,
            people[row.patient_id].name, Helped(row.state), row.household, Money.of(row.income_amount), row.percent,
            row.poverty_year, row.discount, row.paper, row.asked_at, row.asked_by, row.asked_user, row.decided_at,
            row.decided_by, row.decided_why, row.valid_until, Money.of(row.amount), row.letter,
        )
        for row in found
    ]  # fmt: skip
