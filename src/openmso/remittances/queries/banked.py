"""Questions about the money of remittances in the bank: what is matched, what waits on either side, what could fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from openmso.banking import queries as banking
from openmso.banking.contracts import BankLine, LineFilters
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.platform.tenancy.scope import current
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally
from openmso.remittances.contracts import (
    Deposit,
    Fit,
    OpenRemittance,
    Punctuality,
    RemittanceState,
    UnexplainedLine,
    Wait,
)
from openmso.remittances.models.deposits import Awaited
from openmso.remittances.models.deposits import Deposit as DepositModel
from openmso.remittances.models.files import Remittance
from openmso.remittances.queries import apart
from openmso.remittances.queries.files import cut, deposit_of, filtered, is_awaited, tally_of
from openmso.remittances.rules import core
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


def open_remittances(*, on: date, practice: int | None = None, late: bool = False) -> list[OpenRemittance]:
    """Remittances whose money was not found yet, or only the late ones, oldest first, with their age in days."""
    found = Remittance.objects.filter(is_awaited()).select_related("file").order_by("paid_on", "pk")
    if practice is not None:
        found = found.filter(practice_id=practice)
    return _opened(found.filter(apart.is_late(on)) if late else found, on)


def open_remittance(public_id: str, *, on: date) -> OpenRemittance | None:
    """One of them; none when it does not exist, moves no money or is in the bank."""
    found = _opened(Remittance.objects.filter(is_awaited(), public_id=public_id).select_related("file"), on)
    return found[0] if found else None


def _opened(found: Iterable[Remittance], on: date) -> list[OpenRemittance]:
    zones = apart.zones()
    return [_open(one, on, zones[one.practice_id]) for one in found]


def _open(one: Remittance, on: date, zone: str) -> OpenRemittance:
    received_on, waited = apart.of_remittance(one, on, zone)
    return OpenRemittance(
        id=one.pk, public_id=one.public_id, practice=one.practice_id, entity=one.entity_id, payer_name=one.payer_name,
        trace=one.trace, trace_payer=one.trace_payer, method=one.method, paid_on=one.paid_on,
        posted_on=one.posted_on, amount=Money(one.amount), age=max(0, (on - (one.paid_on or one.posted_on)).days),
        received_on=received_on, payee_npi=one.payee_npi, payee_tin=one.payee_tin, waited=waited,
    )  # fmt: skip


def open_lines(*, practice: int) -> list[BankLine]:
    """Money in the bank that no remittance explains yet, oldest first."""
    return banking.unexplained(practices=[practice])


def missing(*, on: date, practice: int | None = None) -> list[UnexplainedLine]:
    """Payments of health plans, by their own words, whose remittance did not come yet, oldest first."""
    practices = current().practices if practice is None else [practice]
    return [_unexplained(line, on) for line in banking.unexplained(practices=practices, traced=True)]


def punctuality(*, on: date) -> list[Punctuality]:
    """How punctual each payer is with remittances and money, and what of both waits."""
    return apart.punctuality(on=on, lines=[one.line for one in missing(on=on)])


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
    found = _awaited(filters, on)
    order = AWAITED_SORTS.get(page.sort, "paid_on")
    keys = (f"-{order}" if page.desc else order, "pk")
    chosen, counted = (
        (paging.rows(found.select_related("file"), keys, page), tally_awaited(filters=filters, on=on))
        if _is_all(filters)
        else cut(found, keys, page, named=bool(filters.text))
    )
    rows = _opened(chosen, on)
    fits = lines_fitting(rows)
    shown = [replace(row, fit=rules.summary([fit.by for fit in fits if fit.remittance is row])) for row in rows]
    return counting.told(shown, page, counted)


def tally_awaited(*, filters: Filters, on: date) -> Tally:
    """How many remittances wait for their money, and how much it is."""
    return tally_of(Awaited.objects.all() if _is_all(filters) else _awaited(filters, on))


def _is_all(filters: Filters) -> bool:
    """Whether nothing narrows what is awaited, which says its amounts itself."""
    return not filters.terms and not filters.text.strip()


def _awaited(filters: Filters, on: date) -> QuerySet[Remittance]:
    found = filtered(filters).filter(is_awaited())
    return found.filter(apart.is_late(on)) if filters.flag("late") else found


def unexplained(*, filters: Filters, page: PageAsk, on: date) -> Page[UnexplainedLine]:
    """A page of the money in the bank that no remittance explains yet, with the remittances that could."""
    found = banking.lines(filters=_lines(filters, on), page=page)
    fits = remittances_fitting(found.rows, on=on)
    rows = [_unexplained(line, on, rules.summary([fit.by for fit in fits if fit.line is line])) for line in found.rows]
    return Page(rows, found.total, page, found.totals)


def tally_unexplained(*, filters: Filters, on: date) -> Tally:
    """How many lines nobody explained, and what they come to."""
    return banking.tally(filters=_lines(filters, on))


def _lines(filters: Filters, on: date) -> LineFilters:
    """Which lines are asked for: all, those of health plans, or those of them that are late."""
    late = filters.flag("late")
    ends_on = apart.late_by(on) + timedelta(days=1) if late else None
    return LineFilters(text=filters.text, unexplained=True, traced=late or filters.flag("plan"), ends_on=ends_on)


def _unexplained(line: BankLine, on: date, fit: str = "") -> UnexplainedLine:
    return UnexplainedLine(line, fit, max(0, (on - line.posted_on).days), apart.of_line(line, on))


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
    if late := filters.many("apart"):
        after, before = Q(gap__gt=core.WINDOW), Q(gap__lt=-core.WINDOW)
        chosen = [after] * ("remittance" in late) + [before] * ("money" in late)
        found = found.filter(reduce(or_, chosen))
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
        traces={one.trace for one in remittances if one.trace}, limit=CANDIDATES_MAX,
    )  # fmt: skip
    return _fits(remittances, lines)


def remittances_fitting(lines: Sequence[BankLine], *, on: date) -> list[Fit]:
    """Which open remittances some lines could pay, the best reason first; one question for all of them."""
    found = Remittance.objects.filter(
        Q(amount__in={line.amount.amount for line in lines}) | Q(trace__in={line.trace for line in lines} - {""}),
        is_awaited(), practice_id__in={line.practice for line in lines},
    )  # fmt: skip
    candidates = found.select_related("file").order_by("paid_on", "pk")[:CANDIDATES_MAX]
    return _fits(_opened(candidates, on), lines)


def candidates(waiting: str, *, on: date) -> tuple[OpenRemittance | BankLine, list[Fit]]:
    """The open remittance, or bank line, of a number, and what could be its other half; raises `NotFound`."""
    if waiting.startswith("BNK-"):
        if (line := open_line(waiting)) is not None:
            return line, remittances_fitting([line], on=on)
    elif (remittance := open_remittance(waiting, on=on)) is not None:
        return remittance, lines_fitting([remittance])
    raise NotFound(f"{waiting} waits for nothing: it is matched, or moves no money.")


def checks_together(line: BankLine, *, on: date) -> list[OpenRemittance]:
    """The open checks that come to a line of the bank together, where one choice of them alone does."""
    if line.is_of_a_plan:
        return []  # an electronic payment has a remittance of its own
    found = Remittance.objects.filter(
        is_awaited(),
        practice_id=line.practice,
        entity_id=line.entity,
        method=apart.CHECK,
        amount__lt=line.amount.amount,
    )
    checks = {one.id: one for one in _opened(found.select_related("file"), on)}
    chosen = rules.together(rules.Arrived.of(line), [rules.Awaited.of(one) for one in checks.values()])
    return [checks[one] for one in chosen]


def others_of(one: Deposit) -> list[Deposit]:
    """The other matches of the same bank line: checks that were paid in together."""
    found = live(one.practice).filter(line__public_id=one.line).exclude(public_id=one.public_id)
    return [deposit_of(row) for row in found.select_related("remittance", "line").order_by("pk")]


def waited(line: BankLine, *, on: date) -> Wait | None:
    """How long a line has waited for its remittance, if it is a health plan's by its own words."""
    return apart.of_line(line, on)


