"""Whether a line was paid short, and why: plain values in, a verdict out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from openmso.kit.money import ZERO, Money
from openmso.underpayments.states import Cause

TOLERANCE = Money(Decimal("0.05"))
"""A payer may round differently; less than this is not asked for."""
CENT = Money(Decimal("0.01"))
BUNDLING = {"97", "231", "234", "236", "B15"}
PROCEDURES = "59"
PLACES = {"5", "58"}
SEQUESTRATION = "253"
CONTRACT = "45"
SHARES = (Decimal("0.5"), Decimal("0.25"), Decimal("0.75"), Decimal("0.80"), Decimal("0.95"))
"""What payers pay of a further procedure of a day."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a line: what its contract expects, what the payer allowed, kept and said (`CO-45`).

    `elsewhere` is what the contract expects in the other setting, facility or not.
    """

    expected: Money
    allowed: Money
    kept: Money
    reasons: Collection[str]
    is_recoded: bool
    keeps_sequestration: bool
    elsewhere: Money | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much is missing, and why; nothing where the line was paid as agreed."""

    short: Money
    cause: Cause


def judge(facts: Facts) -> Verdict | None:
    """What is missing of a line, beyond the tolerance; what the payer kept without a right counts as missing."""
    taken = ZERO if facts.keeps_sequestration else facts.kept
    short = facts.expected - facts.allowed + taken
    return Verdict(short, cause(facts, taken)) if short > TOLERANCE else None


def cause(facts: Facts, taken: Money) -> Cause:
    """The likeliest cause: what the payer says comes before what the figures show."""
    said = {reason.partition("-")[2] for reason in facts.reasons}
    missing = facts.expected - facts.allowed
    if taken and missing <= TOLERANCE:
        return Cause.SEQUESTRATION
    if facts.is_recoded or said & BUNDLING:
        return Cause.BUNDLED
    if PROCEDURES in said or any(_near(facts.allowed, facts.expected.times(share)) for share in SHARES):
        return Cause.MULTIPLE
    if said & PLACES or (facts.elsewhere is not None and _near(facts.allowed, facts.elsewhere)):
        return Cause.PLACE
    return Cause.RATE if CONTRACT in said else Cause.UNKNOWN


def _near(one: Money, other: Money) -> bool:
    return abs(one - other) <= CENT
