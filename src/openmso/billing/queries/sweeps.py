"""Runs over accounts, and what they made of each; agencies and what they have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet, Sum

from openmso.billing.contracts import AgencyRow, Deed, PlacementRow, SweepKind, SweepRow, SweptRow
from openmso.billing.models import Agency, AgencyFile, Placement, Sweep, SweptAccount
from openmso.billing.queries.narrowing import narrow
from openmso.billing.states import UNDER_WAY, Placed, Sweeping, Swept
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.patients import queries as patients
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally

SORTS = {"amount": "amount", "number": "number"}


def listing(*, filters: Filters, page: PageAsk) -> Page[SweepRow]:
    """A page of the runs in scope, the latest first."""
    found = _filtered(filters)
    shown = paging.rows(found, ("-made_at", "pk"), page)
    return counting.page_of(rows_of(shown), found, page, lambda: tally(filters=filters))


def tally(*, filters: Filters) -> Tally:
    """How many runs the filters leave."""
    return Tally(_filtered(filters).count())


def _filtered(filters: Filters) -> QuerySet[Sweep]:
    return narrow(Sweep.objects.select_related("agency"), filters, chosen={"is": "state", "kind": "kind"},
                  ids={"CRN": "public_id"}, of_patients=False)  # fmt: skip


def sweep(public_id: str) -> SweepRow:
    """One run; raises `NotFound`."""
    row = Sweep.objects.select_related("agency").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no run {public_id}.")
    return rows_of([row])[0]


def under_way(*, practice: int, kind: SweepKind) -> list[str]:
    """The runs of a kind that were begun, or are being done, and have not come to their end."""
    found = Sweep.objects.filter(practice_id=practice, kind=kind, state__in=[one.value for one in UNDER_WAY])
    return list(found.order_by("pk").values_list("public_id", flat=True))


def rows_of(found: Sequence[Sweep]) -> list[SweepRow]:
    """Rows as the list shows them."""
    names = {one.pk: one.name for one in tenants()}
    return [
        SweepRow(
            row.pk, row.public_id, row.practice_id, names.get(row.practice_id, ""), SweepKind(row.kind),
            row.agency.name if row.agency else "", row.on, Sweeping(row.state), row.made_at, row.made_by,
            row.made_user, row.decided_at, row.decided_by, row.decided_why, row.count, Money.of(row.amount),
            row.paper, row.sheet, row.whole, row.looked,
        )
        for row in found
    ]  # fmt: skip


def of_sweep(public_id: str, *, filters: Filters, page: PageAsk) -> Page[SweptRow]:
    """The accounts that a run looked at: those it does something about, then those it leaves out, by amount."""
    found = _accounts(public_id, filters)
    column = SORTS.get(page.sort, "amount")
    left_out = ExpressionWrapper(Q(state=Swept.LEFT_OUT.value), BooleanField())
    rows = found.order_by(left_out.asc(), f"-{column}" if page.desc or not page.sort else column, "pk")
    shown = swept_of(list(rows[page.offset : page.offset + page.size]))
    return counting.page_of(shown, found, page, lambda: accounts_tally(public_id, filters=filters))


def accounts_tally(public_id: str, *, filters: Filters) -> Tally:
    """How many accounts they are, and of which amount."""
    sums = _accounts(public_id, filters).aggregate(n=Count("pk"), sum=Sum("amount"))
    return Tally(sums["n"], {"amount": Money.of(sums["sum"] or 0)})


def numbers(public_id: str, *, filters: Filters, named: Sequence[str]) -> list[int]:
    """The accounts of a run that the filters leave, or those named."""
    found = _accounts(public_id, filters)
    if named:
        found = found.filter(number__in=[int(one) for one in named if one.isdigit()])
    return list(found.order_by("number").values_list("number", flat=True))


def _accounts(public_id: str, filters: Filters) -> QuerySet[SweptAccount]:
    found = SweptAccount.objects.filter(sweep__public_id=public_id).select_related("sweep")
    return narrow(found, filters, chosen={"is": "state", "deed": "deed"})


def of_patient(*, practice: int, patient: int) -> list[SweptRow]:
    """What runs did with the account of a patient, the latest first."""
    done = Q(state__in=[Swept.DONE.value, Swept.TAKEN_BACK.value])
    rows = SweptAccount.objects.filter(done, practice_id=practice, patient_id=patient).select_related("sweep")
    return swept_of(list(rows.order_by("-pk")))


def swept_of(found: Sequence[SweptAccount]) -> list[SweptRow]:
    """Rows as lists show them."""
    people = patients.by_ids({row.patient_id for row in found})
    return [
        SweptRow(
            row.number, row.practice_id, row.sweep.public_id, people[row.patient_id].public_id,
            people[row.patient_id].name, Deed(row.deed), Money.of(row.amount), row.words, Swept(row.state), row.why,
            row.act,
        )
        for row in found
    ]  # fmt: skip


def agencies(practice: int | None = None) -> list[AgencyRow]:
    """The agencies of the practices in scope (of one), and what they have and brought."""
    found = Agency.objects.filter(ended_on=None)
    if practice is not None:
        found = found.filter(practice_id=practice)
    is_out = Q(state=Placed.OUT.value)
    held = Placement.objects.filter(agency__in=found).order_by().values("agency_id")
    sums: dict[int, dict[str, Any]] = {
        row["agency_id"]: dict(row)
        for row in held.annotate(
            n=Count("pk", filter=is_out), out=Sum("amount", filter=is_out), back=Sum("recovered_amount"),
            fees=Sum("fee_amount"),
        )
    }  # fmt: skip
    names = {one.pk: one.name for one in tenants()}
    return [
        AgencyRow(
            row.public_id, row.practice_id, names.get(row.practice_id, ""), row.name, row.fee_percent,
            sums.get(row.pk, {}).get("n") or 0, Money.of(sums.get(row.pk, {}).get("out") or 0),
            Money.of(sums.get(row.pk, {}).get("back") or 0), Money.of(sums.get(row.pk, {}).get("fees") or 0),
        )
        for row in found.order_by("practice_id", "name")
    ]  # fmt: skip


def agency(public_id: str) -> AgencyRow:
    """One agency; raises `NotFound`."""
    found = next((one for one in agencies() if one.public_id == public_id), None)
    if found is None:
        raise NotFound(f"There is no collection agency {public_id}.")
    return found


def files(public_id: str) -> list[AgencyFile]:
    """The files that went to an agency and came from it, the latest first."""
    return list(AgencyFile.objects.filter(agency__public_id=public_id).order_by("-pk")[:50])


def placements(*, filters: Filters, page: PageAsk) -> Page[PlacementRow]:
    """A page of what agencies have or had, the latest first."""
    found = _placements(filters)
    shown = paging.rows(found, ("-placed_on", "pk"), page)
    return counting.page_of(placed_of(shown), found, page, lambda: placements_tally(filters=filters))


def placements_tally(*, filters: Filters) -> Tally:
    """How many they are, of which amount, and what came back."""
    sums = _placements(filters).aggregate(n=Count("pk"), sum=Sum("amount"), back=Sum("recovered_amount"))
    return Tally(sums["n"], {"amount": Money.of(sums["sum"] or 0), "recovered": Money.of(sums["back"] or 0)})


def placement_ids(*, filters: Filters, named: Sequence[str], limit: int) -> list[str]:
    """The placements that the filters leave, or those named, at most so many."""
    found = _placements(filters)
    if named:
        found = found.filter(public_id__in=list(named))
    return list(found.order_by("pk").values_list("public_id", flat=True)[:limit])


def of_account(*, practice: int, patient: int) -> list[PlacementRow]:
    """The placements of a patient, the latest first."""
    rows = Placement.objects.filter(practice_id=practice, patient_id=patient).select_related("agency")
    return placed_of(list(rows.order_by("-pk")))


def _placements(filters: Filters) -> QuerySet[Placement]:
    return narrow(Placement.objects.select_related("agency"), filters, ids={"PLC": "public_id"})


def placed_of(found: Sequence[Placement]) -> list[PlacementRow]:
    """Rows as lists show them."""
    people = patients.by_ids({row.patient_id for row in found})
    names = {one.pk: one.name for one in tenants()}
    return [
        PlacementRow(
            row.public_id, row.practice_id, names.get(row.practice_id, ""), people[row.patient_id].public_id,
            people[row.patient_id].name, row.agency.name, Money.of(row.amount), row.placed_on, Placed(row.state),
            row.ended_on, row.ended_why, Money.of(row.recovered_amount), Money.of(row.fee_amount),
        )
        for row in found
    ]  # fmt: skip
