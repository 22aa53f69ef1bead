"""Names as they are looked up: without accents, case, punctuation and double spaces."""

from __future__ import annotations

import unicodedata

LONGEST = 120
AFTER_ALL = "\U0010ffff"
"""Sorts after every text that goes on: the upper end of a prefix range."""


def lookup_name(last_name: str, first_name: str = "") -> str:
    """The key a name is sorted and found by: `okafor daniel`, `nunez pena maria`."""
    return _plain(f"{last_name} {first_name}")[:LONGEST]


def lookup_terms(text: str) -> tuple[str, str]:
    """What somebody typed, as prefixes of last and first name: `Okafor, Dan`, `okafor dan`, `Okafor`."""
    last, comma, first = text.partition(",")
    if not comma:
        last, _, first = text.strip().partition(" ")
    return _plain(last), _plain(first)


def digits(text: str) -> str:
    """Only the digits."""
    return "".join(character for character in text if character.isdigit())


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = (c if c.isalnum() else " " for c in folded if not unicodedata.combining(c) and c != "'")
    return " ".join("".join(letters).split())
