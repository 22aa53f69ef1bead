"""A month by the terms that held in it: each part on its own days, and how a figure of one is called."""

from __future__ import annotations

from dataclasses import dataclass

from openmso.agreements.contracts import Version
from openmso.agreements.fees.terms import FeeTerms
from openmso.kit.periods import DayRange

AT = "@"
"""What parts the name of a figure from the number of the part it is of: `net_collections@2`."""


@dataclass(frozen=True, slots=True)
class Part:
    """Days of a month on which one fee holds: the version that says so last, the days, the fee as it is charged."""

    version: Version
    days: DayRange
    terms: FeeTerms


def addressed(name: str, part: int) -> str:
    """The name of a figure of a part; of a month that has one part alone it is the name itself (`part` is 0)."""
    return f"{name}{AT}{part}" if part else name


def parted(name: str) -> tuple[str, int]:
    """The name of a figure and the number of its part, from how it is addressed."""
    own, _, part = name.partition(AT)
    return own, int(part) if part.isdecimal() else 0
