"""What stands open on one reference between a payer and a practice: what it is, and whether it is explained.

An 835 that takes a claim back may leave the money for now (PLB WO below zero) and take it from a later payment (WO
above zero, the same reference); a payment that would fall below zero carries the rest (FB under its trace number, taken
by the next under the same one); a refund is acknowledged (72) (TR3 005010X221A1, 1.10.2). Amounts as the file says
them: positive takes. What was left or carried is held against us; what was taken without that wants an explanation.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal

from openmso.remittances.contracts import Answer, RecoupmentState

FORWARD, REFUND = "FB", "72"
ZERO = Decimal(0)
OF_CLAIM = slice(19), slice(19, 39)
"""Where Medicare writes its own claim number and ours in a reference, one behind the other (CR 7499, MM7499)."""
SHORTEST = 4
"""Characters of a claim's number within a reference; fewer are a code beside it."""


def numbers_in(reference: str) -> frozenset[str]:
    """The numbers by which a reference (PLB03-2) may name a claim: all of it, and what it is put together of."""
    parts = [*re.split(r"[^0-9A-Za-z-]+", reference), *(reference[place].strip() for place in OF_CLAIM)]
    return frozenset(part for part in (reference, *parts) if part == reference or len(part) >= SHORTEST) - {""}


def judge(
    codes: Collection[str], amount: Decimal, *, is_reversed: bool, explained: tuple[Decimal, Answer] | None
) -> tuple[RecoupmentState, str]:
    """Where a reference stands, in words; `explained` is the amount that somebody explained last, and how.

    An explanation holds for the amount it was given for; another movement opens the reference again.
    """
    if amount == ZERO:
        return RecoupmentState.CLOSED, "What was left was taken; nothing stands open."
    if explained is not None and explained[0] == amount and explained[1] is not Answer.OPEN:
        return RecoupmentState.CLOSED, explained[1].label
    if amount < ZERO:
        return _held(codes, is_reversed=is_reversed)
    if FORWARD in codes:
        return RecoupmentState.UNEXPLAINED, "Takes what a remittance carried that is not here."
    if is_reversed:
        return RecoupmentState.UNEXPLAINED, "Takes more than was left: its claim was taken back with the money."
    return RecoupmentState.UNEXPLAINED, "Takes money; no claim was taken back under this number."


def _held(codes: Collection[str], *, is_reversed: bool) -> tuple[RecoupmentState, str]:
    if set(codes) == {FORWARD}:
        return RecoupmentState.HELD, "More than that payment was worth; the next ones are less by it."
    if REFUND in codes:
        return RecoupmentState.UNEXPLAINED, "Acknowledges a refund; say which one."
    if is_reversed:
        return RecoupmentState.HELD, "Its claim was taken back; the money was left and is taken later."
    return RecoupmentState.UNEXPLAINED, "Money was left; no claim was taken back under this number."
