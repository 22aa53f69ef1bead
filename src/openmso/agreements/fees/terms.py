"""Fee terms as data: what a contract can say about a fee, and what it cannot say at once.

All rates are fractions (`0.125` for 12.5%), all amounts whole cents. Amounts belong to a period (`Per`) and are
scaled to the period quoted: bands of $250,000 a month are bands of $3,000,000 in the quote of a year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from openmso.agreements.tasks.contracts import Volume
from openmso.agreements.tasks.volumes import faults
from openmso.kit.errors import Refused
from openmso.kit.money import Money

SCHEMA = 1
"""The version of the JSON form; a reader of version 2 will still take version 1."""


class BadTerms(Refused):
    """Terms or inputs say something that cannot be computed; `field` is the path to it."""

    code = "bad_fee_terms"


class Per(StrEnum):
    """The period that an amount is for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"

    @property
    def months(self) -> int:
        """How many months it has; 0 for periods counted in days."""
        return {Per.MONTH: 1, Per.QUARTER: 3, Per.HALF_YEAR: 6, Per.YEAR: 12}.get(self, 0)

    @property
    def days(self) -> int:
        """How many days it has, for periods counted in days; 0 for the others."""
        return {Per.DAY: 1, Per.WEEK: 7}.get(self, 0)


class DayCount(StrEnum):
    """How a part of a period is counted when the agreement starts or ends within it. A whole period is always 1."""

    ACTUAL = "actual"  # days in force over the days of the period
    THIRTY = "30/360"  # every month has thirty days
    YEAR_365 = "365"  # days in force over 365, of the yearly amount
    NONE = "none"  # any day in force counts as the whole period


class TierHow(StrEnum):
    """Whether a band's rate holds for the part inside it, or for everything once it is reached."""

    MARGINAL = "marginal"
    CLIFF = "cliff"


class MarkupHow(StrEnum):
    """How several mark-ups on one cost combine; a contract must say which."""

    ADDITIVE = "additive"
    COMPOUNDING = "compounding"


class Prorated(StrEnum):
    """What is cut down in a part period."""

    FLAT = "flat"
    MINIMUM = "minimum"
    CAP = "cap"
    FMV_CAP = "fmv_cap"
    BANDS = "bands"


class Stage(StrEnum):
    """The operations after the components, in the order the terms state."""

    MINIMUM = "minimum"
    CAP = "cap"
    FMV_CAP = "fmv_cap"
    CREDITS = "credits"


ORDER = (Stage.MINIMUM, Stage.CAP, Stage.FMV_CAP, Stage.CREDITS)
"""The usual order of operations: components, minimum, cap, fair market value, credits."""
MARKUP_MAX = 10
"""A mark-up of more than ten times the cost is a slip, not a contract."""
PRORATED = (Prorated.FLAT, Prorated.MINIMUM, Prorated.CAP, Prorated.FMV_CAP)


@dataclass(frozen=True, slots=True)
class RateFrom:
    """A rate from a day on."""

    starts_on: date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class AmountFrom:
    """An amount from a day on."""

    starts_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class BaseTerm:
    """One named figure in a base: its share (negative where it is taken off) and the categories that count.

    `include` empty means all categories; what is excluded never counts. `then` are the shares that take the place of
    the first, each from its day on; within a period they are weighted by days.
    """

    name: str
    rate: Decimal = Decimal(1)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    then: tuple[RateFrom, ...] = ()


