"""Which kind of plan a visit goes to: by the words of its reason."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.patients.contracts import PlanKind


def plan_for(reason: str, routes: Iterable[tuple[str, PlanKind]]) -> PlanKind | None:
    """The kind of the longest words that the reason has; `None` where it has none of them."""
    said = " ".join(reason.casefold().split())
    found = [(len(words), kind) for words, kind in routes if words.casefold() in said]
    return max(found)[1] if found else None
