"""The quote: terms, a period and its figures in; the fee and every step out.

Order of operations: each component by itself, never below zero, rounded half up to the cent; their sum; then
minimum, cap, fair market value cap and credits in the order the terms state; then what was paid on account.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from openmso.agreements.fees import sentences
from openmso.agreements.fees.inputs import Inputs
from openmso.agreements.fees.quote import Aside, Beside, Quote, Step, StepKind, rounding_words, shown, to_cents
from openmso.agreements.fees.terms import (
    BadTerms,
    Base,
    Component,
    CostPlus,
    DayCount,
    FeeTerms,
    Flat,
    LesserOf,
    Limit,
    MarkupHow,
    Per,
    Percent,
    PerUnit,
    Prorated,
    Residual,
    Stage,
    TierHow,
    Tiers,
)
from openmso.agreements.fees.units import unit_of
from openmso.agreements.tasks.contracts import Volume
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange, thirty_360
from openmso.kit.words import grouped


def quote(
    *, terms: FeeTerms, period: DayRange, inputs: Inputs, in_force: DayRange | None = None, paid: Money | None = None
) -> Quote:
    """The fee of a period of whole months; `in_force` are the days of the agreement, which may begin or end within it.

    `paid` is what was paid on account, for a true-up. Raises `BadTerms` for no such period, days outside, no figures.
    """
    tape = tape_of(terms, period, inputs, in_force)
    tape.run()
    return Quote(tape.fee, period, tape.days, terms, inputs, tuple(tape.steps), tuple(tape.asides), paid,
                 notes=tuple(dict.fromkeys(tape.notes)))  # fmt: skip


def tape_of(terms: FeeTerms, period: DayRange, inputs: Inputs, in_force: DayRange | None) -> Tape:
    """A tape before its first step."""
    return Tape(terms, period, _days_in(period, in_force), _months_of(period), inputs)


def figures_of(terms: FeeTerms) -> tuple[str, ...]:
    """The names of the figures that a quote of these terms needs, in the order of their use."""
    names = [name for component in terms.components for name in _figures(component)]
    return tuple(dict.fromkeys([*names, *(credit.count for credit in terms.credits)]))


def _figures(component: Component) -> tuple[str, ...]:
    match component:
        case Percent(of=of) | Residual(of=of) | Tiers(of=of):
            return tuple(term.name for term in of.terms)
        case PerUnit(count=count):
            return (count,)
        case CostPlus(costs=costs):
            return tuple(cost.name for cost in costs)
        case LesserOf(of=options):
            return tuple(name for option in options for name in _figures(option))
        case Flat():
            return ()


def _days_in(period: DayRange, in_force: DayRange | None) -> DayRange:
    days = period.meets(in_force) if in_force is not None else period
    if days is None:
        raise BadTerms("The agreement is not in force on any day of the period.", field="in_force",
                       fix="Quote a period that it covers.")  # fmt: skip
    return days


def _months_of(period: DayRange) -> int:
    ends = period.ends_on
    if ends is None or ends.day != period.starts_on.day or ends <= period.starts_on:
        raise BadTerms(
            "A fee is quoted for whole months.", field="period",
            fix="Quote the whole month, quarter or year, and say in `in_force` on which days the agreement held.",
        )  # fmt: skip
    return (ends.year - period.starts_on.year) * 12 + ends.month - period.starts_on.month


@dataclass
class Tape:
    """The adding machine: the fee so far, and the paper that runs out of it."""

    terms: FeeTerms
    period: DayRange
    days: DayRange
    months: int
    inputs: Inputs
    fee: Money = ZERO
    steps: list[Step] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def write(
        self,
        kind: StepKind,
        label: str,
        formula: str,
        exact: Fraction,
        *,
        effect: Money = ZERO,
        uses: tuple[str, ...] = (),
    ) -> Money:
        """Print one step and add its effect; returns the cents of the exact figure."""
        amount = to_cents(exact)
        self.fee = self.fee + effect
        self.steps.append(
            Step(kind, label, formula, shown(exact), amount, rounding_words(exact, amount), effect, self.fee, uses)
        )
        return amount

    def run(self) -> None:
        """Every component, then every operation in its order."""
        for component in self.terms.components:
            self.add(component)
        for stage in self.terms.order:
            self.apply(stage)

    # ---- components ---------------------------------------------------------------------------------------------

    def add(self, component: Component) -> None:
        """Compute a component and add it to the fee."""
        exact, formula, uses = self.figure(component)
        label = sentences.component(component, self.terms)
        if exact < 0:
            exact, formula = Fraction(0), f"{formula}; below zero counts as zero"
        self.write(StepKind.COMPONENT, label, formula, exact, effect=to_cents(exact), uses=uses)

    def figure(self, component: Component) -> tuple[Fraction, str, tuple[str, ...]]:
        """The exact figure of a component, its formula, and the inputs it uses."""
        match component:
            case Flat():
                return self.flat(component)
            case Percent():
                return self.percent(component)
            case Residual():
                exact, uses = self.base(component.of)
                return exact, f"what is left: {plain(exact)}", uses
            case Tiers():
                return self.tiers(component)
            case PerUnit():
                return self.per_unit(component)
            case CostPlus():
                return self.cost_plus(component)
            case LesserOf():
                return self.lesser_of(component)

    def flat(self, one: Flat) -> tuple[Fraction, str, tuple[str, ...]]:
        """A fixed amount, scaled to the period and to the days in force."""
        return *self.scaled(one, Prorated.FLAT), ()

    def scaled(self, one: Flat | Limit, what: Prorated) -> tuple[Fraction, str]:
        """An amount for the period and the days in force, with its formula."""
        factor, words = self.scale(one.per, what)
        amount, said = self.amount(one)
        return amount * factor, f"{said}{words}"

    def amount(self, one: Flat | Limit) -> tuple[Fraction, str]:
        """An amount that may change by date, weighted by the days on which each holds, and the words of it."""
        dated = [(date.min, one.amount.amount), *((later.starts_on, later.amount.amount) for later in one.then)]
        return self.weighted(dated, plain)

    def weighted(
        self, dated: Sequence[tuple[date, Decimal]], say: Callable[[Fraction | Decimal], str]
    ) -> tuple[Fraction, str]:
        """Values by date, weighted by the days in force on which each holds; the formula names those that do."""
        ends: list[date | None] = [*(day for day, _ in dated[1:]), None]
        spans = [DayRange(day, end).meets(self.days) for (day, _), end in zip(dated, ends, strict=True)]
        held = [(value, span.days) for (_, value), span in zip(dated, spans, strict=True) if span and span.days]
        every = sum(days for _, days in held)
        if len(held) == 1:
            return Fraction(held[0][0]), say(held[0][0])
        mean = sum((Fraction(value) * days for value, days in held), Fraction(0)) / every
        return mean, f"({' + '.join(f'{say(value)} × {days}' for value, days in held)}) ÷ {every} days"

    def base(self, of: Base) -> tuple[Fraction, tuple[str, ...]]:
        """What a percentage is of, printed as a step: each figure with what counts of it."""
        total = Fraction(0)
        said: list[str] = []
        for term in of.terms:
            counted = sum((part.amount for part in self.inputs.counted(term)), Decimal(0))
            left_out = self.inputs.get(term.name).whole - counted
            sign = -1 if term.rate < 0 else 1
            rates = [(date.min, abs(term.rate)), *((later.starts_on, abs(later.rate)) for later in term.then)]
            rate, words = self.weighted(rates, sentences.percent)
            share = "" if rate == 1 else f" × {words}"
            without = f" ({plain(left_out)} left out)" if left_out else ""
            said.append(f"{'− ' if sign < 0 else '+ ' if said else ''}{plain(counted)}{share}{without}")
            total += sign * rate * Fraction(counted)
            self.notes += self.inputs.idle(term)
        uses = tuple(term.name for term in of.terms)
        label = sentences.base(of, self.terms.words)
        self.write(StepKind.BASE, label[:1].upper() + label[1:], " ".join(said), total, uses=uses)
        return total, uses

    def percent(self, one: Percent) -> tuple[Fraction, str, tuple[str, ...]]:
        """A rate of a base; rates that change within the period are weighted by their days."""
        total, uses = self.base(one.of)
        if one.rates[0].starts_on > self.days.starts_on:
            raise BadTerms(f"No rate holds on {self.days.starts_on}.", field="components",
                           fix="Give the rate from the first day of the agreement.")  # fmt: skip
        rate, words = self.weighted([(dated.starts_on, dated.rate) for dated in one.rates], sentences.percent)
        return total * rate, f"{plain(total)} × {words}", uses

    def tiers(self, one: Tiers) -> tuple[Fraction, str, tuple[str, ...]]:
        """Rates by bands: of the part inside each, or of everything at the rate of the band reached."""
        total, uses = self.base(one.of)
        factor, _ = self.scale(one.per, Prorated.BANDS)
        limits = [None if band.up_to is None else Fraction(band.up_to.amount) * factor for band in one.bands]
        if one.how is TierHow.CLIFF:
            reached = next(i for i, limit in enumerate(limits) if limit is None or total <= limit)
            rate = one.bands[reached].rate
            return total * Fraction(rate), f"all of {plain(total)} × {sentences.percent(rate)}", uses
        exact, below, said = Fraction(0), Fraction(0), []
        for band, limit in zip(one.bands, limits, strict=True):
            inside = max(Fraction(0), total - below if limit is None else min(total, limit) - below)
            where = f"above {plain(below)}" if limit is None else f"from {plain(below)} to {plain(limit)}"
            share = inside * Fraction(band.rate)
            label = f"{sentences.percent(band.rate)} {where}"
            self.write(StepKind.BAND, label, f"{plain(inside)} × {sentences.percent(band.rate)}", share, uses=uses)
            said.append(plain(share))
            exact, below = exact + share, limit if limit is not None else below
        return exact, " + ".join(said), uses

    def per_unit(self, one: PerUnit) -> tuple[Fraction, str, tuple[str, ...]]:
        """A price for each one counted, beyond those included for every month of the period."""
        if one.volume is not None:
            return self.by_volume(one, one.volume)
        count, (cut, _) = self.inputs.count(one.count), self.cut(Prorated.BANDS)
        free = Fraction(one.included * self.months, self.terms.period.months) * cut
        billed = max(Fraction(0), Fraction(count) - free)
        beyond = f" ({count} less {shown(free)} included)" if free else ""
        known = unit_of(one.count)
        part, told = self.cut(Prorated.FLAT) if known and known.stands else (Fraction(1), "")
        return (
            billed * Fraction(one.price.amount) * part,
            f"{shown(billed)}{beyond} × {plain(one.price.amount)}{told}",
            (one.count,),
        )

    def by_volume(self, one: PerUnit, volume: Volume) -> tuple[Fraction, str, tuple[str, ...]]:
        """Each unit at the price of the band of the month's volume that it falls in, and above the last band."""
        count, exact, below, said = Fraction(self.inputs.count(one.count)), Fraction(0), 0, []
        months = self.months * self.cut(Prorated.BANDS)[0]
        bands = [(band.last, one.price if band.price is None else band.price) for band in volume.bands]
        for last, price in [*bands, (None, volume.above or ZERO)]:
            top = count if last is None else min(count, last * months)
            inside = max(Fraction(0), top - below * months)
            where = f"above {below:,}" if last is None else f"{below + 1:,} to {last:,}"
            share = inside * Fraction(price.amount)
            if inside:
                self.write(StepKind.BAND, f"{where} a month", f"{shown(inside)} × {plain(price.amount)}", share,
                           uses=(one.count,))  # fmt: skip
                said.append(plain(share))
            exact, below = exact + share, last if last is not None else below
        return exact, " + ".join(said) or "0.00", (one.count,)

    def cost_plus(self, one: CostPlus) -> tuple[Fraction, str, tuple[str, ...]]:
        """Each cost with its mark-ups, additive or compounding as the terms say."""
        exact, said = Fraction(0), []
        for cost in one.costs:
            amount, factor = Fraction(self.inputs.get(cost.name).whole), Fraction(1)
            for markup in cost.markups:
                factor += Fraction(markup) * (factor if one.how is MarkupHow.COMPOUNDING else 1)
            label = sentences.name(cost.name, self.terms.words)
            times = f" × {shown(factor)}" if cost.markups else ""
            self.write(StepKind.BAND, label[:1].upper() + label[1:], f"{plain(amount)}{times}", amount * factor,
                       uses=(cost.name,))  # fmt: skip
            said.append(plain(amount * factor))
            exact += amount * factor
        return exact, " + ".join(said), tuple(cost.name for cost in one.costs)

    def lesser_of(self, one: LesserOf) -> tuple[Fraction, str, tuple[str, ...]]:
        """The smallest option to the cent; the first is the measured one, whose excess or distance is told."""
        amounts: list[Money] = []
        uses: list[str] = []
        for option in one.of:
            exact, formula, used = self.figure(option)
            label = sentences.component(option, self.terms)
            amounts.append(self.write(StepKind.OPTION, label, formula, max(exact, Fraction(0)), uses=used))
            uses.extend(used)
        least, first = min(amounts), amounts[0]
        if first > least:
            self.asides.append(Aside(Beside.EXCESS, one.excess_to or "not charged", first - least))
        elif min(amounts[1:]) > first:
            self.asides.append(Aside(Beside.UNDER, "below the other option", min(amounts[1:]) - first))
        return (
            Fraction(least.amount),
            f"the lesser of {' and '.join(plain(each.amount) for each in amounts)}",
            tuple(uses),
        )

    # ---- operations on the sum ----------------------------------------------------------------------------------

    def apply(self, stage: Stage) -> None:
        """One operation on the fee so far."""
        match stage:
            case Stage.MINIMUM if self.terms.minimum:
                self.raise_to(self.terms.minimum)
            case Stage.CAP if self.terms.cap:
                self.cut_to(self.terms.cap, StepKind.CAP, Prorated.CAP, "at most")
            case Stage.FMV_CAP if self.terms.fmv_cap:
                over = self.cut_to(
                    self.terms.fmv_cap, StepKind.FMV_CAP, Prorated.FMV_CAP, "never above the fair market value of"
                )
                if over:
                    self.asides.append(Aside(Beside.HELD, "above fair market value: held", over))
            case Stage.CREDITS:
                self.give_back()

    def raise_to(self, minimum: Limit) -> None:
        """At least the minimum; what a residual did not cover accrues."""
        exact, formula = self.scaled(minimum, Prorated.MINIMUM)
        short = max(ZERO, to_cents(exact) - self.fee)
        label = sentences.limit("At least", minimum)
        self.write(StepKind.MINIMUM, label, formula, exact, effect=short)
        if short and any(isinstance(component, Residual) for component in self.terms.components):
            self.asides.append(Aside(Beside.ACCRUES, "not covered by the balance: accrues", short))

    def cut_to(self, cap: Limit, kind: StepKind, prorated: Prorated, words: str) -> Money:
        """At most the cap; returns what was above it."""
        exact, formula = self.scaled(cap, prorated)
        over = max(ZERO, self.fee - to_cents(exact))
        label = sentences.limit(words[:1].upper() + words[1:], cap)
        self.write(kind, label, formula, exact, effect=-over)
        return over

    def give_back(self) -> None:
        """Credits, each of the fee as it stands before credits; together never more than the fee."""
        before = self.fee
        for credit in self.terms.credits:
            count = Fraction(self.inputs.count(credit.count))
            rate = Fraction(credit.rate) * count
            share = rate if credit.cap is None else min(rate, Fraction(credit.cap))
            capped = f", capped at {sentences.percent(share)}" if share < rate else ""
            exact = min(Fraction(before.amount) * share, Fraction(self.fee.amount))
            label = sentences.credit(credit)
            formula = f"{plain(before.amount)} × {sentences.percent(credit.rate)} × {shown(count)}{capped}"
            self.write(StepKind.CREDIT, label[:1].upper() + label[1:], formula, -exact, effect=-to_cents(exact),
                       uses=(credit.count,))  # fmt: skip

    # ---- periods ------------------------------------------------------------------------------------------------

    def scale(self, per: Per, what: Prorated) -> tuple[Fraction, str]:
        """From an amount per period to the days quoted, and the words of the formula."""
        if per.days:
            days = (self.days if what in self.terms.prorates else self.period).days or 0
            return Fraction(days, per.days), f" × {days} ÷ {per.days} days"
        factor = Fraction(self.months, per.months)
        words = "" if factor == 1 else f" × {self.months} ÷ {per.months} months"
        part, told = self.cut(what)
        return factor * part, words + told

    def cut(self, what: Prorated) -> tuple[Fraction, str]:
        """To what the days in force cut an amount of the period, where the terms cut it; and its words."""
        if what not in self.terms.prorates or self.days == self.period or self.terms.day_count is DayCount.NONE:
            return Fraction(1), ""
        part, told = self.part()
        return part, f" × {told}"

    def part(self) -> tuple[Fraction, str]:
        """The share of the period on which the agreement was in force, by the stated day count."""
        held = self.days.days or 0
        if self.terms.day_count is DayCount.YEAR_365:
            return Fraction(held * 12, 365 * self.months), f"{held} × 12 ÷ (365 × {self.months}), a year of 365 days"
        if self.terms.day_count is DayCount.THIRTY:
            held = thirty_360(self.days.starts_on, self.days.ends_on or self.days.starts_on)
            return Fraction(held, 30 * self.months), f"{held} ÷ {30 * self.months} days (30/360)"
        every = self.period.days or 0
        return Fraction(held, every), f"{held} ÷ {every} days"


def plain(exact: Fraction | Decimal) -> str:
    """A figure of a formula, with thousands and a true minus; two places where it is cents."""
    value = Fraction(exact)
    cents = to_cents(value)
    if Fraction(cents.amount) == value:
        return f"{'−' if value < 0 else ''}{abs(cents.amount):,.2f}"
    return grouped(shown(value))
