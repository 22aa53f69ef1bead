"""Applications for charity care: the list, and one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Count, QuerySet, Sum

from openmso.billing.contracts import ApplicationRow, ProofRow
from openmso.billing.models import Assistance, Proof
from openmso.billing.queries.narrowing import narrow
from openmso.billing.states import Ground, Helped
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.words import day
from openmso.parties.contracts import PayerKind
from openmso.parties.queries import payers
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
            Ground(row.ground) if row.ground else None, row.evidence, row.reversed_at, row.reversed_by,
            row.reversed_why, Money.of(row.reversed_amount),
        )
        for row in found
    ]  # fmt: skip


def proofs(public_id: str) -> list[ProofRow]:
    """The proofs of an application, in the order in which they came."""
    row = Assistance.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no application {public_id}.")
    first = [ProofRow(row.paper, "With the application", row.asked_at, row.asked_by)] if row.paper else []
    more = Proof.objects.filter(application=row).order_by("pk")
    return [*first, *(ProofRow(one.document, one.name, one.at, one.by) for one in more)]


def papers(public_ids: Collection[str]) -> dict[str, list[str]]:
    """The documents that prove some applications, by application."""
    rows = Assistance.objects.filter(public_id__in=list(public_ids)).values_list("public_id", "paper")
    found = {name: [paper] if paper else [] for name, paper in rows}
    more = Proof.objects.filter(application__public_id__in=list(found)).order_by("pk")
    for name, document in more.values_list("application__public_id", "document"):
        found[name].append(document)
    return found


def medicaid(patient: int, on: date) -> str:
    """The coverage by Medicaid that a patient has on a day, in words; empty without one."""
    for one in patients.coverages_of([patient]).get(patient, ()):
        payer = payers.payer(one.payer_id)
        if payer.kind is PayerKind.MEDICAID and one.holds_on(on):
            return f"{payer.name}, {one.public_id}, since {day(one.starts_on)}."
    return ""
