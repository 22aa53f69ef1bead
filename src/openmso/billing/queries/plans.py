"""Payment plans: the list, one with its instalments, and what they ask of accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from openmso.billing.contracts import ChargeRow, OwedLine, PlannedInstalment, PlanRow
from openmso.billing.models import Charge, Plan
from openmso.billing.queries import owing, policies
from openmso.billing.queries.narrowing import narrow
from openmso.billing.rules import plans as rules
from openmso.billing.rules.plans import Terms
from openmso.billing.states import Charging, L
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.patients import queries as patients
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally

SORTS = {"next_on": "next_on", "amount": "amount", "left": "left_amount", "due": "due_amount", "made_at": "made_at"}
COMPARED = {"left": "left_amount", "due": "due_amount", "next": "next_on", "missed": "missed"}


def listing(*, filters: Filters, page: PageAsk) -> Page[PlanRow]:
    """A page of the plans in scope, the latest first unless sorted otherwise."""
    found = filtered(filters)
    column = SORTS.get(page.sort, "made_at")
    shown = paging.rows(found, (f"-{column}" if page.desc or not page.sort else column, "pk"), page)
    return counting.page_of(rows_of(shown), found, page, lambda: tally(filters=filters))


def tally(*, filters: Filters) -> Tally:
    """How many plans the filters leave, and what they come to."""
    sums = filtered(filters).aggregate(
        n=Count("pk"), amount=Sum("amount"), left=Sum("left_amount"), due=Sum("due_amount")
    )  # fmt: skip
    return Tally(sums["n"], {name: Money.of(sums[name] or 0) for name in ("amount", "left", "due")})


def filtered(filters: Filters) -> QuerySet[Plan]:
    """The plans that the filters leave; the text is a plan or a patient."""
    return narrow(Plan.objects.all(), filters, compared=COMPARED, ids={"PLN": "public_id"})


def plan(public_id: str, *, on: date) -> tuple[PlanRow, list[PlannedInstalment]]:
    """One plan and its instalments, as they stand on a day; raises `NotFound`."""
    row = Plan.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no plan {public_id}.")
    grace = policies.current(row.practice_id).plan_grace_days
    if row.state == L.ACTIVE:
        now = rules.stand(terms(row), lefts(row.practice_id, [row])[row.pk], on, grace)
        row.left_amount, row.due_amount, row.missed = now.left.amount, now.due.amount, now.missed
        row.next_on = now.next.due_on if now.next else None
    day = on if row.decided_at is None or row.state == L.ACTIVE else tenancy.today(row.practice_id, row.decided_at)
    return rows_of([row])[0], _instalments(row, day, grace)


def _instalments(row: Plan, on: date, grace: int) -> list[PlannedInstalment]:
    paid, sofar = Money.of(row.amount - row.left_amount), ZERO
    found: list[PlannedInstalment] = []
    for one in terms(row).schedule():
        sofar += one.amount
        open_ = min(one.amount, max(ZERO, sofar - paid))
        is_missed = bool(open_) and row.state in {L.ACTIVE, L.BROKEN} and (on - one.due_on).days > grace
        found.append(PlannedInstalment(one.number, one.due_on, one.amount, open_, is_missed))
    return found


def charges(plan: str) -> list[ChargeRow]:
    """The instalments of a plan that are charged to a card, the latest first."""
    rows = Charge.objects.filter(plan__public_id=plan).select_related("card").order_by("-pk")
    return [
        ChargeRow(
            row.public_id, row.practice_id, row.number, row.charge_on, Money.of(row.amount), Charging(row.state),
            row.words, row.card.last4,
        )
        for row in rows
    ]  # fmt: skip


def of_patient(*, practice: int, patient: int) -> list[PlanRow]:
    """The plans of a patient, the latest first."""
    return rows_of(list(Plan.objects.filter(practice_id=practice, patient_id=patient).order_by("-pk")))


def in_good_standing(practice: int) -> set[int]:
    """The patients who pay by a plan and have missed nothing: no dunning, no agency."""
    found = Plan.objects.filter(practice_id=practice, state=L.ACTIVE, missed=0)
    return set(found.values_list("patient_id", flat=True))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan has an account asked for by a day: what is due of it, and what is owed beside it."""

    plan: str
    due: Money
    beside: Money
    left: Money
    next_on: date | None

    @property
    def amount(self) -> Money:
        """What is asked for as a whole."""
        return self.due + self.beside


def asked(*, practice: int, by: date, patient: int | None = None) -> dict[int, Asked]:
    """What the accounts with a running plan (the one of a patient) are asked for by a day, by patient."""
    running = Plan.objects.filter(practice_id=practice, state=L.ACTIVE)
    rows = list(running if patient is None else running.filter(patient_id=patient))
    lines = owing.lines(practice=practice, patients=[row.patient_id for row in rows]) if rows else {}
    found = {}
    for row in rows:
        mine = lines.get(row.patient_id, [])
        left = _left(row, mine)
        now = rules.stand(terms(row), left, by, 0)
        owed = Money.total(max(ZERO, one.owed) for one in mine)
        found[row.patient_id] = Asked(
            row.public_id, now.due, owed - left, left, now.next.due_on if now.next else None
        )  # fmt: skip
    return found


def terms(row: Plan) -> Terms:
    """The terms of a plan."""
    return Terms(Money.of(row.amount), Money.of(row.instalment_amount), row.first_on)


def lefts(practice: int, rows: Collection[Plan]) -> dict[int, Money]:
    """What is still owed of the lines that plans cover, by plan."""
    lines = owing.lines(practice=practice, patients=[row.patient_id for row in rows])
    return {row.pk: _left(row, lines.get(row.patient_id, [])) for row in rows}


def _left(row: Plan, lines: Sequence[OwedLine]) -> Money:
    owed: Mapping[tuple[str, int], Money] = {(one.claim, one.line): one.owed for one in lines}
    return rules.left_of([(claim, line, Money.of(amount)) for claim, line, amount in row.covers], owed)


def rows_of(found: Sequence[Plan]) -> list[PlanRow]:
    """Rows as the list shows them."""
    people = patients.by_ids({row.patient_id for row in found})
    practices = {one.pk: one.name for one in tenants()}
    return [
        PlanRow(
            row.public_id, row.practice_id, practices.get(row.practice_id, ""), people[row.patient_id].public_id,
            people[row.patient_id].name, Money.of(row.amount), Money.of(row.instalment_amount), terms(row).count,
            row.first_on, row.beyond, row.why, L(row.state), row.made_at, row.made_by, row.decided_at, row.decided_by,
            row.decided_why, Money.of(row.left_amount), Money.of(row.due_amount), row.missed, row.next_on,
        )
        for row in found
    ]  # fmt: skip
