"""What a closing comes to: fees, invoices, disputes, loans, facilities, assets, deposits and credits, each opened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from openmso.agreements.queries import agreements
from openmso.compliance.queries import clearing
from openmso.compliance.queries.clearing import Asked, Flow
from openmso.equity.contracts.facilities import FACILITY
from openmso.equity.queries import facilities
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO
from openmso.kit.periods import Month
from openmso.leaving.contracts import EXIT, Closing, Elects, Exit, Line, Owes
from openmso.ledger.contracts import Accounts, Selection
from openmso.ledger.queries import books, selection
from openmso.settlement import queries as settlement
from openmso.settlement.contracts import DISPUTED, REBATE, SOURCE
from openmso.settlement.queries import accounts as invoices
from openmso.settlement.queries import accruing, disputes, rebates
from openmso.settlement.queries.accruing import AHEAD
from openmso.treasury.queries import loans

ACCOUNT, LOAN, LAW = "ledger.account", "treasury.loan", "agreements.law"
"""Kinds of sources: of a balance book and account, of a deficit loan the loan, of a rule of law the rule."""
LAST_MONTH = Month(2199, 12)
INVOICES, DISPUTES, LOANS, ASSETS, OTHERS = "Fees and invoices", "Held by disputes", "Loans", "Assets", "Other items"
RULES = "Not to be paid yet"


def closing(one: Exit, on: date, at: datetime) -> Closing:
    """The closing as of a day, from what the house knows then, and what is missing before it can be issued.

    What has accrued of the fee of a month that is not settled, and of interest since it was charged last, is in it
    through the day. A rule of law that stops payments stands in it, beside the net: the practice may leave at any
    time, and what is owed is said, but it is not paid before the rule is met.
    """
    fees, unknown = _accrued(one, on, at)
    lines = [
        *_invoices(one), *fees, *_disputes(one), *_loans(one, on), *_assets(one), *_deposits(one, on),
        *_rebates(one, on), *_items(one),
    ]  # fmt: skip
    if any(each.counts and each.amount for each in lines):
        lines += _stops(one, at)
    return Closing(on, tuple(lines), (*_missing(one, on), *unknown))


def mso_name(one: Exit) -> str:
    """The MSO that is left, as its agreement calls it."""
    version = agreements.agreement(one.agreement).latest
    return version.terms.mso.legal_name if version else ""


def _invoices(one: Exit) -> Iterator[Line]:
    """What is due of every invoice; below zero the MSO pays back what was paid too much."""
    for row in invoices.unpaid(one.practice, through=LAST_MONTH):
        if row.due:
            how = f"fee {row.fee:,.2f}, due {row.due_on:%-d %B %Y}"
            yield Line(INVOICES, f"Invoice {row.invoice}, {row.month.words}", how, row.due, True,
                       (SOURCE, row.public_id))  # fmt: skip


def _accrued(one: Exit, on: date, at: datetime) -> tuple[list[Line], list[str]]:
    """What the fees of months that are not settled have come to, and of which of them that cannot be told."""
    last = min(on, one.ends_on - timedelta(days=1))
    months = dict.fromkeys([*unsettled(one, on), Month.of(last)])
    lines, unknown = [], []
    for month in months:
        if settlement.standing(one.practice, month):
            continue
        try:
            found = accruing.accrued(one.practice, month, through=last, at=at)
        except Refused as no:
            unknown.append(f"The fee of {month.words} cannot be told yet: {no.sentence}")
            continue
        if found is not None and found.amount:
            until = (found.days.ends_on or last) - timedelta(days=1)
            how = f"not settled yet; {found.days.starts_on:%-d %B} to {until:%-d %B %Y}: {found.sentence}"
            lines.append(Line(INVOICES, f"Fee accrued, {month.words}", how[:300], found.amount, True,
                              (AHEAD, f"{month} {one.practice_code}")))  # fmt: skip
    return lines, unknown


def _disputes(one: Exit) -> Iterator[Line]:
    """What is disputed and held: beside the net, until each is settled."""
    for row in disputes.held_of(one.practice):
        yield Line(DISPUTES, f"“{row.label}” of invoice {row.invoice}", row.state.label, row.held, False,
                   (DISPUTED, row.public_id))  # fmt: skip


def _loans(one: Exit, on: date) -> Iterator[Line]:
    """The deficit loan of the agreement and the principal of each facility, each with its interest through a day."""
    loan = loans.of_agreement(one.practice, one.agreement)
    if loan is not None and loan.balance:
        how = f"{loan.lent:,.2f} lent with interest, {loan.repaid:,.2f} repaid"
        yield Line(LOANS, "Deficit loan", how, loan.balance, True, (LOAN, loan.public_id))
    if (owed := loans.accruing(one.practice, one.agreement, through=on)) is not None:
        how = f"from {owed.since:%-d %B} to {on:%-d %B %Y}, {owed.rate * 100:.2f} % a year, {owed.day_count}"
        yield Line(LOANS, "Interest of the deficit loan", how, owed.amount, True, (LOAN, owed.loan))
    for each in facilities.of_practice(one.practice):
        if each.balance:
            how = f"{each.drawn:,.2f} drawn, {each.drawn - each.balance:,.2f} repaid"
            yield Line(LOANS, f"Facility: {each.purpose}", how, each.balance, True, (FACILITY, each.public_id))
        if interest := facilities.interest(each, through=on):
            how = f"since the last instalment that was paid, to {on:%-d %B %Y}"
            yield Line(LOANS, f"Interest of the facility: {each.purpose}", how, interest, True,
                       (FACILITY, each.public_id))  # fmt: skip
        for month, fee in facilities.unused_fees(each, through=on):
            how = f"{each.unused_rate * 100:.2f} % a year of what was not drawn, not paid yet"
            yield Line(LOANS, f"Unused fee of {month.words}: {each.purpose}", how, fee, True,
                       (FACILITY, each.public_id))  # fmt: skip


def _rebates(one: Exit, on: date) -> Iterator[Line]:
    """The practice's shares of rebates that no invoice has credited yet: the MSO owes them."""
    for share in rebates.waiting(one.practice, through=on):
        how = f"{share.what}, received {share.received_on:%-d %B %Y}, shared by: {share.rule}"
        yield Line(OTHERS, f"Share of a rebate of {share.vendor}", how[:300], -share.amount, True,
                   (REBATE, share.rebate))  # fmt: skip


