"""What federal and state law ask before a patient's debt goes to an agency: rows of a table, in words.

The table that is in force is loaded (`queries.tables`); the product ships one (`medical_debt.csv`). Each row says
whether it is law or the house's policy, since when it holds, where it stands, when somebody last looked and how sure
they were.
Where no row speaks of a state, the practice's policy holds alone and is said to be policy: whoever is sure of a state's
law adds its row with its source.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

RULES = {
    "first_days": "Days from the first statement to an agency",
    "final_days": "Days from the final notice to an agency",
    "hospital_first_days": "The same from the first statement, for hospitals",
    "hospital_final_days": "The same from the final notice, for hospitals",
    "time_bar_days": "Age of a service after which no agency gets it",
    "rest_days": "Days between two agencies",
    "agency_wait_days": "Days that an agency waits before it acts",
    "poverty_percent": "Percent of the poverty guideline below which nothing is collected",
    "screen": "Screening for help comes first",
}
CONFIDENCE = {
    "read": "The text was read",
    "reported": "A report of it was read",
    "cited": "Cited, not read again",
    "house": "House policy",
}
EVERYWHERE = {"*": "House", "US": "All states"}


@dataclass(frozen=True, slots=True)
class Row:
    """A rule of a state (US for all of them by law, * for all of them by the house): its number, words and source."""

    state: str
    rule: str
    number: int
    basis: str
    words: str
    source: str
    effective_on: date = date.min
    as_of: date = date.min
    confidence: str = "cited"

    @property
    def is_law(self) -> bool:
        """Whether it is law; else it is policy."""
        return self.basis == "law"

    @property
    def where(self) -> str:
        """Whose rule it is, in words."""
        return EVERYWHERE.get(self.state, self.state)

    @property
    def sure(self) -> str:
        """How sure whoever looked was, in words."""
        return CONFIDENCE[self.confidence]


@dataclass(frozen=True, slots=True)
class Law:
    """What holds for a patient of a state. Days count from the first statement, and from the final notice."""

    first_days: int = 0
    final_days: int = 0
    time_bar_days: int = 0
    agency_wait_days: int = 0
    rest_days: int = 0
    poverty_percent: int = 0
    must_screen: bool = False
    rows: tuple[Row, ...] = ()


def of_state(state: str, *, is_hospital: bool, known: Iterable[Row], on: date) -> Law:
    """What holds in a state on a day; of several rows the strictest, of one rule of a state the latest."""
    latest: dict[tuple[str, str], Row] = {}
    for row in sorted(known, key=lambda one: one.effective_on):
        if row.effective_on <= on and row.state in {*EVERYWHERE, state.upper()}:
            latest[row.state, row.rule] = row
    found = tuple(row for row in latest.values() if is_hospital or not row.rule.startswith("hospital_"))

    def most(rule: str) -> int:
        return max((row.number for row in found if row.rule == rule), default=0)

    return Law(
        max(most("first_days"), most("hospital_first_days")), max(most("final_days"), most("hospital_final_days")),
        min((row.number for row in found if row.rule == "time_bar_days"), default=0), most("agency_wait_days"),
        most("rest_days"), most("poverty_percent"), bool(most("screen")), found,
    )  # fmt: skip