def follow_up(given: OpenRemittance | BankLine, fits: Sequence[Fit], *, on: date) -> str:
    """What to write to the payer about one half whose other half is late, or names other cents; else nothing.

    `fits` are what could be its other half. The text names no patient.
    """
    named = next((fit for fit in fits if fit.by == "named"), None)
    if named is not None:
        return _ask_for_money(named.remittance, other=named.line.amount)
    if isinstance(given, OpenRemittance):
        return _ask_for_money(given) if given.waited.is_late else ""
    since = apart.of_line(given, on)
    if since is None or not since.is_late:
        return ""
    return core.ask_for_remittance(
        trace=given.trace, trace_payer=given.trace_payer, amount=given.amount, posted_on=given.posted_on,
        account=given.account_name, waited=since,
    )  # fmt: skip


def _ask_for_money(one: OpenRemittance, *, other: Money | None = None) -> str:
    return core.ask_for_money(
        trace=one.trace, trace_payer=one.trace_payer, amount=one.amount, paid_on=one.paid_on or one.posted_on,
        received_on=one.received_on, npi=one.payee_npi, tin=one.payee_tin, waited=one.waited,
        electronic=one.method != apart.CHECK, other=other,
    )  # fmt: skip


def _fits(remittances: Sequence[OpenRemittance], lines: Sequence[BankLine]) -> list[Fit]:
    one, line = {each.id: each for each in remittances}, {each.id: each for each in lines}
    pairs = rules.possible(map(rules.Awaited.of, remittances), map(rules.Arrived.of, lines))
    return [Fit(one[pair.remittance], line[pair.line], pair.method) for pair in pairs]
