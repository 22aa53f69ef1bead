"""Deficit loans: what stands, what moved them, and whether both books say the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import DecimalField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from openmso.agreements.fees.waterfall import Line, LoanDays
from openmso.agreements.queries import agreements
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, Basis, Selection
from openmso.ledger.queries import selection as ledger
from openmso.platform.tenancy.models import Entity
from openmso.platform.tenancy.scope import current
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.treasury import models
from openmso.treasury.contracts import Loan, LoanMove
from openmso.treasury.states import LESS, Moved, Part, R


@dataclass(frozen=True, slots=True)
class Accruing:
    """Interest of a loan that no run has charged yet: from which day through which, at which rate and day count."""

    loan: str
    since: date
    through: date
    amount: Money
    rate: Decimal
    day_count: str


END = date(2999, 12, 31)
BASES = (Basis.COMMON, Basis.ACCRUAL)
SORTS = {"practice_name": "practice__name", "balance": "balance", "lent": "lent", "repaid": "repaid",
         "opened_on": "opened_on"}  # fmt: skip


def loans(filters: Filters, ask: PageAsk) -> Page[Loan]:
    """The loans in scope with what stands of them, and the sums."""
    found = _with_sums(filters)
    key = SORTS.get(ask.sort, "practice__name")
    rows = list(found.order_by(f"-{key}" if ask.desc else key, "pk"))
    shown = tuple(_loan(row) for row in rows[ask.offset : ask.offset + ask.size])
    sums = {name: Money.total(Money.of(getattr(row, name) or 0) for row in rows) for name in ("balance", "lent")}
    sums["repaid"] = Money.total(-Money.of(row.repaid or 0) for row in rows)  # type: ignore[attr-defined]
    return Page(shown, len(rows), ask, sums)


def loan(public_id: str) -> Loan:
    """A loan by its public id; raises `NotFound`."""
    row = _with_sums(Filters()).filter(public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such loan among the practices you may see.")
    return _loan(row)


def of_agreement(practice: int, agreement: str) -> Loan | None:
    """The loan of an agreement, once there is one; or that of the one before between the same two, which runs on."""
    found = register_of(practice, agreement)
    return _loan(_with_sums(Filters()).get(pk=found.pk)) if found else None


def register_of(practice: int, agreement: str) -> models.DeficitLoan | None:
    """The register of the loan of an agreement; where it has none, of the last agreement before it of the same two."""
    held = list(models.DeficitLoan.objects.filter(practice_id=practice).order_by("-pk"))
    own = next((one for one in held if one.agreement == agreement), None)
    asked = agreements.agreement(agreement).latest if held and own is None else None
    if asked is None:
        return own
    for one in held:
        before = agreements.agreement(one.agreement).latest
        same = (one.practice_entity_id, one.mso_entity_id) == (asked.terms.practice.entity, asked.terms.mso.entity)
        if same and before is not None and before.terms.days.starts_on < asked.terms.days.starts_on:
            return one
    return None


def mso_of(row: models.DeficitLoan) -> int:
    """The tenant of the MSO of a loan."""
    return Entity.objects.values_list("tenant_id", flat=True).get(pk=row.mso_entity_id)


def interest_on(row: models.DeficitLoan, part: Money, *, since: str) -> tuple[Money, str]:
    """The interest that runs charged on a part of a loan since it was lent by an entry, and by which terms.

    Interest that a run did not pay became part of the loan, and bore interest like the rest.
    """
    ran = list(models.Run.objects.filter(practice_id=row.practice_id, state=R.POSTED.value).order_by("month"))
    lent = next((one.month for one in ran if any(name == since for _, name in one.entries)), None)
    months, found, bears = [one for one in ran if lent is not None and one.month > lent], ZERO, part
    for one in months:
        month, rate, count = Month.of(one.month), Decimal(str(one.terms["interest"])), LoanDays(one.terms["day_count"])
        bore = count.interest(bears, rate, month, month.days)
        step = models.RunStep.objects.get(practice_id=one.practice_id, run=one, line=Line.INTEREST.value)
        if step.wanted_amount:
            bears = bears + bore.times(step.missing_amount / step.wanted_amount)
        found = found + bore
    if not months:
        return ZERO, ""
    first, last = Month.of(months[0].month), Month.of(months[-1].month)
    return found, f"{first.words} to {last.words}, {months[-1].terms['day_count']}"


def accruing(practice: int, agreement: str, *, through: date) -> Accruing | None:
    """The interest that a loan bears since the month that was run last, through a day; nothing where it bears none.

    Simple interest by the terms of that run, month by month, each to the cent: a run would charge the same.
    """
    loan = of_agreement(practice, agreement)
    under = [agreement, *([loan.agreement] if loan else [])]
    ran = models.Run.objects.filter(practice_id=practice, agreement__in=under, state=R.POSTED)
    last = ran.order_by("-month").first()
    if last is None or loan is None or loan.balance <= ZERO:
        return None
    rate, count = Decimal(str(last.terms.get("interest", 0))), LoanDays(last.terms.get("day_count", "30/360"))
    month, amount = Month.of(last.month).plus(1), ZERO
    since = month.first
    while rate and month.first <= through:
        days = month.days if month.last <= through else (through - month.first).days + 1
        amount, month = amount + count.interest(loan.balance, rate, month, days), month.plus(1)
    return Accruing(loan.public_id, since, through, amount, rate, count.value) if amount else None


def movements(public_id: str) -> list[LoanMove]:
    """What moved a loan, oldest first, each with the balance after it."""
    found = models.LoanMovement.objects.filter(loan__public_id=public_id).select_related("run").order_by("pk")
    made, balance = list[LoanMove](), ZERO
    for row in found:
        balance = balance + Money.of(row.amount)
        made.append(
            LoanMove(row.moved_on, Moved(row.kind), Part(row.part), Money.of(row.amount), balance, row.words,
                     row.run.public_id if row.run else "", row.reverses, row.dispute)
        )  # fmt: skip
    return made


def parts(loan: models.DeficitLoan) -> dict[Part, Money]:
    """What a loan is made of."""
    rows = models.LoanMovement.objects.filter(loan=loan).values_list("part").annotate(sum=Sum("amount"))
    return {Part(part): Money.of(amount) for part, amount in rows}


def of_run(run: models.Run) -> list[models.LoanMovement]:
    """The movements of a run that were not reversed."""
    return list(models.LoanMovement.objects.filter(run=run, reverses=False).order_by("pk"))


def _with_sums(filters: Filters) -> QuerySet[models.DeficitLoan]:
    found = models.DeficitLoan.objects.select_related("practice")
    if codes := filters.many("practice"):
        found = found.filter(practice__code__in=[code.upper() for code in codes])
    if filters.text:
        found = found.filter(Q(practice__name__icontains=filters.text) | Q(agreement__istartswith=filters.text))
    moved = models.LoanMovement.objects.order_by()
    return found.annotate(**{
        name: _sum(moved, wanted)
        for name, wanted in (
            ("balance", Q()), ("advances", Q(part=Part.ADVANCE)), ("fees", Q(part=Part.FEE)),
            ("interest", Q(part=Part.INTEREST)), ("lent", ~Q(kind__in=LESS)), ("repaid", Q(kind__in=LESS)),
        )
    })  # fmt: skip


def _sum(moved: QuerySet[models.LoanMovement], wanted: Q) -> Coalesce:
    own = moved.filter(wanted, loan=OuterRef("pk")).values("loan").annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(own), 0, output_field=DecimalField(max_digits=14, decimal_places=2))


def _loan(row: models.DeficitLoan) -> Loan:
    amounts = {name: Money.of(getattr(row, name) or 0)
               for name in ("balance", "advances", "fees", "interest", "lent", "repaid")}  # fmt: skip
    within = current().entities
    ours = theirs = None
    if row.practice_entity_id in within:
        ours = -ledger.total(Selection(row.practice_entity_id, (Accounts.DEFICIT_LOAN,), BASES, END)).net
    if row.mso_entity_id in within:
        party = (row.practice.public_id,)
        asked = Selection(row.mso_entity_id, (Accounts.DEFICIT_LOANS,), BASES, END, parties=party)
        theirs = ledger.total(asked).net
    return Loan(
        row.public_id, row.practice_id, row.practice.name, row.agreement, row.opened_on, amounts["balance"],
        amounts["advances"], amounts["fees"], amounts["interest"], amounts["lent"], -amounts["repaid"], ours, theirs,
    )  # fmt: skip
