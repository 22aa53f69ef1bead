"""Past-tense facts of scheduling."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VisitsPlanned:
    """Visits were scheduled, or stand again: their public ids. The instant of the fact is when."""

    visits: tuple[str, ...]


@dataclass(frozen=True)
class CoverageChosen:
    """Somebody chose which coverage a visit asks first, or went back to its reason: the visit's public id."""

    visit: str


@dataclass(frozen=True)
class VisitsCalledOff:
    """Visits were cancelled, or the patients did not come: their public ids."""

    visits: tuple[str, ...]
