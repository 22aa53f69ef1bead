"""What an event may hold: plain facts, no floats, nothing long, nothing nested."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.audit.contracts import Fact

TEXT_LENGTH_MAX = 200
WHY_LENGTH_MAX = 1_000
FACTS_MAX = 30


def plain(facts: Mapping[str, object]) -> dict[str, Fact]:
    """The facts of an event as they are stored; raises `TypeError` or `ValueError` for what cannot be one.

    Ids, amounts, days and short codes are facts. Names, notes and other texts of patients are not: an event
    names its subject, and whoever may see the subject looks there.
    """
    if len(facts) > FACTS_MAX:
        raise ValueError(f"an event has at most {FACTS_MAX} facts; this one has {len(facts)}")
    return {name: _plain(name, value) for name, value in facts.items()}


def _plain(name: str, value: object) -> Fact:
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal | Money | date | datetime | Month):
        return value.isoformat() if isinstance(value, date) else str(value)
    if isinstance(value, str):
        if len(value) > TEXT_LENGTH_MAX:
            raise ValueError(f"the fact {name} is longer than {TEXT_LENGTH_MAX} characters")
        return value.replace("\0", "")
    raise TypeError(f"the fact {name} is a {type(value).__name__}; facts are texts, whole numbers, amounts and days")
