"""Whose turn it is: which payer is asked after which, and when nobody is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from openmso.claims.rules.cob import rank

CROSSOVER_DAYS = 30
"""How long a crossed-over claim is waited for: Medicare's crossover takes a supplemental payer up to 30 days."""


@dataclass(frozen=True, slots=True)
class Held:
    """A coverage that is in force on the day of service."""

    id: int
    payer_id: int
    order: str
    """SBR01."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one payer said of a claim, as far as the next turn depends on it."""

    rank: int
    is_reversal: bool
    forwarded: bool
    patient: Decimal
    denied: Decimal


def goes_on(heard: Heard, turn: int) -> bool:
    """Whether the next payer is asked without anybody's doing: something is the patient's, nothing is denied.

    What a payer denied is worked on first; what it sent on itself (crossover) is not billed again; what an earlier
    payer says late changes nobody's turn.
    """
    is_final = not heard.is_reversal and not heard.forwarded
    return is_final and max(heard.rank, 1) >= turn and heard.patient > 0 and heard.denied == 0


def next_cover(held: Sequence[Held], *, asked: int, turn: int) -> Held | None:
    """Of the coverages in force, in order, the one whose turn is next; `asked` is the key of the one asked now."""
    now = next((cover for cover in held if cover.id == asked), None)
    after = rank(now.order) if now is not None else turn
    later = (cover for cover in held if rank(cover.order) > after)
    return next((cover for cover in later if now is None or cover.payer_id != now.payer_id), None)


def waits_until(crossed_on: date) -> date:
    """The day by which the next payer of a crossed-over claim should have answered."""
    return crossed_on + timedelta(days=CROSSOVER_DAYS)
