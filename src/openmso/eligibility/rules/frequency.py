"""From when a plan gives something again: where its payer does not say it, counted from what was done last."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from openmso.eligibility.contracts import BenefitLine
from openmso.eligibility.rules.services import CONTACTS


def _between(first: str, last: str) -> Callable[[str], bool]:
    return lambda code: first <= code <= last


CODES: Mapping[str, Callable[[str], bool]] = {
    "AN": lambda code: code in {"92002", "92004", "92012", "92014", "S0620", "S0621"},
    "AM": lambda code: code in {"V2020", "V2025"},
    "AO": _between("V2100", "V2499"),
    "CP": _between("V2020", "V2599"),
    CONTACTS: _between("V2500", "V2599"),
    "81": lambda code: "99381" <= code <= "99397" or code in {"G0438", "G0439"},
}
"""By service type of a 271 the codes that use the benefit up."""


def counted(lines: Iterable[BenefitLine], served: Mapping[str, date]) -> tuple[BenefitLine, ...]:
    """The same lines; of one in so many months with no day said, the day so many months after it was done last."""
    return tuple(_counted(line, served) for line in lines)


def _counted(line: BenefitLine, served: Mapping[str, date]) -> BenefitLine:
    uses = CODES.get(line.service)
    if line.next_on is not None or not line.months or uses is None:
        return line
    last = max((on for code, on in served.items() if uses(code)), default=None)
    return line if last is None else replace(line, next_on=months_after(last, line.months), is_counted=True)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of its month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
