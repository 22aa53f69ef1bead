"""JSON that people write: numbers without loss, and nothing that says two things at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any


def loads(text: str) -> Any:
    """The value of a JSON text, its numbers exact (`Decimal`).

    Raises `ValueError` with words for what is no JSON, for NaN and infinities, and for a member that is named twice:
    one of the two would silently win.
    """
    return json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once)


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} is named twice in one object; keep one of them")
    return made


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")
