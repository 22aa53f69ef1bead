"""The public id of an entry: its key, mixed, so that a file of 20,000 claims needs no random names nor their index.

Multiplication by a number prime to 30 walks through all 30^8 names without meeting one twice. The same is done in
SQL by `ledger_public_id`.
"""

from __future__ import annotations

from openmso.kit.ids import ALPHABET

PREFIX = "JE-"
_NAMES = len(ALPHABET) ** 8
_STEP, _START = 13_999_981, 217_678_233_001
_BACK = pow(_STEP, -1, _NAMES)
_PAIRS = tuple(first + second for second in ALPHABET for first in ALPHABET)
"""Two letters at once: an id of eight is said in four steps, and there is one for every entry that is posted."""


def entry_public_id(key: int) -> str:
    """`JE-7K2P9M4X`, the name of the entry with this key."""
    mixed = (key * _STEP + _START) % _NAMES
    mixed, first = divmod(mixed, len(_PAIRS))
    mixed, second = divmod(mixed, len(_PAIRS))
    fourth, third = divmod(mixed, len(_PAIRS))
    return f"{PREFIX}{_PAIRS[first]}{_PAIRS[second]}{_PAIRS[third]}{_PAIRS[fourth]}"


def entry_key(public_id: str) -> int | None:
    """The key behind a public id; `None` when the text is no such id."""
    letters = public_id.removeprefix(PREFIX)
    if not public_id.startswith(PREFIX) or len(letters) != 8 or not set(letters) <= set(ALPHABET):
        return None
    mixed = sum(ALPHABET.index(letter) * len(ALPHABET) ** place for place, letter in enumerate(letters))
    return (mixed - _START) * _BACK % _NAMES
