"""Two books: what the practice owes is what the MSO is owed, one entry in each, drafted as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from openmso.kit.money import Money
from openmso.ledger.contracts import Accounts, Basis, EntryDraft, Journal, LineDraft, Source, credit, debit
from openmso.settlement.contracts import REBATE, SOURCE, Settlement
from openmso.settlement.contracts.rebates import NewRebate

LENT = " lent, invoice "
"""By what the entry of a fee that was lent is told from one that was paid."""


def fee(one: Settlement, *, party: str) -> list[EntryDraft]:
    """The fee accrues on the month's last day; `party` is the practice, as the MSO's book calls it.

    A fee that a true-up takes below zero is owed the other way.
    """
    source, accrual, amount = Source(SOURCE, one.public_id), Basis.ACCRUAL, abs(one.fee)
    more, less = (debit, credit) if one.fee.amount >= 0 else (credit, debit)
    owed = (
        more(Accounts.MANAGEMENT_FEE, amount, basis=accrual, source=source),
        less(Accounts.DUE_TO_MSO, amount, basis=accrual, source=source),
    )
    earned = (
        more(Accounts.FEES_RECEIVABLE, amount, basis=accrual, source=source, party=party),
        less(Accounts.FEE_REVENUE, amount, basis=accrual, source=source, party=party),
    )
    memo = f"Management fee {one.month}, invoice {one.invoice}"
    return _both(one, owed, earned, one.month.last, memo, f"settlement.fee:{one.public_id}")


def payment(
    one: Settlement, *, paid_on: date, party: str, amount: Money | None = None, run: str = ""
) -> list[EntryDraft]:  # fmt: skip
    """Money moves in both; on the accrual basis it clears the debt, on the cash basis it is the expense itself.

    An amount due below zero (more was paid before than the fee came to) moves the other way. What a dispute held is
    paid later, after what was paid before it: what was paid and given back until then tells the payments of an
    invoice apart. A `run` of the priority of payments pays an amount of its own.
    """
    due = one.due if amount is None else amount
    source, amount, back = Source(SOURCE, one.public_id), abs(due), due.amount < 0

    def line(account: str, *, on_debit: bool, basis: Basis = Basis.COMMON, party: str = "") -> LineDraft:
        make = debit if on_debit is not back else credit
        return make(account, amount, basis=basis, source=source, party=party)

    accrual = Basis.ACCRUAL
    spent = (
        line(Accounts.MANAGEMENT_FEE, on_debit=True),
        line(Accounts.OPERATING_CASH, on_debit=False),
        line(Accounts.DUE_TO_MSO, on_debit=True, basis=accrual),
        line(Accounts.MANAGEMENT_FEE, on_debit=False, basis=accrual),
    )
    received = (
        line(Accounts.OPERATING_CASH, on_debit=True, party=party),
        line(Accounts.FEE_REVENUE, on_debit=False, party=party),
        line(Accounts.FEE_REVENUE, on_debit=True, basis=accrual, party=party),
        line(Accounts.FEES_RECEIVABLE, on_debit=False, basis=accrual, party=party),
    )
    memo = f"Management fee {one.month} paid{' back' if back else ''}, invoice {one.invoice}"
    key = f"settlement.payment:{one.public_id}"
    if run or one.paid:
        key += f":{run or one.paid}" + (f":{one.memos}" if one.memos and not run else "")
    return _both(one, spent, received, paid_on, memo, key)


def lent(one: Settlement, amount: Money, *, run: str, lent_on: date, party: str) -> list[EntryDraft]:
    """An unpaid fee becomes part of the deficit loan: no money moves, so that the cash basis knows nothing of it."""
    source, accrual = Source(SOURCE, one.public_id), Basis.ACCRUAL
    owed = (
        debit(Accounts.DUE_TO_MSO, amount, basis=accrual, source=source),
        credit(Accounts.DEFICIT_LOAN, amount, basis=accrual, source=source),
    )
    given = (
        debit(Accounts.DEFICIT_LOANS, amount, basis=accrual, source=source, party=party),
        credit(Accounts.FEES_RECEIVABLE, amount, basis=accrual, source=source, party=party),
    )
    memo = f"Management fee {one.month}{LENT}{one.invoice}"
    return _both(one, owed, given, lent_on, memo, f"settlement.lent:{one.public_id}:{run}")


def lent_no_more(one: Settlement, amount: Money, *, dispute: str, credited_on: date, party: str) -> list[EntryDraft]:
    """What a dispute won of a fee that was lent is taken off the loan: no money moves."""
    source, accrual = Source(SOURCE, one.public_id), Basis.ACCRUAL
    freed = (
        debit(Accounts.DEFICIT_LOAN, amount, basis=accrual, source=source),
        credit(Accounts.DUE_TO_MSO, amount, basis=accrual, source=source),
    )
    given = (
        debit(Accounts.FEES_RECEIVABLE, amount, basis=accrual, source=source, party=party),
        credit(Accounts.DEFICIT_LOANS, amount, basis=accrual, source=source, party=party),
    )
    memo = f"Management fee {one.month} no longer{LENT}{one.invoice}"
    return _both(one, freed, given, credited_on, memo, f"settlement.lent_no_more:{one.public_id}:{dispute}")


def credit_memo(
    one: Settlement, amount: Money, *, number: str, memo: str, issued_on: date, party: str
) -> list[EntryDraft]:  # fmt: skip
    """Part of a fee given back: revenue and expense are reversed, the debt is less; below zero it is paid back."""
    source, accrual = Source(SOURCE, one.public_id), Basis.ACCRUAL
    forgiven = (
        debit(Accounts.DUE_TO_MSO, amount, basis=accrual, source=source),
        credit(Accounts.MANAGEMENT_FEE, amount, basis=accrual, source=source),
    )
    given = (
        debit(Accounts.FEE_REVENUE, amount, basis=accrual, source=source, party=party),
        credit(Accounts.FEES_RECEIVABLE, amount, basis=accrual, source=source, party=party),
    )
    words = f"Credit memo {number} to invoice {one.invoice}"
    return _both(one, forgiven, given, issued_on, words, f"settlement.memo:{memo}")


def rebate(new: NewRebate, *, entity: int, rebate: str, parts: Mapping[str, Money], kept: Money) -> EntryDraft:
    """A rebate is received: cash, and what is owed to each practice of it (`parts`, by party); the rest is `kept`."""
    source = Source(REBATE, rebate)
    lines = [debit(Accounts.OPERATING_CASH, new.amount, source=source)]
    lines += [
        credit(Accounts.REBATES_PAYABLE, amount, source=source, party=party)
        for party, amount in parts.items()
        if amount
    ]
    if kept:
        lines.append(credit(Accounts.OTHER_INCOME, kept, source=source))
    memo = f"Rebate of {new.vendor.strip()}, {new.starts_on:%-d %b %Y} to {new.ends_on:%-d %b %Y}"
    return EntryDraft(
        entity, new.received_on, memo, tuple(lines), f"settlement.rebate:{rebate}", source, Journal.SETTLEMENT
    )


def rebates_passed_on(one: Settlement, amount: Money, *, party: str) -> list[EntryDraft]:
    """Shares of rebates pay a part of the fee: what the MSO owed of them is gone, and as much of the fee's debt.

    On the cash basis that is the expense and the revenue itself, as a payment would be.
    """
    source, accrual = Source(SOURCE, one.public_id), Basis.ACCRUAL
    bought = (
        debit(Accounts.MANAGEMENT_FEE, amount, source=source),
        credit(Accounts.REBATES, amount, source=source),
        debit(Accounts.DUE_TO_MSO, amount, basis=accrual, source=source),
        credit(Accounts.MANAGEMENT_FEE, amount, basis=accrual, source=source),
    )
    passed = (
        debit(Accounts.REBATES_PAYABLE, amount, source=source, party=party),
        credit(Accounts.FEE_REVENUE, amount, source=source, party=party),
        debit(Accounts.FEE_REVENUE, amount, basis=accrual, source=source, party=party),
        credit(Accounts.FEES_RECEIVABLE, amount, basis=accrual, source=source, party=party),
    )
    memo = f"Rebates passed on with invoice {one.invoice}"
    return _both(one, bought, passed, one.month.last, memo, f"settlement.rebates:{one.public_id}")


def _both(
    one: Settlement, ours: tuple[LineDraft, ...], theirs: tuple[LineDraft, ...], on: date, memo: str, key: str
) -> list[EntryDraft]:
    source = Source(SOURCE, one.public_id)
    return [
        EntryDraft(entity, on, memo, lines, key, source, Journal.SETTLEMENT)
        for entity, lines in ((one.practice_entity, ours), (one.mso_entity, theirs))
    ]