@dataclass(frozen=True, slots=True)
class Base:
    """What a percentage is of: a formula over named figures, with its own words where it has a name."""

    terms: tuple[BaseTerm, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Flat:
    """A fixed amount for a period; `serves` is the service line or the task that it is for, where it says so.

    `then` are the amounts that take its place, each from its day on; within a period they are weighted by days.
    """

    amount: Money
    per: Per
    serves: str = ""
    then: tuple[AmountFrom, ...] = ()


@dataclass(frozen=True, slots=True)
class Percent:
    """A rate of a base. Rates that step by date are weighted by the days on which each holds."""

    of: Base
    rates: tuple[RateFrom, ...]
    serves: str = ""

    @classmethod
    def at(cls, rate: Decimal, of: Base) -> Percent:
        """One rate for all time."""
        return cls(of, (RateFrom(date.min, rate),))


@dataclass(frozen=True, slots=True)
class Residual:
    """All that is left of a base: a shortfall below the minimum accrues, an excess above fair value is held."""

    of: Base


@dataclass(frozen=True, slots=True)
class Band:
    """A rate up to a limit; the last band has none."""

    up_to: Money | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Tiers:
    """Rates by bands of a base, marginal or cliff; the limits are for a period."""

    how: TierHow
    of: Base
    bands: tuple[Band, ...]
    per: Per


@dataclass(frozen=True, slots=True)
class PerUnit:
    """A price for each claim, visit, provider, task; the first `included` of the period are free.

    A `volume` of the month prices its bands: `price` holds in those without a price of their own.
    """

    unit: str
    count: str
    price: Money
    included: int = 0
    serves: str = ""
    volume: Volume | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost that is passed on, with its mark-ups."""

    name: str
    markups: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class CostPlus:
    """Costs passed on, some of them marked up."""

    costs: tuple[Cost, ...]
    how: MarkupHow
    serves: str = ""


@dataclass(frozen=True, slots=True)
class LesserOf:
    """The smallest of several; what a larger one exceeds it by goes where `excess_to` says."""

    of: tuple[Flat | Percent | Residual | Tiers | PerUnit | CostPlus, ...]
    excess_to: str = ""


Component = Flat | Percent | Residual | Tiers | PerUnit | CostPlus | LesserOf


@dataclass(frozen=True, slots=True)
class Limit:
    """A minimum or a cap for a period; `then` are the amounts that take its place, each from its day on."""

    amount: Money
    per: Per
    then: tuple[AmountFrom, ...] = ()

    def on(self, day: date) -> Money:
        """The amount that holds on a day."""
        return next((one.amount for one in reversed(self.then) if one.starts_on <= day), self.amount)


@dataclass(frozen=True, slots=True)
class Credit:
    """What is given back: `rate` of the fee for each one counted under `count`, up to `cap` of the fee."""

    words: str
    count: str
    rate: Decimal
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """A fee: its components in order, its limits, credits, proration, and the order of operations.

    `entered` names the figures that no book knows, which people enter with evidence, each with what is to show it.
    """

    period: Per
    components: tuple[Component, ...]
    minimum: Limit | None = None
    cap: Limit | None = None
    fmv_cap: Limit | None = None
    credits: tuple[Credit, ...] = ()
    day_count: DayCount = DayCount.ACTUAL
    prorates: tuple[Prorated, ...] = PRORATED
    order: tuple[Stage, ...] = ORDER
    true_up: Per | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    entered: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.components:
            raise BadTerms("A fee has at least one component.", field="components", fix="Add one, such as a percent.")
        if self.period.months == 0:
            raise BadTerms("A fee is charged for months.", field="period", fix="Use month, quarter or year.")
        if self.true_up is not None and not self.true_up.months:
            raise BadTerms(f"A fee that is invoiced by the month cannot be settled by the {self.true_up.value}.",
                           field="true_up", fix="Use quarter or year, or leave it out.")  # fmt: skip
        _limits_fit(self)
        _order_is_sound(self)
        for number, component in enumerate(self.components):
            _component_is_sound(component, f"components[{number}]")
        for number, credit in enumerate(self.credits):
            _rate_is_sound(credit.rate, f"credits[{number}].rate")
            _rate_is_sound(credit.cap, f"credits[{number}].cap")


def _limits_fit(terms: FeeTerms) -> None:
    """A minimum above a cap can never be met (compared over a year)."""
    for name, limit in (("minimum", terms.minimum), ("cap", terms.cap), ("fmv_cap", terms.fmv_cap)):
        if limit is None:
            continue
        if any(one.amount < 0 for one in (limit.amount, *(later.amount for later in limit.then))):
            raise BadTerms(f"The {name} is below zero.", field=name)
        _rising([one.starts_on for one in limit.then], f"{name}.then")
        if not limit.per.months:
            raise BadTerms(f"The {name} is for months.", field=f"{name}.per", fix="Use month, quarter or year.")
    if terms.minimum is None:
        return
    for name, cap in (("cap", terms.cap), ("fmv_cap", terms.fmv_cap)):
        if cap is None:
            continue
        for day in (date.min, *(one.starts_on for one in (*terms.minimum.then, *cap.then))):
            least, most = terms.minimum.on(day), cap.on(day)
            if least.amount * cap.per.months > most.amount * terms.minimum.per.months:
                raise BadTerms(
                    f"The minimum of {least} is above the {name} of {most}.", field="minimum",
                    fix=f"Lower the minimum or raise the {name}.",
                )  # fmt: skip


def _rising(days: list[date], path: str) -> None:
    if days != sorted(set(days)):
        raise BadTerms("What changes by date is listed by day, each day once.", field=path, fix="Sort it by `from`.")


def _order_is_sound(terms: FeeTerms) -> None:
    if sorted(terms.order) != sorted(ORDER):
        raise BadTerms(
            "The order names every operation once.", field="order",
            fix=f"List {', '.join(ORDER)}, in the order agreed.",
        )  # fmt: skip
    if terms.order.index(Stage.MINIMUM) > terms.order.index(Stage.FMV_CAP):
        raise BadTerms(
            "After the fair market value cap nothing may raise the fee.", field="order",
            fix="Put minimum before fmv_cap.",
        )  # fmt: skip


def _component_is_sound(component: Component, path: str) -> None:
    match component:
        case Flat(amount=amount, then=then):
            if any(one.amount < 0 for one in (amount, *(later.amount for later in then))):
                raise BadTerms("A flat amount is not below zero.", field=f"{path}.amount",
                               fix="Write a credit instead.")  # fmt: skip
            _rising([one.starts_on for one in then], f"{path}.then")
        case PerUnit(price=price) if price.amount < 0:
            raise BadTerms("A price is not below zero.", field=f"{path}.price", fix="Write a credit instead.")
        case PerUnit(included=included, volume=Volume()) if included:
            raise BadTerms("What is free is a band of the volume.", field=f"{path}.included",
                           fix="Leave `included` out, and price the first band 0.00.")  # fmt: skip
        case PerUnit(volume=Volume() as volume):
            for sentence, fix in faults(volume):
                raise BadTerms(sentence, field=f"{path}.volume", fix=fix)
        case Percent(rates=rates):
            for number, dated in enumerate(rates):
                _rate_is_sound(dated.rate, f"{path}.rate[{number}]" if len(rates) > 1 else f"{path}.rate")
            _rising([dated.starts_on for dated in rates], f"{path}.rate")
        case Tiers(bands=bands):
            _bands_are_sound(bands, path)
        case CostPlus(costs=costs):
            for number, cost in enumerate(costs):
                for markup in cost.markups:
                    if not 0 <= markup <= MARKUP_MAX:
                        raise BadTerms(
                            f"A mark-up of {markup * 100:f}% is not between 0% and {MARKUP_MAX * 100}%.",
                            field=f"{path}.costs[{number}].markups", fix='Write it as "150%".',
                        )  # fmt: skip
        case LesserOf(of=options):
            if len(options) < 2:
                raise BadTerms("The lesser of what?", field=f"{path}.of", fix="Name two components or more.")
            for number, option in enumerate(options):
                _component_is_sound(option, f"{path}.of[{number}]")


def _bands_are_sound(bands: tuple[Band, ...], path: str) -> None:
    if not bands or bands[-1].up_to is not None or any(band.up_to is None for band in bands[:-1]):
        raise BadTerms(
            "Bands go up without end: every band but the last has a limit.", field=f"{path}.bands",
            fix="Leave `up_to` out of the last band, and only there.",
        )  # fmt: skip
    limits = [band.up_to.amount for band in bands if band.up_to is not None]
    if limits != sorted(set(limits)) or any(limit <= 0 for limit in limits):
        raise BadTerms("The limits of bands are above zero and rise.", field=f"{path}.bands", fix="Sort the bands.")
    for number, band in enumerate(bands):
        _rate_is_sound(band.rate, f"{path}.bands[{number}].rate")


def _rate_is_sound(rate: Decimal | None, path: str) -> None:
    if rate is not None and not 0 <= rate <= 1:
        raise BadTerms(
            f"A rate of {rate} is not between 0 and 1.", field=path, fix='Write 12.5% as "12.5%" or "0.125".'
        )
