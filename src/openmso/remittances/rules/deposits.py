"""Which bank line pays a remittance: by its trace number, else by amount and day where nothing else could be meant.

Trace: TRN02 of the 835 is the TRN of the bank's CCD+ addenda (CAQH CORE 370), or the cheque number. The money must be
the same to the cent. By amount: within the days in which an ERA and its EFT may drift apart, and only when exactly one
line and one remittance fit each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openmso.banking.contracts import BankLine
from openmso.remittances.contracts import OpenRemittance

DAYS_EARLY = 3
DAYS_LATE = 7
"""CORE: three business days between ERA and EFT; a week covers weekends and holidays."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A remittance whose money is looked for."""

    id: int
    entity: int
    trace: str
    trace_payer: str
    paid_on: date
    amount: Decimal

    @classmethod
    def of(cls, one: OpenRemittance) -> Awaited:
        """What matching needs to know of it."""
        paid_on = one.paid_on or one.posted_on
        return cls(one.id, one.entity, one.trace, one.trace_payer, paid_on, one.amount.amount)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A bank line that nobody has claimed."""

    id: int
    entity: int
    trace: str
    trace_payer: str
    reference: str
    posted_on: date
    amount: Decimal

    @classmethod
    def of(cls, line: BankLine) -> Arrived:
        """What matching needs to know of it."""
        return cls(
            line.id, line.entity, line.trace, line.trace_payer, line.reference, line.posted_on, line.amount.amount
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """A remittance and the line that pays it."""

    remittance: int
    line: int
    method: str


def pairs(awaited: Iterable[Awaited], arrived: Iterable[Arrived]) -> list[Pair]:
    """All sure matches: by trace first, then by amount and day among what is left."""
    waiting, lines = list(awaited), list(arrived)
    found = _one_to_one(waiting, lines, by_trace, "trace")
    taken, used = {pair.remittance for pair in found}, {pair.line for pair in found}
    rest = [one for one in waiting if one.id not in taken]
    free = [line for line in lines if line.id not in used]
    return found + _one_to_one(rest, free, by_amount, "amount")


SPEAKS = {
    "trace": "the line names its trace number",
    "amount": "the same cents, and the days fit",
    "cents": "the same cents",
    "named": "the line names its trace number, but other cents",
}
"""What speaks for a pair, the strongest first."""


def possible(awaited: Iterable[Awaited], arrived: Iterable[Arrived]) -> list[Pair]:
    """Every remittance with every line of the same books and cents or trace, what speaks most for itself first."""
    given = list(arrived)
    lines, named = _by_money(given), _by_name(given)
    found = [
        Pair(one.id, line.id, _speaks(one, line))
        for one in awaited
        for line in (*lines.get((one.entity, one.amount), ()), *named.get((one.entity, one.trace), ()))
        if line.amount == one.amount or _same_payer(one, line)
    ]
    found = list(dict.fromkeys(found))
    return sorted(found, key=lambda pair: list(SPEAKS).index(pair.method))


def _speaks(one: Awaited, line: Arrived) -> str:
    if line.amount != one.amount:
        return "named"
    if by_trace(one, line):
        return "trace"
    return "amount" if by_amount(one, line) else "cents"


def summary(methods: Sequence[str]) -> str:
    """What a list says about the candidates of one row: how many have the strongest reason there is."""
    best = next((method for method in SPEAKS if method in methods), None)
    if best is None:
        return ""
    count = methods.count(best)
    return f"{count} {'candidate' if count == 1 else 'candidates'}: {SPEAKS[best]}"


def by_trace(one: Awaited, line: Arrived) -> bool:
    """Same books, same cents, and the line names the remittance's trace (and no other payer)."""
    if one.entity != line.entity or one.amount != line.amount or not one.trace:
        return False
    if line.trace:
        return line.trace == one.trace and _same_payer(one, line)
    return bool(line.reference) and line.reference.lstrip("0") == one.trace.lstrip("0")


def _same_payer(one: Awaited, line: Arrived) -> bool:
    """TRN03 of both is one, as far as both say it; 9 begins a number of the writer's own, as of a typed paper."""
    return not line.trace_payer or one.trace_payer[:1] in {"", "9"} or line.trace_payer == one.trace_payer


def by_amount(one: Awaited, line: Arrived) -> bool:
    """Same books, same cents, days close enough; a line that names another trace is another payment."""
    if one.entity != line.entity or one.amount != line.amount:
        return False
    apart = (line.posted_on - one.paid_on).days
    return not line.trace and -DAYS_EARLY <= apart <= DAYS_LATE


CHECKS_MAX = 16
"""Open checks among which those of one slip are sought: the nearest to the day of the line."""
CHECK_DAYS = 45
"""Days that a check may take through the mail and to the bank."""


def together(line: Arrived, checks: Iterable[Awaited]) -> tuple[int, ...]:
    """The checks that come to a line of the bank, where one choice alone of two or more does; else none.

    A bank shows what is paid in by one slip, or by a lockbox, as one line.
    """
    may = [
        one for one in checks
        if one.entity == line.entity and -DAYS_EARLY <= (line.posted_on - one.paid_on).days <= CHECK_DAYS
    ]  # fmt: skip
    nearest = sorted(may, key=lambda one: abs((line.posted_on - one.paid_on).days))[:CHECKS_MAX]
    sums: dict[Decimal, list[tuple[int, ...]]] = {Decimal(0): [()]}
    for one in nearest:
        for total, ways in [(total, tuple(ways)) for total, ways in sums.items()]:
            if total + one.amount <= line.amount:
                known = sums.setdefault(total + one.amount, [])
                known += [(*way, one.id) for way in ways][: 2 - len(known)]  # two show that it is not one alone
    found = sums.get(line.amount, [])
    return found[0] if len(found) == 1 and len(found[0]) > 1 else ()


def _one_to_one(
    waiting: list[Awaited], lines: list[Arrived], fits: Callable[[Awaited, Arrived], bool], method: str
) -> list[Pair]:
    """Pairs in which each fits the other and nothing else."""
    by_money = _by_money(lines)
    chosen: dict[int, list[int]] = {}
    suitors: dict[int, int] = defaultdict(int)
    for one in waiting:
        chosen[one.id] = [line.id for line in by_money.get((one.entity, one.amount), ()) if fits(one, line)]
        for line_id in chosen[one.id]:
            suitors[line_id] += 1
    return [
        Pair(one, fitting[0], method)
        for one, fitting in chosen.items()
        if len(fitting) == 1 and suitors[fitting[0]] == 1
    ]


def _by_money(lines: Iterable[Arrived]) -> dict[tuple[int, Decimal], list[Arrived]]:
    """Lines by books and cents, in the order given."""
    found: dict[tuple[int, Decimal], list[Arrived]] = defaultdict(list)
    for line in lines:
        found[line.entity, line.amount].append(line)
    return found


def _by_name(lines: Iterable[Arrived]) -> dict[tuple[int, str], list[Arrived]]:
    """Lines that name a trace by books and trace, in the order given."""
    found: dict[tuple[int, str], list[Arrived]] = defaultdict(list)
    for line in lines:
        if line.trace:
            found[line.entity, line.trace].append(line)
    return found
