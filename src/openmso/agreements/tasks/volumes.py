"""Volumes as a person writes them: `1-500 included; 501-800 at 4.00; above at 3.50`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from openmso.agreements.tasks.catalogue import BadTask
from openmso.agreements.tasks.contracts import Volume, VolumeBand
from openmso.kit.money import Money

BAND = re.compile(r"^(\d{1,7})\s*(?:-|–|to)\s*(\d{1,7})\s*(?:included|at\s*\$?(\d{1,7}(?:\.\d{1,2})?))?$")
ABOVE = re.compile(r"^above\s*(?:at\s*\$?(\d{1,7}(?:\.\d{1,2})?)|nothing|included)$")
FORM = "As 1-500 included; 501-800 at 4.00; above at 3.50, or: above nothing."
BANDS_MAX = 10


def parsed(text: str) -> Volume | None:
    """A volume as typed; nothing where nothing is. Raises `BadTask`."""
    parts = [part.strip().lower() for part in text.replace(",", "").split(";") if part.strip()]
    if not parts:
        return None
    above, bands = None, []
    for place, part in enumerate(parts):
        if place and place == len(parts) - 1 and (found := ABOVE.match(part)):
            above = _money(found[1])
        elif found := BAND.match(part):
            bands.append(VolumeBand(int(found[1]), int(found[2]), _money(found[3])))
        else:
            raise BadTask(f"{part!r} is no band.", field="volume", fix=FORM)
    return Volume(tuple(bands), above)


def written(volume: Volume | None) -> str:
    """A volume as it is typed."""
    if volume is None:
        return ""
    bands = [f"{one.first}-{one.last} {'included' if one.price is None else f'at {one.price}'}" for one in volume.bands]
    return "; ".join([*bands, f"above {'nothing' if volume.above is None else f'at {volume.above}'}"])


def sentence(volume: Volume) -> str:
    """A volume in words: `1 to 500 a month within the fee, then each at $4.00`."""
    said = [f"{one.first:,} to {one.last:,} {_at(one.price)}" for one in volume.bands]
    beyond = "nothing more above" if volume.above is None else f"each one above at ${volume.above}"
    return f"{', '.join(said)}, {beyond}; counted by the month"


def faults(volume: Volume) -> Iterator[tuple[str, str]]:
    """Sentence and fix of everything that is wrong with a volume."""
    if not 0 < len(volume.bands) <= BANDS_MAX:
        yield f"A volume has one to {BANDS_MAX} bands.", FORM
    below = 0
    for one in volume.bands:
        if one.first != below + 1:
            said = f"starts at {one.first:,} where {below + 1:,} comes next"
            yield f"A band {said}: bands follow one another without a gap.", FORM
        if one.last < one.first:
            yield f"A band ends at {one.last:,}, before it starts.", FORM
        below = one.last


def _at(price: Money | None) -> str:
    return "within the fee" if price is None else f"at ${price} each"


def _money(said: str | None) -> Money | None:
    return None if said is None else Money(Decimal(said))
