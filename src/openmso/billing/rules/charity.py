"""Charity care: income as a percentage of the federal poverty guidelines, and what the practice's scale gives for it.

The guidelines are those of HHS, by year and region, with the notice in the Federal Register; a year's table holds from
its day on. The table that is in force is loaded (`queries.tables`); the product ships one (`poverty_guidelines.csv`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal
from itertools import pairwise

from openmso.kit.money import Money

HOUSEHOLD_MAX = 30
REGIONS = ("contiguous", "alaska", "hawaii")
_REGIONS = {"AK": "alaska", "HI": "hawaii"}
_SCALE = re.compile(r"\d{1,4}:\d{1,3}( \d{1,4}:\d{1,3})*")


@dataclass(frozen=True, slots=True)
class Guideline:
    """The guideline of a year and region: dollars a year for one person, and for each further one."""

    year: int
    region: str
    first: int
    additional: int
    effective_on: date
    source: str

    def of(self, household: int) -> Money:
        """What a household of so many has at 100 percent."""
        return Money.of(self.first + self.additional * (household - 1))


def guideline(state: str, on: date, known: Iterable[Guideline]) -> Guideline | None:
    """The table that holds in a state on a day; none before the first one."""
    region = _REGIONS.get(state.upper(), "contiguous")
    held = [one for one in known if one.region == region and one.effective_on <= on]
    return max(held, key=lambda one: one.effective_on, default=None)


def percent(income: Money, household: int, table: Guideline) -> int:
    """A year's income as a percentage of the guideline, rounded up to a whole one: nobody is below by a rounding."""
    whole = income.amount * 100 / table.of(household).amount
    return int(whole.quantize(Decimal(1), rounding=ROUND_UP))


def scale(text: str) -> list[tuple[int, int]]:
    """A sliding scale `200:100 300:50` as pairs: up to so many percent of the guideline so many percent are given."""
    return [(int(most), int(gives)) for most, _, gives in (one.partition(":") for one in text.split())]


def flaw(text: str) -> str:
    """What is wrong with a scale, in words; empty where nothing is."""
    if not _SCALE.fullmatch(text):
        return "A scale reads 200:100 300:50: up to 200 percent all, up to 300 percent half."
    steps = scale(text)
    if any(gives > 100 or not gives for _, gives in steps):
        return "A step gives 1 to 100 percent."
    if any(one >= two or gives <= less for (one, gives), (two, less) in pairwise(steps)):
        return "From step to step income rises, and what is given falls."
    return ""


def best(steps: Iterable[tuple[int, int]]) -> int:
    """How many percent are given at most."""
    return max((gives for _, gives in steps), default=0)


def discount(of_poverty: int, steps: Iterable[tuple[int, int]]) -> int:
    """How many percent are given at an income; 0 beyond the last step."""
    return next((gives for most, gives in steps if of_poverty <= most), 0)
