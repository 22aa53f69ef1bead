"""Lending in two books, the judgement of covenants, and what may be drawn."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from openmso.equity.contracts.facilities import FACILITY, Covenant, Draw, Facility, Instalment
from openmso.equity.states import Lending
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, EntryDraft, Journal, Source, credit, debit


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
    source, party = Source(FACILITY, one.public_id), one.practice_public_id
    ours = [credit(Accounts.OPERATING_CASH, row.payment, source=source)]
    theirs = [debit(Accounts.OPERATING_CASH, row.payment, source=source, party=party)]
    if row.principal:
        ours.append(debit(Accounts.FACILITY_OWED, row.principal, source=source))
        theirs.append(credit(Accounts.FACILITIES_LENT, row.principal, source=source, party=party))
    if row.interest:
        ours.append(debit(Accounts.INTEREST_PAID, row.interest, source=source))
        theirs.append(credit(Accounts.LOAN_INTEREST, row.interest, source=source, party=party))
    memo = f"Instalment {row.number} of {draw.public_id} under {one.public_id}"
    key = f"equity.instalment:{draw.public_id}:{row.number}"
    return _both(one, tuple(ours), tuple(theirs), on, memo, key)


def _both(one: Facility, ours, theirs, on: date, memo: str, key: str) -> list[EntryDraft]:  # type: ignore[no-untyped-def]
    source = Source(FACILITY, one.public_id)
    return [
        EntryDraft(entity, on, memo, lines, key, source, Journal.SETTLEMENT)
        for entity, lines in ((one.practice_entity, ours), (one.mso_entity, theirs))
    ]


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
