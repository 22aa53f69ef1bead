"""Questions about facilities: one with all that was added to it, the list, their proof, what is measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from openmso.equity.contracts import Point, Table
from openmso.equity.contracts.facilities import (
    FACILITY,
    Covenant,
    Draw,
    Every,
    Facility,
    FacilityRow,
    Instalment,
    Lending,
    Measure,
    Prepaid,
    Step,
    Tested,
    Unused,
)
from openmso.equity.models import facilities as kept
from openmso.equity.rules import lending, loans, venture
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, Basis, Selection
from openmso.ledger.queries import books, selection
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.models import Entity
from openmso.platform.ui.contracts import Filters, Page, PageAsk

EVER = date(2199, 12, 31)


def facility(public_id: str) -> Facility:
    """One facility with all that was added to it; raises `NotFound`."""
    found = told(kept.Facility.objects.filter(public_id=public_id))
    if not found:
        raise NotFound(f"There is no facility {public_id}.", field="facility")
    return found[0]


def of_draw(public_id: str) -> tuple[Facility, Draw]:
    """A draw, with the facility it is of; raises `NotFound`."""
    row = kept.Draw.objects.filter(public_id=public_id).select_related("facility").first()
    if row is None:
        raise NotFound(f"There is no draw {public_id}.", field="draw")
    one = facility(row.facility.public_id)
    return one, next(each for each in one.draws if each.public_id == public_id)


def of_covenant(public_id: str) -> tuple[Facility, Covenant]:
    """A covenant, with the facility it is of; raises `NotFound`."""
    row = kept.Covenant.objects.filter(public_id=public_id).select_related("facility").first()
    if row is None:
        raise NotFound(f"There is no covenant {public_id}.", field="covenant")
    one = facility(row.facility.public_id)
    return one, next(each for each in one.covenants if each.public_id == public_id)


def of_practice(practice: int) -> list[Facility]:
    """The facilities of a practice, the first one first."""
    return told(kept.Facility.objects.filter(practice_id=practice))


def in_scope() -> list[Facility]:
    """The facilities in scope."""
    return told(kept.Facility.objects.all())


def listing(*, filters: Filters, page: PageAsk) -> Page[FacilityRow]:
    """The facilities in scope, filtered and sorted; there are few, so it is done in memory."""
    rows = kept.Facility.objects.all()
    if codes := filters.many("practice"):
        rows = rows.filter(practice_id__in=tenancy.keys_of([one.lower() for one in codes]))
    found = [
        one for one in map(_row, told(rows))
        if filters.text.lower() in f"{one.practice_name} {one.purpose} {one.public_id}".lower()
        and (not filters.many("is") or one.state in filters.many("is"))
    ]  # fmt: skip
    found.sort(key=lambda one: (_SORTS.get(page.sort, _SORTS["practice_name"])(one), one.public_id), reverse=page.desc)
    totals = {name: Money.total(getattr(one, name) for one in found) for name in ("limit", "drawn", "balance", "left")}
    return Page(found[page.offset : page.offset + page.size], len(found), page, totals)


_SORTS: Mapping[str, Callable[[FacilityRow], Any]] = {
    "practice_name": lambda one: one.practice_name, "state": lambda one: one.state, "limit": lambda one: one.limit,
    "drawn": lambda one: one.drawn, "balance": lambda one: one.balance, "left": lambda one: one.left,
    "next_due_on": lambda one: one.next_due_on or date.max, "breaches": lambda one: one.breaches,
    "requested_at": lambda one: one.requested_at,
}  # fmt: skip


def unequal(one: Facility) -> list[tuple[str, Money, Money]]:
    """What is owed by the schedules beside the books of both sides, where they differ: nothing, when all is well.

    A book that is not in scope is not compared.
    """
    ours = Money.total(each.balance for each in of_practice(one.practice) if each.mso_entity == one.mso_entity)
    found = []
    for words, entity, account, sign in (
        ("the practice's book", one.practice_entity, Accounts.FACILITY_OWED, -1),
        ("the MSO's book", one.mso_entity, Accounts.FACILITIES_LENT, 1),
    ):
        if not Entity.objects.filter(pk=entity).exists() or books.find_account(entity=entity, code=account) is None:
            continue
        parties = (one.practice_public_id,) if sign > 0 else ()
        chosen = Selection(entity, (account,), (Basis.COMMON,), EVER, kinds=(FACILITY,), parties=parties)
        theirs = selection.total(chosen).net.times(sign)
        if theirs != ours:
            found.append((words, ours, theirs))
    return found


def lent(table: Table) -> tuple[str, ...]:
    """The holders who can refer and owe the entity for what it lent them."""
    owing = {one.practice_public_id for one in in_scope() if one.mso_entity == table.entity and one.balance}
    return tuple(each.name for each in table.holders if each.refers and each.tenant in owing)


def points(table: Table, on: date) -> list[Point]:
    """The test of a joint venture on a day, with what it lends to its investors."""
    return venture.points(table, on, lent(table))


def measured(one: Facility, covenant: Covenant, month: Month) -> Decimal | None:
    """What a covenant looks at, from the practice's book, for the period that ends with a month; None where it is told.

    Coverage without an instalment due has nothing to be covered: it is as good as no limit can ask (999).
    """
    if covenant.measure is Measure.TOLD:
        return None
    entity, ends_on = one.practice_entity, month.plus(1).first
    book = books.book_of(entity)
    bases = book.method.bases(book.method)
    if covenant.measure is Measure.CASH:
        cash = (Accounts.OPERATING_CASH, Accounts.CASH_CLEARING)
        return selection.total(Selection(entity, cash, bases, ends_on)).net.amount
    codes = tuple(each.code for each in books.accounts(entity=entity) if each.postable and each.kind.is_temporary)
    starts_on = month.plus(1 - covenant.every.months).first
    income = -selection.total(Selection(entity, codes, bases, ends_on, starts_on)).net
    if covenant.measure is Measure.INCOME:
        return income.amount
    due = lending.instalments(one, month, covenant.every.months)
    return (income.amount / due.amount).quantize(Decimal("0.0001")) if due else Decimal(999)


def interest(one: Facility, *, through: date) -> Money:
    """The interest of a facility's draws that is not paid yet, through a day."""
    return Money.total(lending.accrued(draw, through) for draw in one.draws)


