"""The fee of a whole period from the figures of its months: what a true-up settles.

Each month keeps its own days, and what its terms say of those days: a rate or an amount that changes by date holds for
the figures of its own days, so that settling the period invents no difference. Figures are then summed, and the bands,
the lesser of several, minimum, cap and fair market value look at the sum; each is for the months together what it is
for each of them. What was given back in a month stays given back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from openmso.agreements.fees import quoting, sentences
from openmso.agreements.fees.inputs import Figure, Inputs, Part
from openmso.agreements.fees.quote import Quote, StepKind
from openmso.agreements.fees.quoting import Tape, plain
from openmso.agreements.fees.terms import (
    BadTerms,
    Base,
    FeeTerms,
    Flat,
    Limit,
    Per,
    Percent,
    PerUnit,
    Prorated,
)
from openmso.agreements.fees.units import unit_of
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange

SHARE = Decimal("0.0001")
"""To what the mean of a count that stands is rounded."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A month of a period: its days in force, its figures, and what was given back in it."""

    period: DayRange
    days: DayRange
    inputs: Inputs
    credits: Money = ZERO


def credits_of(quote: Quote) -> Money:
    """What a quote gives back."""
    return Money.total(-step.effect for step in quote.steps if step.kind is StepKind.CREDIT)


def quote(*, terms: FeeTerms, months: Sequence[Dated], paid: Money | None = None) -> Quote:
    """The fee of some months together, in order. Raises `BadTerms` as the quote of a month does."""
    if not months:
        raise BadTerms("A period has months.", field="months", fix="Give the figures of one month at least.")
    period = DayRange(months[0].period.starts_on, months[-1].period.ends_on)
    days = DayRange(months[0].days.starts_on, months[-1].days.ends_on)
    inputs = summed([(one.inputs, one.days) for one in months])
    each = [quoting.tape_of(terms, one.period, one.inputs, one.days) for one in months]
    back = Money.total(one.credits for one in months)
    tape = _Whole(terms, period, days, len(months), inputs, each=each, given_back=back)
    tape.run()
    return Quote(
        tape.fee, period, days, terms, inputs, tuple(tape.steps), tuple(tape.asides), paid,
        months=tuple((one.days, one.inputs) for one in months),
    )  # fmt: skip


def summed(given: Sequence[tuple[Inputs, DayRange]]) -> Inputs:
    """Figures of several stretches of days as figures of all of them: their sums, by category.

    What stands (a clinician) is taken in the mean of the days.
    """
    if len(given) == 1:
        return given[0][0]
    every = sum(days.days or 0 for _, days in given)
    made: dict[str, dict[frozenset[str], Decimal]] = {}
    for inputs, days in given:
        for name, figure in inputs.figures.items():
            share, sums = Decimal(days.days or 0) if _stands(name) else Decimal(1), made.setdefault(name, {})
            for part in figure.parts:
                sums[part.categories] = sums.get(part.categories, Decimal(0)) + part.amount * share
    return Inputs(
        {name: Figure(name, tuple(Part(kind, _mean(amount, every) if _stands(name) else amount)
                                  for kind, amount in sums.items())) for name, sums in made.items()}
    )  # fmt: skip


def _stands(name: str) -> bool:
    unit = unit_of(name)
    return unit is not None and unit.stands


def _mean(amount: Decimal, days: int) -> Decimal:
    mean = (amount / days).quantize(SHARE, ROUND_HALF_UP)
    return mean.quantize(Decimal(1)) if mean == mean.to_integral_value() else mean.normalize()


@dataclass
class _Whole(Tape):
    """The tape of a period: what depends on days is taken from the tapes of its months."""

    each: list[Tape] = field(default_factory=list)
    given_back: Money = ZERO

    def scaled(self, one: Flat | Limit, what: Prorated) -> tuple[Fraction, str]:
        """The amounts of the months together."""
        found = [tape.scaled(one, what) for tape in self.each]
        exact = sum((exact for exact, _ in found), Fraction(0))
        if not one.then and all(tape.days == tape.period for tape in self.each):
            return exact, super().scaled(one, what)[1]
        return exact, " + ".join(formula for _, formula in found)

    def scale(self, per: Per, what: Prorated) -> tuple[Fraction, str]:
        """From an amount per period to all months."""
        if per.days:
            return super().scale(per, what)
        factor = sum((tape.scale(per, what)[0] for tape in self.each), Fraction(0))
        return factor, "" if factor == 1 else f" × {self.months} ÷ {per.months} months"

    def cut(self, what: Prorated) -> tuple[Fraction, str]:
        """To what the days in force cut the months, in the mean."""
        return sum((tape.cut(what)[0] for tape in self.each), Fraction(0)) / self.months, ""

    def base(self, of: Base) -> tuple[Fraction, tuple[str, ...]]:
        """What a percentage is of: the sum of the months."""
        if not any(term.then for term in of.terms):
            return super().base(of)
        parts = [tape.base(of)[0] for tape in self.each]
        total, label = sum(parts, Fraction(0)), sentences.base(of, self.terms.words)
        uses = tuple(term.name for term in of.terms)
        self.write(StepKind.BASE, label[:1].upper() + label[1:], " + ".join(map(plain, parts)), total, uses=uses)
        return total, uses

    def percent(self, one: Percent) -> tuple[Fraction, str, tuple[str, ...]]:
        """A rate of the sum; where rates change by date, of the figures of each month at its own."""
        if len(one.rates) == 1:
            return super().percent(one)
        _, uses = self.base(one.of)
        found = [tape.percent(one) for tape in self.each]
        return sum((exact for exact, _, _ in found), Fraction(0)), " + ".join(said for _, said, _ in found), uses

    def per_unit(self, one: PerUnit) -> tuple[Fraction, str, tuple[str, ...]]:
        """A price for each counted in any month; what stands has its price in every month."""
        if not _stands(one.count):
            return super().per_unit(one)
        found = [tape.per_unit(one) for tape in self.each]
        exact = sum((exact for exact, _, _ in found), Fraction(0))
        return exact, " + ".join(said for _, said, _ in found), (one.count,)

    def give_back(self) -> None:
        """What was given back in the months, never more than the fee."""
        if self.given_back:
            back = min(self.given_back, self.fee)
            self.write(StepKind.CREDIT, "Given back in the months", plain(self.given_back.amount),
                       -Fraction(back.amount), effect=-back)  # fmt: skip
