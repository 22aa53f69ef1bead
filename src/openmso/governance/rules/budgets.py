"""Arithmetic of budgets: last year's figures, figures of a file, an index, the books against a plan. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from openmso.governance.contracts.budgets import MONTHS, Grid, Variance
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.kit.words import counted
from openmso.ledger.contracts import Account, Kind
from openmso.ledger.contracts.reports import Turnover

TEMPORARY = frozenset({Kind.REVENUE, Kind.CONTRA_REVENUE, Kind.EXPENSE})
"""What a budget plans: the accounts of an income statement."""
LIMIT = Decimal(1_000_000_000)


class BadGrid(Refused):
    """The figures of a budget cannot be read, or are none."""

    code = "bad_grid"


def plannable(chart: Iterable[Account]) -> list[Account]:
    """The accounts of a chart that a budget has."""
    return [one for one in chart if one.kind in TEMPORARY and one.postable and one.active]


def figure(kind: Kind, moved: Turnover) -> Money:
    """What an account came to, in the sign in which an income statement shows it."""
    return moved.credits - moved.debits if kind is Kind.REVENUE else moved.debits - moved.credits


def of_year(
    chart: Iterable[Account], months: Sequence[Mapping[str, Turnover] | None]
) -> tuple[dict[str, tuple[Money, ...]], str]:
    """A year's figures from twelve months of the books, and in words how months without books were filled.

    A month of which there are no books (`None`) takes the mean of those of which there are.
    """
    known = [one for one in months if one is not None]
    grid = {}
    for account in plannable(chart):
        had = [figure(account.kind, one[account.code]) if account.code in one else ZERO for one in known]
        if not any(had):
            continue
        mean = Money.rounded(Money.total(had).amount / len(had))
        told = iter(had)
        grid[account.code] = tuple(mean if one is None else next(told) for one in months)
    if len(known) == MONTHS:
        return grid, "the books of the twelve months"
    return grid, f"the books of {counted(len(known), 'month')}; the others take their mean"


def changed(grid: Grid, percent: Decimal) -> dict[str, tuple[Money, ...]]:
    """The same figures changed by so many percent, each rounded to the cent, half up."""
    factor = 1 + percent / 100
    return {code: tuple(one.times(factor) for one in months) for code, months in grid.items()}


def totals(grid: Grid, kinds: Mapping[str, Kind]) -> tuple[Money, Money]:
    """Income (less what reduces it) and expenses of a year."""

    def of(kind: Kind) -> Money:
        return Money.total(one for code, months in grid.items() if kinds.get(code) is kind for one in months)

    return of(Kind.REVENUE) - of(Kind.CONTRA_REVENUE), of(Kind.EXPENSE)


def written(grid: Grid) -> dict[str, list[str]]:
    """The figures as they are kept: texts with two places."""
    return {code: [str(one) for one in months] for code, months in sorted(grid.items())}


def kept(cells: Mapping[str, Sequence[str]]) -> dict[str, tuple[Money, ...]]:
    """The figures that were kept."""
    return {code: tuple(Money.of(one) for one in months) for code, months in cells.items()}


def judged(grid: Grid, chart: Iterable[Account]) -> dict[str, tuple[Money, ...]]:
    """The figures of a budget, without accounts that are zero all year; raises `BadGrid` for what is no plan."""
    codes = {one.code for one in plannable(chart)}
    for code, months in grid.items():
        if code not in codes:
            raise BadGrid(f"The book plans no account {code}.", field="grid", fix="Name accounts of income or expense.")
        if len(months) != MONTHS:
            raise BadGrid(f"Account {code} has {counted(len(months), 'month')}, a budget has twelve.", field="grid")
        if any(abs(one.amount) >= LIMIT for one in months):
            raise BadGrid(f"Account {code} has a figure of a billion or more.", field="grid", fix="Look at the commas.")
    left = {code: months for code, months in grid.items() if any(months)}
    if not left:
        raise BadGrid("Every figure is zero.", field="grid", fix="Plan something.")
    return left


def read_csv(content: bytes) -> dict[str, tuple[Money, ...]]:
    """The figures of a CSV file: a heading, then account and twelve months a row; raises `BadGrid` with the line."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as no:
        raise BadGrid(f"The file is not CSV in UTF-8: {no}.", field="file", fix="Export it from the page anew.") from no
    return read_rows(rows)


def read_rows(rows: Sequence[Sequence[str]]) -> dict[str, tuple[Money, ...]]:
    """The figures of rows under a heading: `account`, a name that is not read, twelve months, and more is ignored."""
    if not rows or not rows[0] or rows[0][0].strip().lower() != "account":
        raise BadGrid("The first row does not begin with “account”.", field="file", fix="Export it from the page anew.")
    grid: dict[str, tuple[Money, ...]] = {}
    for line, row in enumerate(rows[1:], start=2):
        code = row[0].strip() if row else ""
        if not code:
            continue
        if code in grid:
            raise BadGrid(f"Line {line}: account {code} stands there twice.", field="file")
        if len(row) < MONTHS + 2:
            raise BadGrid(f"Line {line}: twelve months are asked for.", field="file", fix="Leave a month at 0.00.")
        grid[code] = tuple(_amount(text, line) for text in row[2 : MONTHS + 2])
    if not grid:
        raise BadGrid("The file has no accounts.", field="file", fix="Export it from the page anew.")
    return grid


def _amount(text: str, line: int) -> Money:
    bare = text.strip().replace(",", "").replace("$", "").replace("\u2212", "-") or "0"
    try:
        value = Decimal(bare)
        if not value.is_finite() or abs(value) >= LIMIT:
            raise InvalidOperation
        return Money.of(value)
    except (InvalidOperation, ValueError):
        raise BadGrid(f"Line {line}: {text.strip()!r} is no amount of dollars and cents.", field="file") from None


def rows_of(grid: Grid, names: Mapping[str, str], first: Month) -> list[list[str]]:
    """The figures as rows under a heading, as `read_rows` takes them."""
    heading = ["account", "name", *(str(first.plus(number)) for number in range(MONTHS))]
    return [heading, *([code, names.get(code, ""), *map(str, months)] for code, months in sorted(grid.items()))]


def variances(
    grid: Grid, actual: Mapping[str, Money], chart: Iterable[Account], *, months: int
) -> list[Variance]:  # fmt: skip
    """Each account over the first months of a year: planned and actual, where either is anything."""
    found = []
    for account in plannable(chart):
        planned = Money.total(grid.get(account.code, ())[:months])
        came = actual.get(account.code, ZERO)
        if planned or came:
            found.append(Variance(account.code, account.name, account.kind, planned, came))
    return found
