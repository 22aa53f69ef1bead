"""By when a payer takes an answer: its own days, counted from the remittance; the levels of appeal.

Medicare: 120 days to redetermination, 180 to reconsideration, 60 to a hearing and to the Appeals Council (42 CFR
405.942, .962, .1014, .1102). Others have what the practice's contract says, else what the
payer's register holds.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from openmso.denials.contracts import Act
from openmso.denials.rules import mapping
from openmso.parties.contracts import Payer

HOUSE_DAYS = 90
"""Where the payer is not known: the shortest that payers commonly give."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of appeal: its name, and how many days after which event it is to be sent."""

    number: int
    words: str
    days: int
    counted_from: str


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The last days for a corrected claim and for the first appeal."""

    correct_by: date
    appeal_by: date

    def of(self, action: str) -> date:
        """The one that counts for an action: that of a correction, else that of an appeal."""
        return self.correct_by if mapping.act_of(action) is Act.CORRECT else self.appeal_by


Agreed = Mapping[str, tuple[int, str]]
"""Limits of a contract by kind (`appeal`, `corrected`): days, and from what they count (`remittance`, `service`)."""


def deadlines(payer: Payer | None, answered_on: date, *, served_on: date | None = None, agreed: Agreed) -> Deadlines:
    """The last days for an answer to what a payer decided on a day: those of the contract, else of the payer."""
    corrected = payer.corrected_days if payer else HOUSE_DAYS
    first = levels(payer)[0].days
    return Deadlines(
        _by_contract(agreed.get("corrected"), answered_on, served_on) or answered_on + timedelta(days=corrected),
        _by_contract(agreed.get("appeal"), answered_on, served_on) or answered_on + timedelta(days=first),
    )


def _by_contract(limit: tuple[int, str] | None, answered_on: date, served_on: date | None) -> date | None:
    if limit is None:
        return None
    days, counted_from = limit
    begins = answered_on if "remittance" in counted_from else served_on
    return begins + timedelta(days=days) if begins else None


def levels(payer: Payer | None) -> list[Level]:
    """The levels of appeal with a payer; the first has the days that its register says."""
    kind = payer.kind.value if payer else ""
    found = _levels().get(kind) or _levels()[""]
    days = payer.appeal_days if payer else HOUSE_DAYS
    return [Level(one.number, one.words, days if one.number == 1 else one.days, one.counted_from) for one in found]


@cache
def _levels() -> Mapping[str, list[Level]]:
    text = files("openmso.denials.rules").joinpath("levels.csv").read_text(encoding="utf-8")
    found: dict[str, list[Level]] = {}
    for row in csv.DictReader(text.splitlines()):
        level = Level(int(row["number"]), row["words"], int(row["days"]), row["counted_from"])
        found.setdefault(row["kind"], []).append(level)
    return found
