"""Lending in two books, the judgement of covenants, and what may be drawn."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from openmso.equity.contracts.facilities import FACILITY, Covenant, Draw, Facility, Instalment
from openmso.equity.states import Lending
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, EntryDraft, Journal, Source, credit, debit

ONE_DAY = timedelta(days=1)


def drawn(one: Facility, amount: Money, on: date, draw: str) -> list[EntryDraft]:
    """Cash goes from the MSO to the practice: a liability in one book, an asset in the other."""
    source = Source(FACILITY, one.public_id)
    ours = (
        debit(Accounts.OPERATING_CASH, amount, source=source),
        credit(Accounts.FACILITY_OWED, amount, source=source),
    )
    theirs = (
        debit(Accounts.FACILITIES_LENT, amount, source=source, party=one.practice_public_id),
        credit(Accounts.OPERATING_CASH, amount, source=source, party=one.practice_public_id),
    )
    return _both(one, ours, theirs, on, f"Draw {draw} under {one.public_id}", f"equity.draw:{draw}")


def repaid(one: Facility, draw: Draw, row: Instalment, on: date) -> list[EntryDraft]:
    """An instalment: principal off the debt, interest an expense here and income there."""
    memo = f"Instalment {row.number} of {draw.public_id} under {one.public_id}"
    return _back(one, row.principal, row.interest, on, memo, f"equity.instalment:{draw.public_id}:{row.number}")


def prepaid(one: Facility, draw: Draw, amount: Money, interest: Money, on: date) -> list[EntryDraft]:
    """Principal that is paid ahead of its instalments, with its interest so far."""
    memo = f"Prepayment of {draw.public_id} under {one.public_id}"
    return _back(one, amount, interest, on, memo, f"equity.prepayment:{draw.public_id}:{len(draw.prepaid) + 1}")


def unused_paid(one: Facility, month: Month, amount: Money, on: date) -> list[EntryDraft]:
    """The fee on what of a revolving facility was not drawn in a month."""
    memo = f"Unused fee of {one.public_id}, {month}"
    return _back(one, ZERO, amount, on, memo, f"equity.unused:{one.public_id}:{month}")


def _back(one: Facility, principal: Money, interest: Money, on: date, memo: str, key: str) -> list[EntryDraft]:
    """Cash goes from the practice to the MSO: principal off the debt, the rest an expense here and income there."""
    source, party, whole = Source(FACILITY, one.public_id), one.practice_public_id, principal + interest
    ours = [credit(Accounts.OPERATING_CASH, whole, source=source)]
    theirs = [debit(Accounts.OPERATING_CASH, whole, source=source, party=party)]
    if principal:
        ours.append(debit(Accounts.FACILITY_OWED, principal, source=source))
        theirs.append(credit(Accounts.FACILITIES_LENT, principal, source=source, party=party))
    if interest:
        ours.append(debit(Accounts.INTEREST_PAID, interest, source=source))
        theirs.append(credit(Accounts.LOAN_INTEREST, interest, source=source, party=party))
    return _both(one, tuple(ours), tuple(theirs), on, memo, key)


def _both(one: Facility, ours, theirs, on: date, memo: str, key: str) -> list[EntryDraft]:  # type: ignore[no-untyped-def]
    source = Source(FACILITY, one.public_id)
    return [
        EntryDraft(entity, on, memo, lines, key, source, Journal.SETTLEMENT)
        for entity, lines in ((one.practice_entity, ours), (one.mso_entity, theirs))
    ]


def why_not_prepay(draw: Draw, amount: Money, on: date, today: date) -> tuple[str, str]:
    """Why this cannot be prepaid of a draw, and the field it is about; two empty texts where it can."""
    if not 0 < amount.amount <= draw.balance.amount:
        return f"{draw.balance:,.2f} is owed.", "amount"
    last = max([draw.drawn_on, *(row.paid_on for row in draw.rows if row.paid_on), *(one.on for one in draw.prepaid)])
    if not last <= on <= today:
        return f"It was paid between {last:%-d %B %Y}, the last day something was, and today.", "on"
    due = next((row for row in draw.rows if row.paid_on is None and row.due_on <= on), None)
    return (f"Instalment {due.number} was due on {due.due_on:%-d %B %Y}; post it first.", "on") if due else ("", "")


def interest_so_far(one: Facility, draw: Draw, amount: Money, on: date) -> Money:
    """The interest of a part of what is owed since the last instalment was due, by the days of its month."""
    since = max([draw.drawn_on, *(row.due_on for row in draw.rows if row.due_on <= on)])
    ahead = next((row.due_on for row in draw.rows if row.due_on > since), None)
    if ahead is None:
        return ZERO
    return amount.times(one.rate / 12 * (on - since).days / (ahead - since).days)


def unused(one: Facility, month: Month, through: date | None = None) -> tuple[Money, Money]:
    """What of a revolving facility was not drawn in a month, on average of its days, and the fee on it.

    Days before it was opened, from its end on, and after `through` count as nothing unused; what is drawn or paid back
    on a day is so from that day on. A month's fee is a twelfth of the yearly rate, to the cent (half up).
    """
    opened = one.opened_at.date() if one.opened_at else month.last
    ended = next((step.at.date() for step in one.steps if step.to is Lending.CLOSED), None)
    last = min(month.last, through or month.last)
    days = [day for day in month.range if opened <= day <= last and (ended is None or day < ended)]
    mean = Money.rounded(sum(((one.limit - owed_on(one, day)).amount for day in days), Decimal(0)) / month.days)
    return mean, mean.times(one.unused_rate / 12)


def owed_on(one: Facility, day: date) -> Money:
    """The principal that was owed at the end of a day."""
    drawn = Money.total(draw.amount for draw in one.draws if draw.drawn_on <= day)
    paid = [row.principal for draw in one.draws for row in draw.rows if row.paid_on and row.paid_on <= day]
    ahead = [each.amount for draw in one.draws for each in draw.prepaid if each.on <= day]
    return drawn - Money.total([*paid, *ahead])


def unused_months(one: Facility, today: date) -> list[Month]:
    """The months that are over and whose unused fee was not charged, in order; none where the terms have none."""
    if not one.unused_rate or one.opened_at is None:
        return []
    ended = next((step.at.date() for step in one.steps if step.to is Lending.CLOSED), today)
    charged, found, month = {each.month for each in one.fees}, [], Month.of(one.opened_at.date())
    while month.last < today and month.first < max(ended, one.opened_at.date() + ONE_DAY):
        if month not in charged and unused(one, month)[1]:
            found.append(month)
        month = month.plus(1)
    return found


def accrued(draw: Draw, through: date) -> Money:
    """The interest of a draw that is not paid yet, through a day, by its schedule.

    Of instalments that are due whole; of the one that comes next, by the days of its month that are over.
    """
    found, since = ZERO, draw.drawn_on
    for row in draw.rows:
        if row.paid_on is None and row.due_on <= through:
            found = found + row.interest
        elif row.paid_on is None and since < through:
            found = found + row.interest.times(Decimal((through - since).days) / Decimal((row.due_on - since).days))
        if row.due_on > through:
            break
        since = row.due_on
    return found


def why_not_draw(one: Facility, amount: Money, residual: Money, today: date) -> str:
    """Why this cannot be drawn; empty where it can."""
    if one.state is not Lending.OPEN:
        return f"The facility is {one.state.label.lower()}; only an open one is drawn on."
    if not 0 < amount.amount <= one.left.amount:
        return f"{one.left:,.2f} may still be drawn."
    if not 0 <= residual.amount < amount.amount:
        return "The residual is less than what is drawn."
    if one.breaches:
        return "A covenant is breached and not cured."
    if any(row.due_on < today and row.paid_on is None for draw in one.draws for row in draw.rows):
        return "An instalment is overdue."
    return ""


def meets(covenant: Covenant, value: Decimal) -> bool:
    """Whether a figure meets a covenant."""
    return value >= covenant.limit if covenant.at_least else value <= covenant.limit


def periods(one: Facility, covenant: Covenant, today: date) -> list[Month]:
    """The last months of periods that are over since the facility was opened and not tested, in order."""
    tested = {one.month for one in covenant.tests}
    if one.opened_at is None:
        return []
    step, found, month = covenant.every.months, [], Month.of(one.opened_at.date())
    while month.last < today:
        if month.first.month % step == 0 and month not in tested:
            found.append(month)
        month = month.plus(1)
    return found


def instalments(one: Facility, month: Month, months: int) -> Money:
    """What is due of a facility in a period that ends with a month."""
    first = month.plus(1 - months).first
    return Money.total(
        row.payment for draw in one.draws for row in draw.rows if first <= row.due_on <= month.last
    )  # fmt: skip
