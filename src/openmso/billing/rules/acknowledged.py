"""Which refund a payer acknowledges (PLB 72, TR3 005010X221A1 1.10.2.12): found by its number, else by its cents."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

SHORTEST = 3
"""Characters of a number that says something; a shorter one ties nothing."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Money that went back to a payer: our name of it, its amount, and every number that it is known by."""

    name: str
    payer: str
    amount: Decimal
    numbers: Collection[str]


def tie(payer: str, reference: str, amount: Decimal, sent: Sequence[Sent]) -> tuple[Sent, str] | None:
    """What an acknowledgement answers, and by what it was found; nothing where more than one would do.

    The amount must be that which was sent: another one is for a person to look at.
    """
    same = [one for one in sent if one.amount == amount]
    named = [one for one in same if _plain(reference) in {_plain(number) for number in one.numbers} - {""}]
    if len(named) == 1:
        return named[0], "by its number and its amount"
    alone = [one for one in same if one.payer.casefold() == payer.casefold()]
    return (alone[0], "by its amount; nothing else of it went to this payer") if not named and len(alone) == 1 else None


def _plain(number: str) -> str:
    """A number without leading zeros, blanks and marks; nothing where it is too short to say anything."""
    plain = re.sub(r"[^A-Z0-9]", "", number.upper()).lstrip("0")
    return plain if len(plain) >= SHORTEST else ""
