"""What shared cost may be shared by, and how pools and figures are written in forms and files.

Lines of a plan: name of the pool, its accounts, its drivers with weights (`claims 60%, revenue 40%`, `direct`), and
whether it bears part of the pools that close before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from openmso.agreements.fees import sentences
from openmso.agreements.fees.allocation import EQUAL
from openmso.agreements.fees.units import UNITS
from openmso.kit.errors import Refused
from openmso.platform.ui import sheets
from openmso.settlement.contracts.allocation import Driver, NewFigure, Pool, Wanted

REVENUE, DIRECT, COST = "revenue", "direct", "cost"
"""Net collections; amounts that are a practice's own; what a pool without accounts cost."""
POOLS_MAX = 30
_UNITS = {one.count: one for one in UNITS}


def _metered(count: str) -> Driver:
    return Driver(count, _UNITS[count].heading, _UNITS[count].words, count=count)


DRIVERS = (
    Driver(REVENUE, "Net collections", "What payers and patients paid in the month, less what was taken back"),
    _metered("claims"),
    _metered("visits"),
    _metered("providers"),
    _metered("ftes"),
    Driver(EQUAL, "Equal parts", "One for each practice"),
    Driver("wrvus", "Work RVUs", "Work relative value units of the month", entered=True),
    Driver("headcount", "Headcount", "People who worked for the practice at the end of the month", entered=True),
    Driver("square_feet", "Square feet", "Space that the practice uses", entered=True),
    Driver("tickets", "Tickets", "Requests to a service desk in the month", entered=True),
)
"""Every driver. What the system counts is not entered: nothing that was said stands before what is known."""
BY_CODE: Mapping[str, Driver] = {one.code: one for one in DRIVERS}


class NoPlan(Refused):
    """A plan cannot be so; the sentence says which pool and why."""

    code = "no_plan"


def words_of(driver: str) -> str:
    """A driver in words."""
    known = BY_CODE.get(driver)
    return known.words if known else {DIRECT: "Direct cost", COST: "Cost"}.get(driver, driver)


def how(pool: Pool) -> str:
    """By what a pool is shared, in words."""
    said = [
        words_of(code) if weight == 1 else f"{sentences.percent(weight)} {words_of(code).lower()}"
        for code, weight in pool.by.items()
    ]
    first = [f"direct amounts{' first' if said else ''}"] if pool.direct else []
    return "; ".join([*first, *([", ".join(said)] if said else [])])


def pool_json(pool: Pool) -> dict[str, Any]:
    """A pool as it is kept."""
    return {
        "name": pool.name, "accounts": list(pool.accounts), "by": {code: str(one) for code, one in pool.by.items()},
        "direct": pool.direct, "bears": pool.bears,
    }  # fmt: skip


def pool_of(kept: Mapping[str, Any]) -> Pool:
    """A pool as it was kept."""
    by = {code: Decimal(weight) for code, weight in kept["by"].items()}
    return Pool(kept["name"], tuple(kept["accounts"]), by, kept["direct"], kept["bears"])


def written(pool: Pool) -> tuple[str, str, str, str]:
    """A pool as a line of a file: what `line_of` reads again."""
    drivers = [code if weight == 1 else f"{code} {sentences.percent(weight)}" for code, weight in pool.by.items()]
    return (
        pool.name, " ".join(pool.accounts), ", ".join([*([DIRECT] if pool.direct else []), *drivers]),
        "yes" if pool.bears else "",
    )  # fmt: skip


def line_of(name: str, accounts: str, drivers: str, bears: str) -> Pool:
    """A pool from a line; raises `NoPlan` naming the pool."""
    by: dict[str, Decimal] = {}
    direct = False
    for part in filter(None, (one.strip().lower() for one in drivers.replace(";", ",").split(","))):
        code, _, weight = part.partition(" ")
        if code == DIRECT and not weight:
            direct = True
        elif code in by:
            raise NoPlan(f"{name} names {code} twice.", field="pools", fix="Add its weights up.")
        else:
            by[code] = _weight(name, code, weight)
    said = bears.strip().lower()
    if said not in {"", "yes", "no"}:
        raise NoPlan(f"{name}: {bears.strip()[:20]!r} is neither yes nor no.", field="pools",
                     fix="Write yes where it bears part of the pools before it.")  # fmt: skip
    return Pool(name.strip(), tuple(accounts.replace(",", " ").split()), by, direct, said == "yes")


