"""How far patients were asked: the facts of accounts, a few questions for any number, and the list by stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Sum

from openmso.billing.contracts import ChaseRow
from openmso.billing.models import Account, Assistance, Chase, Payment, Placement, Statement, SweptAccount
from openmso.billing.queries import plans, policies, tables
from openmso.billing.queries.narrowing import narrow
from openmso.billing.rules import dunning, medical_debt
from openmso.billing.rules.dunning import DEEDS, Facts, Stand
from openmso.billing.states import Deed, Helped, Hold, P, Placed, Stage, Swept
from openmso.kit.money import Money
from openmso.patients import queries as patients
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally

STAGES = {deed: stage for stage, deed in DEEDS.items()}
COMPARED = {"due": "due_on", "owed": "owed_amount"}
SORTS = {"due_on": "due_on", "owed": "owed_amount", "stage_on": "stage_on"}


def facts(*, practice: int, only: Collection[int] | None = None) -> dict[int, Facts]:
    """What is known of the accounts of a practice (of some patients), as they were last made anew."""
    rows = Account.objects.filter(practice_id=practice)
    of: dict[str, Any] = {"practice_id": practice}
    if only is not None:
        rows, of = rows.filter(patient_id__in=list(only)), of | {"patient_id__in": list(only)}
    accounts = list(rows)
    people = patients.by_ids([row.patient_id for row in accounts])
    paid = dict(
        Payment.objects.filter(state=P.POSTED.value, **of).order_by().values_list("patient_id").annotate(
            last=Max("received_at")
        )
    )  # fmt: skip
    sent: defaultdict[int, list[date]] = defaultdict(list)
    told = Statement.objects.filter(reason="", **of).order_by("on", "pk")
    for patient, on, at in told.values_list("patient_id", "on", "run__made_at"):
        if patient not in paid or at > paid[patient]:
            sent[patient].append(on)
    steps: defaultdict[int, dict[Stage, date]] = defaultdict(dict)
    done = SweptAccount.objects.filter(state=Swept.DONE.value, deed__in=[one.value for one in STAGES], **of)
    for patient, deed, on, decided_at in done.order_by("pk").values_list(
        "patient_id", "deed", "sweep__on", "sweep__decided_at"
    ):
        if patient not in paid or (decided_at is not None and decided_at > paid[patient]):
            steps[patient][STAGES[Deed(deed)]] = on
    placed = set(Placement.objects.filter(state=Placed.OUT.value, **of).values_list("patient_id", flat=True))
    ended = Placement.objects.filter(state__in=[Placed.RECALLED.value, Placed.RETURNED.value], **of).order_by("pk")
    back = {
        patient: on for patient, on in ended.values_list("patient_id", "ended_on")
        if on is not None and (patient not in paid or on >= paid[patient].date())
    }  # fmt: skip
    planned = plans.in_good_standing(practice)
    screened = set(
        Assistance.objects.filter(**of).exclude(state=Helped.ASKED.value).values_list("patient_id", flat=True)
    )
    return {
        row.patient_id: Facts(
            Money.of(row.owed_amount), Money.of(row.unapplied_amount), row.oldest_on,
            Hold(row.hold) if row.hold else None, row.hold_until, row.patient_id in planned, row.patient_id in placed,
            row.patient_id in screened, tuple(sent[row.patient_id]), steps[row.patient_id],
            people[row.patient_id].person.address.state, back.get(row.patient_id),
        )
        for row in accounts
    }  # fmt: skip


def stands(*, practice: int, on: date, only: Collection[int] | None = None) -> dict[int, tuple[Facts, Stand]]:
    """How far each account is on a day, by patient."""
    policy = policies.current(practice)
    laws: dict[str, medical_debt.Law] = {}
    table = tables.laws()
    found = {}
    for patient, known in facts(practice=practice, only=only).items():
        if known.state not in laws:
            laws[known.state] = medical_debt.of_state(
                known.state, is_hospital=bool(policy.is_hospital), known=table, on=on
            )
        found[patient] = (known, dunning.stand(known, policy, laws[known.state], on))
    return found


def listing(*, filters: Filters, page: PageAsk) -> Page[ChaseRow]:
    """A page of the accounts that are asked, what is due first unless sorted otherwise."""
    found = filtered(filters)
    column = SORTS.get(page.sort, "due_on")
    shown = paging.rows(found, (f"-{column}" if page.desc else column, "pk"), page)
    return counting.page_of(rows_of(shown), found, page, lambda: tally(filters=filters))


def tally(*, filters: Filters) -> Tally:
    """How many accounts the filters leave, and what they owe."""
    sums = filtered(filters).aggregate(n=Count("pk"), due=Sum("owed_amount"))
    return Tally(sums["n"], {"owed": Money.of(sums["due"] or 0)})


def filtered(filters: Filters) -> QuerySet[Chase]:
    """The accounts that the filters leave; the text is a patient."""
    mine = Account.objects.filter(practice_id=OuterRef("practice_id"), patient_id=OuterRef("patient_id"))
    found = Chase.objects.annotate(owed_amount=Subquery(mine.values("owed_amount")[:1]))
    if following := filters.many("next"):
        found = found.filter(next__in=["" if one == "stopped" else one for one in following])
    return narrow(found, filters, chosen={"stage": "stage"}, compared=COMPARED)


def ids(*, filters: Filters, named: Sequence[str] = (), limit: int) -> dict[int, list[int]]:
    """The patients that the filters leave, or those named, by practice; at most so many."""
    found = filtered(filters)
    if named:
        found = found.filter(patient__public_id__in=list(named))
    by_practice: defaultdict[int, list[int]] = defaultdict(list)
    for practice, patient in found.order_by("pk").values_list("practice_id", "patient_id")[:limit]:
        by_practice[practice].append(patient)
    return dict(by_practice)


def of_patient(*, practice: int, patient: int, on: date) -> Stand | None:
    """How far a patient is on a day; none where they have no account yet."""
    found = stands(practice=practice, on=on, only=[patient]).get(patient)
    return found[1] if found else None


def rows_of(found: Sequence[Chase]) -> list[ChaseRow]:
    """Rows as the list shows them."""
    people = patients.by_ids({row.patient_id for row in found})
    names = {one.pk: one.name for one in tenants()}
    return [
        ChaseRow(
            people[row.patient_id].public_id, row.practice_id, names.get(row.practice_id, ""),
            people[row.patient_id].name, Money.of(getattr(row, "owed_amount", None) or 0), Stage(row.stage),
            row.stage_on, Stage(row.next) if row.next else None, row.due_on, row.words,
        )
        for row in found
    ]  # fmt: skip
