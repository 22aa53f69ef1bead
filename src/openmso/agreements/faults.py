"""What judgement about agreements comes to: a fault in terms, and a difference between two versions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps terms from being signed: the field, the sentence, the fix."""

    field: str
    sentence: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between two versions."""

    what: str
    before: str
    after: str
