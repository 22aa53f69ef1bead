"""Repricing: what the claims of some months would have brought under a version of a contract, a draft's too.

Days that are alike in all that prices depend on are priced once, together, by the very rules that price charges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from openmso.claims.contracts import DayKind, KindLine
from openmso.claims.queries import alike
from openmso.contracting import queries as contracting
from openmso.contracting.contracts import Ask, Version
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.parties.queries import providers
from openmso.platform.ui.contracts import Page, PageAsk
from openmso.underpayments.contracts import By, Repriced, Repricing

MONTHS, MONTHS_MAX = 12, 36
NOBODY = "Nobody named"
SORTS: Mapping[str, Callable[[Repriced], Any]] = {
    name: attrgetter(name) for name in ("name", "lines", "charged", "current", "proposed", "untold")
} | {"difference": lambda row: abs(row.difference.amount)}
Amounts = tuple[Money | None, ...]


class NothingToReprice(Refused):
    """The days cannot be repriced."""

    code = "nothing_to_reprice"


@dataclass(slots=True)
class _Sums:
    lines: int = 0
    untold: int = 0
    charged: Decimal = Decimal("0.00")
    current: Decimal = Decimal("0.00")
    proposed: Decimal = Decimal("0.00")

    def add(self, line: KindLine, proposed: Money | None, times: int) -> None:
        self.lines += times
        self.charged += line.charge.amount * times
        if line.expected is None or proposed is None:
            self.untold += times
        else:
            self.current += line.expected.amount * times
            self.proposed += proposed.amount * times

    def told(self, name: str) -> Repriced:
        return Repriced(name, self.lines, self.untold, Money(self.charged), Money(self.current), Money(self.proposed))


def year_before(today: date, months: int = MONTHS) -> tuple[date, date]:
    """So many full months before the month of a day: the first day, and the day after the last."""
    month = Month.of(today)
    return month.plus(-months).first, month.first


def reprice(*, contract: str, number: int | None = None, since: date, until: date) -> Repricing:
    """Reprice what one payer was asked for under a version, the draft when none is named (the latest without one).

    Raises `NotFound`, and `NothingToReprice` for days that end before they begin or are more than three years.
    """
    if not since < until or (until - since).days > 31 * MONTHS_MAX:
        raise NothingToReprice(
            "The days end before they begin, or are more than three years.", field="until",
            fix="Choose a year: from its first day to before the next.",
        )  # fmt: skip
    found = contracting.contract(contract, with_rates=True)
    latest = found.draft or (found.versions[0] if found.versions else None)
    version = latest if number is None else found.version(number)
    if version is None:
        raise NotFound(f"There is no version {number or ''} of contract {contract}.", field="number")
    kinds = alike.days(practice=found.practice, payer_id=found.payer_id, since=since, until=until)
    priced = _priced(kinds, version)
    total, sums = _Sums(), {by: defaultdict[str, _Sums](_Sums) for by in By}
    names = providers.names_of({kind.clinician for kind in kinds if kind.clinician is not None})
    for kind in kinds:
        of_clinician = sums[By.CLINICIAN][names.get(kind.clinician or 0, NOBODY)]
        for line, proposed in zip(kind.lines, priced[kind.on, kind.lines], strict=True):
            for one in (total, of_clinician, sums[By.CODE][line.code]):
                one.add(line, proposed, kind.times)
    told = {by: [one.told(name) for name, one in found_by.items()] for by, found_by in sums.items()}
    return Repricing(
        contract, found.payer, found.practice, version.number, version is found.draft, since, until,
        total.told("All"), Money.total(kind.allowed for kind in kinds),
        {by: tuple(sorted(rows, key=lambda row: (-abs(row.difference.amount), row.name))) for by, rows in told.items()},
    )  # fmt: skip


def rows(told: Repricing, by: By, *, text: str, page: PageAsk) -> Page[Repriced]:
    """A page of a repricing by code or clinician; the text narrows by the beginning of the name."""
    found = [row for row in told.by[by] if row.name.lower().startswith(text.strip().lower())]
    if page.sort in SORTS:
        found.sort(key=SORTS[page.sort], reverse=page.desc)
    return Page(found[page.offset : page.offset + page.size], len(found), page)


def _priced(kinds: list[DayKind], version: Version) -> dict[tuple[date, tuple[KindLine, ...]], Amounts]:
    """What the version pays for each kind of day, line by line."""
    agreement = contracting.agreement(version.terms)
    codes = {line.code for kind in kinds for line in kind.lines}
    medicare = contracting.Medicare(codes, {kind.on for kind in kinds})
    found: dict[tuple[date, tuple[KindLine, ...]], Amounts] = {}
    for kind in kinds:
        if (key := (kind.on, kind.lines)) not in found:
            asks = [
                Ask(place, 0, None, line.code, line.modifiers, line.units, line.place_of_service, line.charge, kind.on)
                for place, line in enumerate(kind.lines)
            ]
            answers = contracting.priced(asks, agreement, kind.on, "", medicare.book)
            found[key] = tuple(answers[place].amount for place in range(len(asks)))
    return found
