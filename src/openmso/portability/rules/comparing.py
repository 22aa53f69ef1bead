"""How two states of a practice compare: every figure of the one beside the same figure of the other."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.portability.contracts import Compared, Figure

NONE = "–"


def compared(exported: Iterable[Figure], here: Iterable[Figure]) -> tuple[Compared, ...]:
    """All figures of either, in the order of the first; one that the other lacks is a dash there."""
    before, now = _told(exported), _told(here)
    keys = [*before, *(key for key in now if key not in before)]
    return tuple(Compared(*key, before.get(key, NONE), now.get(key, NONE)) for key in keys)


def _told(figures: Iterable[Figure]) -> dict[tuple[str, str, str], str]:
    found: dict[tuple[str, str, str], str] = {}
    for one in figures:
        found[one.name, one.of, "count"] = str(one.count)
        found |= {(one.name, one.of, measure): value for measure, value in one.sums}
    return found