def _weight(name: str, code: str, said: str) -> Decimal:
    if not said.strip():
        return Decimal(1)
    try:
        weight = Decimal(said.strip().removesuffix("%").strip()) / 100
    except InvalidOperation:
        weight = Decimal("NaN")
    if not weight.is_finite():
        raise NoPlan(f"{name}: {said.strip()[:20]!r} is no weight of {code}.", field="pools", fix="Write claims 60%.")
    return weight


def faults(pools: Sequence[Pool], *, expenses: Collection[str], codes: Collection[str]) -> Iterable[str]:
    """Why pools cannot be a plan; `expenses` are the accounts that cost stands on, `codes` names of tenants."""
    if not 0 < len(pools) <= POOLS_MAX:
        yield f"A plan has from one to {POOLS_MAX} pools."
    names, taken = [pool.name.lower() for pool in pools], [code for pool in pools for code in pool.accounts]
    for number, pool in enumerate(pools):
        if not pool.name or len(pool.name) > 60 or pool.name.upper() in codes:
            yield f"Pool {number + 1} has no name of its own of up to 60 letters."
        if names.count(pool.name.lower()) > 1:
            yield f"Two pools are called {pool.name}."
        if strange := [code for code in pool.accounts if code not in expenses]:
            yield f"{pool.name}: {strange[0]} is no expense account of the MSO's book."
        if twice := [code for code in pool.accounts if taken.count(code) > 1]:
            yield f"{pool.name}: account {twice[0]} stands twice, and its cost would be shared twice."
        if pool.bears and not number:
            yield f"{pool.name} closes first: there is no pool before it to bear part of."
        yield from _of_drivers(pool)


def _of_drivers(pool: Pool) -> Iterable[str]:
    if not pool.by and not pool.direct:
        yield f"{pool.name} is shared by nothing. Name a driver, drivers with weights, or direct."
    if strange := [code for code in pool.by if code not in BY_CODE]:
        yield f"{pool.name}: {strange[0]} is no driver. Known: {', '.join(BY_CODE)}, {DIRECT}."
    if any(weight <= 0 for weight in pool.by.values()):
        yield f"{pool.name}: a driver of a blend has a weight above zero."
    elif pool.by and (weighed := sum(pool.by.values(), Decimal(0))) != 1:
        yield f"{pool.name}: the weights add up to {sentences.percent(weighed)}, not to 100%."


def pools_of(content: bytes) -> tuple[Pool, ...]:
    """The pools of a file below its heading; raises `NoPlan` and `NoSheet`."""
    rows = sheets.rows_of(content, rows_max=POOLS_MAX + 1)[1:]
    if short := [line for line, row in rows if len(row) < 3]:
        raise NoPlan(f"Line {short[0]} has no drivers.", field="file", fix="Columns: pool, accounts, drivers, bears.")
    return tuple(line_of(*[*row, ""][:4]) for _, row in rows)


def figures_of(content: bytes, wanted: Sequence[Wanted]) -> list[NewFigure]:
    """The figures of a file below its heading, as its template is laid out; raises `NoPlan` and `NoSheet`.

    Columns: code of the practice (of the MSO where a pool is meant), driver, pool, figure. Empty figures are left out.
    """
    known = {(one.code, one.driver, one.pool): one for one in wanted}
    found = []
    for line, row in sheets.rows_of(content, rows_max=len(wanted) * 2 + 10)[1:]:
        code, driver, pool, figure = (cell.strip() for cell in [*row, "", "", "", ""][:4])
        one = known.get((code.upper(), driver.lower(), pool))
        if one is None:
            raise NoPlan(f"Line {line}: nobody asks for {driver or 'no driver'} of {code or 'nobody'}.", field="file",
                         fix="Take the template of the month, and fill in its figures.")  # fmt: skip
        if not figure:
            continue
        try:
            found.append(NewFigure(one.tenant, one.driver, Decimal(figure.replace(",", "")), one.pool))
        except InvalidOperation:
            raise NoPlan(f"Line {line}: {figure[:20]!r} is no figure.", field="file", fix="Write 1250.5.") from None
    return found


def template(wanted: Sequence[Wanted]) -> list[tuple[str, ...]]:
    """The rows of a file that asks for figures, with those that are known."""
    return [("practice", "driver", "pool", "figure", "name"), *(
        (one.code, one.driver, one.pool, f"{one.known.value.normalize():f}" if one.known else "", one.name)
        for one in wanted
    )]  # fmt: skip
