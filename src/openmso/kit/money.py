"""Money: whole cents of US dollars; no float can enter and no cent can leak.

Amounts are `Decimal` with exactly two places. A computation that yields fractions of a cent must say
how it rounds (`Money.rounded`), and a division among several must use `split`, which loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

CENT = Decimal("0.01")


class Rounding(StrEnum):
    """How a fraction of a cent becomes a cent. Contracts and CMS round half up; statistics half even."""

    HALF_UP = ROUND_HALF_UP
    HALF_EVEN = ROUND_HALF_EVEN


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in US dollars, exact to the cent; negative amounts are allowed.

    Raises `TypeError` for a float and `ValueError` for anything that is not a finite whole number of cents.
    """

    amount: Decimal

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"Money takes a Decimal, not {type(self.amount).__name__}; use Money.of(...)")
        if not self.amount.is_finite():
            raise ValueError(f"{self.amount} is not an amount of money")
        exact = self.amount.quantize(CENT)
        if exact != self.amount:
            raise ValueError(f"{self.amount} has a fraction of a cent; say how to round it: Money.rounded")
        object.__setattr__(self, "amount", exact)

    @classmethod
    def of(cls, value: Money | Decimal | int | str) -> Money:
        """Money from an exact value: `Money.of("12.50")`, `Money.of(12)`."""
        if isinstance(value, Money):
            return value
        if isinstance(value, float | bool):
            raise TypeError("a float or a boolean is never money")
        try:
            return cls(Decimal(value))
        except InvalidOperation as no:
            raise ValueError(f"{value!r} is not an amount of money") from no

    @classmethod
    def cents(cls, count: int) -> Money:
        """Money from a whole number of cents."""
        return cls(Decimal(count).scaleb(-2))

    @classmethod
    def rounded(cls, value: Decimal, rounding: Rounding = Rounding.HALF_UP) -> Money:
        """The nearest cent to an exact figure, by the named rule."""
        return cls(value.quantize(CENT, rounding=rounding.value))

    @classmethod
    def total(cls, parts: Iterable[Money]) -> Money:
        """The sum of the parts; of none, zero."""
        return cls(sum((part.amount for part in parts), Decimal("0.00")))

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + other.amount)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - other.amount)

    def __neg__(self) -> Money:
        return Money(-self.amount)

    def __abs__(self) -> Money:
        return Money(abs(self.amount))

    def __bool__(self) -> bool:
        return self.amount != 0

    def times(self, factor: Decimal | int, rounding: Rounding = Rounding.HALF_UP) -> Money:
        """The amount times a rate or a count, to the cent by the named rule."""
        if isinstance(factor, float):
            raise TypeError("a float is never a rate")
        return Money.rounded(self.amount * factor, rounding)

    def split(self, weights: Sequence[Decimal | int]) -> list[Money]:
        """Parts in proportion to the weights, to the cent, that add up to the whole.

        Largest remainder: each part is first rounded toward zero, then the cents that are left go to the
        largest remainders, ties to the earlier part. Weights are not negative and not all zero.
        """
        exact_weights = [Decimal(weight) for weight in weights]
        if not exact_weights or any(weight < 0 for weight in exact_weights) or not sum(exact_weights):
            raise ValueError("split needs weights that are not negative and not all zero")
        sign, whole = (-1 if self.amount < 0 else 1), abs(int(self.amount.scaleb(2)))
        scale = max(-int(weight.normalize().as_tuple().exponent) for weight in exact_weights)
        units = [int(weight.scaleb(max(scale, 0))) for weight in exact_weights]
        every = sum(units)
        floors = [whole * unit // every for unit in units]
        by_remainder = sorted(range(len(units)), key=lambda i: (-(whole * units[i] % every), i))
        for i in by_remainder[: whole - sum(floors)]:
            floors[i] += 1
        return [Money.cents(sign * cents) for cents in floors]

    def __str__(self) -> str:
        return f"{self.amount:.2f}"

    def __format__(self, spec: str) -> str:
        """As the amount is formatted: `f"{money:,.2f}"` for people, `f"{money}"` as `str` has it."""
        return format(self.amount, spec or ".2f")


ZERO = Money(Decimal("0.00"))
