"""Questions about the money of remittances in the bank: what is matched, what waits on either side, what could fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from openmso.banking import queries as banking
from openmso.banking.contracts import BankLine, LineFilters
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally
from openmso.remittances.contracts import Deposit, Fit, OpenRemittance, RemittanceState, UnexplainedLine
from openmso.remittances.models.deposits import Awaited
from openmso.remittances.models.deposits import Deposit as DepositModel
from openmso.remittances.models.files import Remittance
from openmso.remittances.queries.files import cut, deposit_of, filtered, is_awaited, tally_of
from openmso.remittances.rules import deposits as rules

AWAITED_SORTS = {"paid_on": "paid_on", "amount": "amount", "payer_name": "payer_name", "trace": "trace"}
DEPOSIT_SORTS = {"posted_on": "posted_on", "amount": "amount"}
DEPOSIT_NUMBERS = {"DEP": "public_id", "ERA": "remittance__public_id", "BNK": "line__public_id"}
"""What a match is found by: its own number, or that of either side."""
CANDIDATES_MAX = 200
"""Open rows of the other side that are looked at for a page."""
NOTHING = Decimal("0.00")


def live(practice: int | None = None) -> QuerySet[DepositModel]:
    """The matches that stand."""
    found = DepositModel.objects.filter(undone_at=None)
    return found if practice is None else found.filter(practice_id=practice)


def moving(practice: int | None = None, entity: int | None = None) -> QuerySet[Remittance]:
    """Posted remittances that move money; one of nothing needs no deposit."""
    found = Remittance.objects.filter(state=RemittanceState.POSTED, amount__gt=0)
    if practice is not None:
        found = found.filter(practice_id=practice)
    return found if entity is None else found.filter(entity_id=entity)


def open_remittances(*, on: date, practice: int | None = None) -> list[OpenRemittance]:
    """Remittances whose money was not found yet, oldest first, with their age in days."""
    found = Remittance.objects.filter(is_awaited()).order_by("paid_on", "pk")
    return [_open(one, on) for one in (found if practice is None else found.filter(practice_id=practice))]


def open_remittance(public_id: str, *, on: date) -> OpenRemittance | None:
    """One of them; none when it does not exist, moves no money or is in the bank."""
    found = Remittance.objects.filter(is_awaited(), public_id=public_id).first()
    return _open(found, on) if found else None


def _open(one: Remittance, on: date) -> OpenRemittance:
    return OpenRemittance(
        id=one.pk, public_id=one.public_id, practice=one.practice_id, entity=one.entity_id, payer_name=one.payer_name,
        trace=one.trace, trace_payer=one.trace_payer, method=one.method, paid_on=one.paid_on,
        posted_on=one.posted_on, amount=Money(one.amount), age=max(0, (on - (one.paid_on or one.posted_on)).days),
    )  # fmt: skip


def open_lines(*, practice: int) -> list[BankLine]:
    """Money in the bank that no remittance explains yet, oldest first."""
    return banking.unexplained(practices=[practice])


def open_line(public_id: str) -> BankLine | None:
    """One of them; none when a remittance explains it. Raises `NotFound`."""
    found = banking.line(public_id)
    return found if banking.is_unexplained(found) else None


def deposit(public_id: str) -> Deposit:
    """One match, undone or not; raises `NotFound`."""
    row = DepositModel.objects.select_related("remittance", "line").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no deposit {public_id}.")
    return deposit_of(row)


# ---- the three lists, a page at a time --------------------------------------------------------------------------


def awaited(*, filters: Filters, page: PageAsk, on: date) -> Page[OpenRemittance]:
    """A page of the remittances whose money was not found yet, with the lines that could be it."""
    found = _awaited(filters)
    order = AWAITED_SORTS.get(page.sort, "paid_on")
    keys = (f"-{order}" if page.desc else order, "pk")
    chosen, counted = (
        (paging.rows(found, keys, page), tally_awaited(filters=filters))
        if _is_all(filters)
        else cut(found, keys, page, named=bool(filters.text))
    )
    rows = [_open(one, on) for one in chosen]
    fits = lines_fitting(rows)
    shown = [replace(row, fit=rules.summary([fit.by for fit in fits if fit.remittance is row])) for row in rows]
    return counting.told(shown, page, counted)


def tally_awaited(*, filters: Filters) -> Tally:
    """How many remittances wait for their money, and how much it is."""
    return tally_of(Awaited.objects.all() if _is_all(filters) else _awaited(filters))


def _is_all(filters: Filters) -> bool:
    """Whether nothing narrows what is awaited, which says its amounts itself."""
    return not filters.terms and not filters.text.strip()


def _awaited(filters: Filters) -> QuerySet[Remittance]:
    return filtered(filters).filter(is_awaited())


def unexplained(*, text: str, page: PageAsk, on: date) -> Page[UnexplainedLine]:
    """A page of the money in the bank that no remittance explains yet, with the remittances that could."""
    found = banking.lines(filters=LineFilters(text=text, unexplained=True), page=page)
    fits = remittances_fitting(found.rows, on=on)
    rows = [UnexplainedLine(line, rules.summary([fit.by for fit in fits if fit.line is line])) for line in found.rows]
    return Page(rows, found.total, page, found.totals)


def tally_unexplained(*, text: str) -> Tally:
    """How many lines nobody explained, and what they come to."""
    return banking.tally(filters=LineFilters(text=text, unexplained=True))


def deposits(*, filters: Filters, page: PageAsk) -> Page[Deposit]:
    """A page of the matches that stand, the latest first unless asked otherwise."""
    found = _matched(filters)
    order = DEPOSIT_SORTS.get(page.sort, "posted_on")
    keys = (order, "pk") if page.sort and not page.desc else (f"-{order}", "-pk")
    rows = paging.rows(found.select_related("remittance", "line"), keys, page)
    return counting.page_of([deposit_of(row) for row in rows], found, page, lambda: tally_deposits(filters=filters))


def tally_deposits(*, filters: Filters) -> Tally:
    """How many matches stand, and what they come to."""
    return tally_of(_matched(filters))


def _matched(filters: Filters) -> QuerySet[DepositModel]:
    found = live()
    if methods := filters.many("by"):
        found = found.filter(method__in=methods)
    for word in filters.text.upper().split():
        found = found.filter(**{DEPOSIT_NUMBERS.get(word.partition("-")[0], "public_id"): word})
    return found


# ---- what could be one payment ----------------------------------------------------------------------------------


def lines_fitting(remittances: Sequence[OpenRemittance]) -> list[Fit]:
    """What could be the money of some open remittances, the best reason first; one question for all of them."""
    if not remittances:
        return []
    lines = banking.unexplained(
        practices={one.practice for one in remittances}, amounts={one.amount.amount for one in remittances},
        limit=CANDIDATES_MAX,
    )  # fmt: skip
    return _fits(remittances, lines)


def remittances_fitting(lines: Sequence[BankLine], *, on: date) -> list[Fit]:
    """Which open remittances some lines could pay, the best reason first; one question for all of them."""
    found = Remittance.objects.filter(
        is_awaited(), practice_id__in={line.practice for line in lines},
        amount__in={line.amount.amount for line in lines},
    )  # fmt: skip
    return _fits([_open(one, on) for one in found.order_by("paid_on", "pk")[:CANDIDATES_MAX]], lines)


def _fits(remittances: Sequence[OpenRemittance], lines: Sequence[BankLine]) -> list[Fit]:
    one, line = {each.id: each for each in remittances}, {each.id: each for each in lines}
    pairs = rules.possible(map(rules.Awaited.of, remittances), map(rules.Arrived.of, lines))
    return [Fit(one[pair.remittance], line[pair.line], pair.method) for pair in pairs]
