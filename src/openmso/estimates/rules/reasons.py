"""Which services a reason for a visit usually comes to: by words that a practice has said, and by what was charged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal

from openmso.estimates.contracts import Charged, ItemDraft, Usual

SHOWN, USUAL = Decimal(10), Decimal(50)
"""From which share of the visits, in percent, a service is shown, and is suggested."""


def plain(words: str) -> str:
    """Words of a reason as they are kept and looked for: small letters, single spaces."""
    return " ".join(words.casefold().split())


def fitting(reason: str, kept: Iterable[Usual]) -> Usual | None:
    """The one whose words are the longest of those that the reason has; `None` where it has none."""
    said = plain(reason)
    return max((one for one in kept if one.words in said), key=lambda one: (len(one.words), one.words), default=None)


def charged(lines: Iterable[tuple[int, str, tuple[str, ...], Decimal]]) -> list[Charged]:
    """Services by the share of visits at which they were charged, the most usual first.

    A line is visit, code, modifiers and units. Units are what one visit most often had; of two as often, the fewer.
    """
    units: dict[tuple[str, tuple[str, ...]], dict[int, Decimal]] = defaultdict(dict)
    visits: set[int] = set()
    for visit, code, modifiers, count in lines:
        visits.add(visit)
        at = units[code, modifiers]
        at[visit] = at.get(visit, Decimal(0)) + count
    found = [
        Charged(code, modifiers, _most(at.values()), len(at), len(visits)) for (code, modifiers), at in units.items()
    ]
    return sorted((one for one in found if one.share >= SHOWN), key=lambda one: (-one.visits, one.code, one.modifiers))


def _most(units: Collection[Decimal]) -> Decimal:
    counted = Counter(units)
    return min(counted, key=lambda one: (-counted[one], one))


def suggested(found: Iterable[Charged], words: dict[str, str]) -> tuple[ItemDraft, ...]:
    """The services that half of the visits had, with the words that patients were given for them before."""
    return tuple(
        ItemDraft(one.code, one.modifiers, one.units, words=words.get(one.code, ""))
        for one in found
        if one.share >= USUAL
    )
