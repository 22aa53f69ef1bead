"""What federal and state law ask before a patient's debt goes to an agency: rows of `medical_debt.csv`, in words.

Each row says whether it is law or the house's policy. Where no row speaks of a state, the practice's policy holds alone
and is said to be policy: whoever is sure of a state's law adds its row with its source.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Row:
    """A rule of a state (US for all of them by law, * for all of them by the house): its number, words and source."""

    state: str
    rule: str
    number: int
    basis: str
    words: str
    source: str

    @property
    def is_law(self) -> bool:
        """Whether it is law; else it is policy."""
        return self.basis == "law"


@dataclass(frozen=True, slots=True)
class Law:
    """What holds for a patient of a state. Days count from the first statement, and from the final notice."""

    first_days: int = 0
    final_days: int = 0
    time_bar_days: int = 0
    agency_wait_days: int = 0
    poverty_percent: int = 0
    must_screen: bool = False
    rows: tuple[Row, ...] = ()


@cache
def rows() -> tuple[Row, ...]:
    """All rows, in their order."""
    text = resources.files("openmso.billing.rules").joinpath("medical_debt.csv").read_text(encoding="utf-8")
    return tuple(
        Row(one["state"], one["rule"], int(one["number"]), one["basis"], one["words"], one["source"])
        for one in csv.DictReader(text.splitlines())
    )


def of_state(state: str, *, is_hospital: bool, known: Iterable[Row] | None = None) -> Law:
    """What holds in a state; of several rows the strictest."""
    found = tuple(_of(rows() if known is None else known, state.upper(), is_hospital))

    def most(rule: str) -> int:
        return max((row.number for row in found if row.rule == rule), default=0)

    return Law(
        max(most("first_days"), most("hospital_first_days")), max(most("final_days"), most("hospital_final_days")),
        min((row.number for row in found if row.rule == "time_bar_days"), default=0), most("agency_wait_days"),
        most("poverty_percent"), bool(most("screen")), found,
    )  # fmt: skip


def _of(known: Iterable[Row], state: str, is_hospital: bool) -> Iterator[Row]:
    for row in known:
        if row.state in {"*", "US", state} and (is_hospital or not row.rule.startswith("hospital_")):
            yield row