def unused_fees(one: Facility, *, through: date) -> list[tuple[Month, Money]]:
    """The unused fees that are not paid yet: of each month that is over, and of the month of a day through that day."""
    found = [(month, lending.unused(one, month)[1]) for month in lending.unused_months(one, through)]
    last, charged = Month.of(through), {each.month for each in one.fees}
    if one.unused_rate and one.opened_at is not None and last not in charged | {month for month, _ in found}:
        found.append((last, lending.unused(one, last, through)[1]))
    return [(month, fee) for month, fee in found if fee]


def _row(one: Facility) -> FacilityRow:
    days = [draw.next.due_on for draw in one.draws if draw.next]
    return FacilityRow(
        one.public_id, one.practice, one.practice_name, one.purpose, one.state, one.limit, one.drawn, one.balance,
        one.left, min(days, default=None), one.breaches, one.steps[0].at,
    )  # fmt: skip


# ---- rows as what leaves ---------------------------------------------------------------------------------------


def told(found: QuerySet[kept.Facility]) -> list[Facility]:
    """Rows as facilities; a constant number of questions for any number of them."""
    rows = list(found.select_related("practice", "mso_entity").order_by("pk"))
    zones = {row.practice_id: ZoneInfo(row.practice.zone) for row in rows}
    steps: dict[int, list[Step]] = defaultdict(list)
    for row in kept.FacilityStep.objects.filter(facility__in=rows).order_by("pk"):
        at = row.made_at.astimezone(zones[row.practice_id])  # its day is the practice's
        steps[row.facility_id].append(Step(Lending(row.to), at, row.made_by, row.made_by_user, row.why))
    fees: dict[int, list[Unused]] = defaultdict(list)
    for fee in kept.UnusedFee.objects.filter(facility__in=rows).order_by("month"):
        fees[fee.facility_id].append(
            Unused(Month.of(fee.month), Money.of(fee.mean_amount), Money.of(fee.amount), fee.paid_on)
        )
    draws, covenants = _draws(rows), _covenants(rows)
    return [
        Facility(
            row.pk, row.public_id, row.practice_id, row.practice.name, row.practice.public_id,
            row.mso_entity.tenant_id, row.practice_entity_id, row.mso_entity_id, row.purpose,
            Money.of(row.limit_amount), row.rate, row.months, row.terms, tuple(steps[row.pk]), tuple(draws[row.pk]),
            tuple(covenants[row.pk]), row.revolves, row.unused_rate, tuple(fees[row.pk]),
        )
        for row in rows
    ]  # fmt: skip


def _draws(rows: list[kept.Facility]) -> dict[int, list[Draw]]:
    drawn = list(kept.Draw.objects.filter(facility__in=rows).select_related("facility").order_by("pk"))
    paid: dict[int, dict[int, date]] = defaultdict(dict)
    for payment in kept.DrawPayment.objects.filter(draw__in=drawn):
        paid[payment.draw_id][payment.number] = payment.paid_on
    ahead: dict[int, list[Prepaid]] = defaultdict(list)
    for each in kept.Prepayment.objects.filter(draw__in=drawn).order_by("paid_on", "pk"):
        ahead[each.draw_id].append(
            Prepaid(each.paid_on, Money.of(each.principal_amount), Money.of(each.interest_amount), each.made_by)
        )
    found: dict[int, list[Draw]] = defaultdict(list)
    for row in drawn:
        loan = loans.Loan(Money.of(row.amount), row.facility.rate, row.facility.months, Money.of(row.residual_amount))
        lines = tuple(
            Instalment(each.number, each.due_on, each.payment, each.interest, each.principal, each.balance,
                       paid[row.pk].get(each.number))
            for each in loans.schedule(loan, row.drawn_on, [(one.on, one.amount) for one in ahead[row.pk]])
        )  # fmt: skip
        found[row.facility_id].append(
            Draw(row.public_id, loan.amount, loan.residual, row.drawn_on, row.purpose, lines, row.made_at, row.made_by,
                 row.practice_entry, row.mso_entry, tuple(ahead[row.pk]))
        )  # fmt: skip
    return found


def _covenants(rows: list[kept.Facility]) -> dict[int, list[Covenant]]:
    promised = list(kept.Covenant.objects.filter(facility__in=rows).order_by("pk"))
    made = list(kept.CovenantTest.objects.filter(covenant__in=promised).order_by("-month"))
    cures = {row.test_id: row for row in kept.Cure.objects.filter(test__in=made)}
    tests: dict[int, list[Tested]] = defaultdict(list)
    for row in made:
        cure = cures.get(row.pk)
        tests[row.covenant_id].append(
            Tested(Month.of(row.month), row.value, row.met, row.shows, row.made_at, row.made_by, row.cure_by,
                   cure.cured_on if cure else None, cure.words if cure else "")
        )  # fmt: skip
    found: dict[int, list[Covenant]] = defaultdict(list)
    for one in promised:
        found[one.facility_id].append(
            Covenant(one.public_id, one.words, Measure(one.measure), one.at_least, one.limit, Every(one.every),
                     one.cure_days, tuple(tests[one.pk]))
        )  # fmt: skip
    return found
