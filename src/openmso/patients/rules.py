"""Names as they are looked up: without accents, case, punctuation and double spaces."""

from __future__ import annotations

import unicodedata

LONGEST = 120
AFTER_ALL = "\U0010ffff"
"""Sorts after every text that goes on: the upper end of a prefix range."""


def lookup_name(last_name: str, first_name: str = "") -> str:
    """The key a name is sorted and found by: `okafor daniel`, `nunez pena maria`."""
    return _plain(f"{last_name} {first_name}")[:LONGEST]


def lookup_ways(text: str) -> list[tuple[str, str]]:
    """The ways to read what somebody typed: a beginning of the key, and what a later word of it begins with.

    `Okafor, Dan` is one; `okafor dan` and `dan okafor` are two each, because a name is told in either order.
    """
    if "," in text:
        return [(whole, "")] if (whole := _plain(text)) else []
    first, *others = _plain(text).split() or [""]
    ways = [(" ".join([first, *others]), ""), (" ".join(others), first)]
    return [(begins, holds) for begins, holds in ways if begins]


def digits(text: str) -> str:
    """Only the digits."""
    return "".join(character for character in text if character.isdigit())


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = (c if c.isalnum() else " " for c in folded if not unicodedata.combining(c) and c != "'")
    return " ".join("".join(letters).split())