def _deposits(one: Exit, on: date) -> Iterator[Line]:
    """What the MSO owes by the practice's book: deposits it holds and money it took in."""
    code = Accounts.DUE_FROM_MSO
    version = agreements.agreement(one.agreement).latest
    entity = version.terms.practice.entity if version else 0
    try:
        book = books.book_of(entity)
    except Refused:
        return
    if books.find_account(entity=entity, code=code) is None:
        return
    ends_on = on + timedelta(days=1)
    net = selection.total(Selection(entity, (code,), book.method.bases(book.method), ends_on)).net
    if net:
        how = f"account {code} on {on:%-d %B %Y}"
        yield Line(OTHERS, "Due from the MSO by the practice's book", how, -net, True,
                   (ACCOUNT, f"{book.public_id} {code}"))  # fmt: skip


def _assets(one: Exit) -> Iterator[Line]:
    """What the practice buys, at its price; what has no price yet, or is not elected, stands beside the net."""
    buys = one.elects is Elects.BUYS
    for each in one.assets:
        if one.elects is not Elects.DECLINES:
            amount = each.price if each.price is not None else ZERO
            counts = buys and each.price is not None
            yield Line(ASSETS, f"{each.name} ({each.sort.label.lower()})", each.how, amount, counts,
                       (EXIT, one.public_id))  # fmt: skip


def _items(one: Exit) -> Iterator[Line]:
    for each in one.items:
        amount = each.amount if each.owes is Owes.PRACTICE else -each.amount
        yield Line(OTHERS, each.words, each.shows, amount, True, (EXIT, one.public_id))


def _stops(one: Exit, at: datetime) -> Iterator[Line]:
    """The rules of law that keep what is owed from being paid now."""
    for stop in clearing.told(Asked(Flow.CLOSING, one.practice, one.agreement), at=at).stops:
        yield Line(RULES, f"{stop.rule} stops payments", f"{stop.says} {stop.fix}", ZERO, False, (LAW, stop.rule))


def _missing(one: Exit, on: date) -> Iterator[str]:
    """Why the statement cannot be issued yet."""
    if (months := unsettled(one, on)) != []:
        yield f"Not settled yet: {', '.join(each.words for each in months)}."
    if one.assets and one.elects is None:
        yield f"The practice has not said whether it buys the assets; it has until {one.elect_by:%-d %B %Y}."
    if one.elects is Elects.BUYS:
        for each in one.assets:
            if each.price is None:
                yield f"{each.name} has no price: {each.how}."


def unsettled(one: Exit, on: date) -> list[Month]:
    """The months in which the agreement held with a fee, that are over or the last, and that have no invoice yet."""
    found = agreements.agreement(one.agreement)
    last = min(on, one.ends_on)
    days = [holds for version, holds in agreements.holding_days(found) if version.terms.fee is not None]
    if not days:
        return []
    month, months = Month.of(min(each.starts_on for each in days)), []
    while month.last < last or (one.ends_on <= on and month.first < one.ends_on):
        if any(month.range.meets(each) for each in days) and not settlement.standing(one.practice, month):
            months.append(month)
        month = month.plus(1)
    return months
