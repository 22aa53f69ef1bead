"""Past-tense facts of scheduling."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VisitsPlanned:
    """Visits were scheduled: their public ids. The instant of the fact is when."""

    visits: tuple[str, ...]
