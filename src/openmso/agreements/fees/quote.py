"""A computed fee as data: the amount, and every step of how it came about."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from openmso.agreements.fees.inputs import Inputs
from openmso.agreements.fees.terms import BadTerms, FeeTerms
from openmso.kit.money import Money
from openmso.kit.periods import DayRange

PLACES = Decimal("0.00000001")
LARGEST = 10**12
"""What the columns of money hold, in dollars."""


class StepKind(StrEnum):
    """What a step is: a figure looked at, a part of a component, or an operation on the fee.

    Of a true-up: a step of the fee of the whole period, what a month of it was charged, and the difference.
    """

    BASE = "base"
    BAND = "band"
    OPTION = "option"
    COMPONENT = "component"
    MINIMUM = "minimum"
    CAP = "cap"
    FMV_CAP = "fmv_cap"
    CREDIT = "credit"
    WHOLE = "whole"
    CHARGED = "charged"
    TRUE_UP = "true_up"


class Beside(StrEnum):
    """Amounts that the fee leaves beside it."""

    ACCRUES = "accrues"  # part of the minimum that the residual did not cover
    HELD = "held"  # above fair market value: held, not paid
    EXCESS = "excess"  # a larger option of a lesser-of: goes where the terms say
    UNDER = "under"  # how far the fee stays below the other option


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its formula with the figures in it, the exact result, the cents, and what it does to the fee.

    `effect` is what the step adds to the fee (zero for a step that only shows a figure); the effects of all steps
    add up to the amount of the quote. `uses` names the inputs, so that a figure opens to where it comes from.
    """

    kind: StepKind
    label: str
    formula: str
    exact: str
    amount: Money
    rounding: str
    effect: Money
    so_far: Money
    uses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aside:
    """An amount beside the fee."""

    kind: Beside
    words: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Quote:
    """A fee for a period: with the terms and inputs that gave it, so that it can be reproduced.

    `days` are the days of the period on which the agreement was in force. `due` is what is left to pay where
    payments on account are known; it is below zero when too much was paid. The quote of a period whose terms change
    inside has `parts`, each the quote of its own days under its own terms; `terms` are then the last ones. `notes` say
    what of the terms met nothing.
    """

    amount: Money
    period: DayRange
    days: DayRange
    terms: FeeTerms
    inputs: Inputs
    steps: tuple[Step, ...]
    asides: tuple[Aside, ...] = ()
    paid: Money | None = None
    parts: tuple[Quote, ...] = ()
    months: tuple[tuple[DayRange, Inputs], ...] = ()
    """The figures by the days in force of each month, where it was computed from those."""
    notes: tuple[str, ...] = ()

    @property
    def due(self) -> Money:
        """What is left to pay."""
        return self.amount - self.paid if self.paid is not None else self.amount


def shown(exact: Fraction) -> str:
    """An exact figure in decimals: all of them where they end within eight, else the first eight and an ellipsis."""
    decimal = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(PLACES)
    text = f"{decimal.normalize():f}"
    return text if Fraction(decimal) == exact else f"{text}…"


def to_cents(exact: Fraction) -> Money:
    """The nearest cent, half up (away from zero), computed without any loss; refused above a trillion dollars."""
    if abs(exact) >= LARGEST:
        raise BadTerms("The fee comes to more than a trillion dollars.", field="inputs", fix="Check the figures.")
    scaled = abs(exact) * 100
    cents = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Money.cents(-cents if exact < 0 else cents)


def rounding_words(exact: Fraction, amount: Money) -> str:
    """What the rounding did."""
    if Fraction(amount.amount) == exact:
        return "exact"
    return "half up to the cent"
