"""Terms in English: the sentence on the agreement's page, and the labels of the steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from openmso.agreements.fees.terms import (
    AmountFrom,
    Base,
    BaseTerm,
    Component,
    Cost,
    CostPlus,
    Credit,
    DayCount,
    FeeTerms,
    Flat,
    LesserOf,
    Limit,
    MarkupHow,
    Per,
    Percent,
    PerUnit,
    Residual,
    TierHow,
    Tiers,
)
from openmso.agreements.fees.units import OF_KIND
from openmso.agreements.tasks.contracts import Volume
from openmso.kit.money import Money

Words = Mapping[str, str]
VOWELS = "aeio"
_PROPER = {
    "medicare": "Medicare", "medicaid": "Medicaid", "tricare": "TRICARE", "fmv": "FMV",
    "government": "government programs", "pde": "physician distributable earnings",
}  # fmt: skip
_DAY_COUNTS = {
    DayCount.ACTUAL: "part months by the actual days",
    DayCount.THIRTY: "part months by months of thirty days",
    DayCount.YEAR_365: "part months by days of a year of 365",
    DayCount.NONE: "part months in full",
}


def sentence(terms: FeeTerms) -> str:
    """All of it: `12.5% of net collections, excluding Medicaid, at least $12,000 and at most $36,000 a month`."""
    parts = [", plus ".join(component(one, terms) for one in terms.components), *_limits(terms)]
    said = ", ".join(parts)
    for one in terms.credits:
        said += f"; {credit(one)}"
    return f"{said}{_settled(terms)}"


_SHARES = {Per.QUARTER: "third", Per.HALF_YEAR: "sixth", Per.YEAR: "twelfth"}
"""What a month has of a longer period."""


def _settled(terms: FeeTerms) -> str:
    """How a fee is charged by the month where its terms look at more than one; nothing where they do not."""
    if terms.true_up is not None and terms.true_up is not Per.MONTH:
        whole = _per(terms.true_up)
        return f"; charged month by month and settled each calendar {whole} on the figures of the whole {whole}"
    if terms.true_up is Per.MONTH:
        return "; settled each month on the figures of the whole month"
    limits = (terms.minimum, terms.cap, terms.fmv_cap)
    named = {terms.period, *_periods(terms.components), *(one.per for one in limits if one is not None)}
    longer = [per for per in _SHARES if per in named]
    if not longer:
        return ""
    shares = listed(f"a {_per(per)} counts by its {_SHARES[per]}" for per in longer)
    return f"; charged month by month: what is for {shares}, and no longer period is settled as a whole"


def _periods(components: Iterable[Component]) -> Iterator[Per]:
    """The periods by which it matters that each month is looked at alone: a flat amount by itself is the same."""
    for one in components:
        if isinstance(one, LesserOf):
            yield from (option.per for option in one.of if isinstance(option, Flat | Tiers))
        elif isinstance(one, Tiers):
            yield one.per


def proration(terms: FeeTerms) -> str:
    """How part periods are counted."""
    return _DAY_COUNTS[terms.day_count]


def component(one: Component, terms: FeeTerms) -> str:
    """A component in words; bands name their period only where it is not the fee's."""
    words = terms.words
    match one:
        case Flat():
            return f"{dollars(one.amount)} a {_per(one.per)}{_later(one.then)}"
        case Percent():
            rates = [f"{percent(dated.rate)} from {dated.starts_on:%-d %B %Y}" for dated in one.rates]
            rate = percent(one.rates[0].rate) if len(one.rates) == 1 else listed(rates)
            return f"{rate} of {base(one.of, words)}"
        case Residual():
            return f"all that is left of {base(one.of, words)}"
        case Tiers():
            return _tiers(one, words, "" if one.per is terms.period else f", by the {_per(one.per)}")
        case PerUnit():
            beyond = f" beyond the first {one.included:,}" if one.included else ""
            bands = f" ({volume(one.volume)})" if one.volume else ""
            unit = name(one.unit, words)
            return f"{dollars(one.price)} {'an' if unit[:1] in VOWELS else 'a'} {unit}{beyond}{bands}"
        case CostPlus():
            return _cost_plus(one, words)
        case LesserOf():
            options = " and ".join(component(option, terms) for option in one.of)
            excess = f" (what the first exceeds it by goes to the {one.excess_to})" if one.excess_to else ""
            return f"the lesser of {options}{excess}"


def volume(of: Volume) -> str:
    """The bands of a month's volume that have a price of their own, and what is above: `501 to 800 at $4 each`."""
    said = [f"{band.first:,} to {band.last:,} a month at {dollars(band.price)}" for band in of.bands if band.price]
    above = "at no charge" if of.above is None else f"at {dollars(of.above)}"
    return ", ".join([*said, f"above {of.bands[-1].last:,} {above}"])


def base(of: Base, words: Words) -> str:
    """What a percentage is of."""
    if of.words:
        return of.words
    said = _term(of.terms[0], words)
    for term in of.terms[1:]:
        said += f" {'less' if term.rate < 0 else 'plus'} {_term(term, words)}"
    return said


def name(key: str, words: Words) -> str:
    """A figure, unit or category in words: the terms' own, or the key as it reads."""
    if said := words.get(key) or _PROPER.get(key):
        return said
    noun, _, kind = key.partition(OF_KIND)
    return noun.replace("_", " ") + (f" of the kind {kind}" if kind else "")


def credit(one: Credit) -> str:
    """A credit in words."""
    most = f", at most {percent(one.cap)} of the fee" if one.cap is not None else ""
    return f"each {one.words} gives back {percent(one.rate)}{most}"


def limit(word: str, one: Limit) -> str:
    """A minimum or a cap in words."""
    return f"{word} {dollars(one.amount)} a {_per(one.per)}{_later(one.then)}"


def dollars(amount: Money) -> str:
    """`$12,000`, or `$18.50` where there are cents."""
    sign = "−" if amount.amount < 0 else ""
    size = abs(amount.amount)
    return f"{sign}${size:,.0f}" if size == size.to_integral_value() else f"{sign}${size:,.2f}"


def percent(rate: Decimal | Fraction) -> str:
    """`12.5%`, with all the places a rate has."""
    hundredth = rate * 100
    if isinstance(hundredth, Fraction):
        hundredth = round(Decimal(hundredth.numerator) / Decimal(hundredth.denominator), 6)
    return f"{hundredth.normalize():f}%"


def listed(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def _later(then: Iterable[AmountFrom]) -> str:
    """What takes an amount's place, and when: ` (from 1 January 2027 $1,100)`."""
    said = [f"{dollars(one.amount)} from {one.starts_on:%-d %B %Y}" for one in then]
    return f" ({listed(said)})" if said else ""


def _limits(terms: FeeTerms) -> list[str]:
    """Minimum and cap share their period's words when they have the same."""
    said = []
    if terms.minimum and terms.cap and terms.minimum.per == terms.cap.per and not terms.minimum.then:
        said.append(f"at least {dollars(terms.minimum.amount)} and {limit('at most', terms.cap)}")
    else:
        said += [limit(word, one) for word, one in (("at least", terms.minimum), ("at most", terms.cap)) if one]
    if terms.fmv_cap:
        said.append(limit("never above the fair market value of", terms.fmv_cap))
    return said


def _term(term: BaseTerm, words: Words) -> str:
    later = [f"{percent(abs(one.rate))} from {one.starts_on:%-d %B %Y}" for one in term.then]
    whole = abs(term.rate) == 1 and not later
    share = "" if whole else f"{listed([percent(abs(term.rate)), *later])} of "
    only = f" from {listed(name(one, words) for one in term.include)}" if term.include else ""
    without = f", excluding {listed(name(one, words) for one in term.exclude)}" if term.exclude else ""
    return f"{share}{name(term.name, words)}{only}{without}"


def _tiers(tiers: Tiers, words: Words, by: str) -> str:
    of = base(tiers.of, words)
    if tiers.how is TierHow.CLIFF:
        steps = [f"{percent(band.rate)} up to {dollars(band.up_to)}" for band in tiers.bands if band.up_to]
        return f"of all {of} {', '.join(steps)}, {percent(tiers.bands[-1].rate)} once above{by}"
    first, *rest = tiers.bands
    if first.up_to is None:
        return f"{percent(first.rate)} of {of}"
    said, below = [f"{percent(first.rate)} of the first {dollars(first.up_to)} of {of}"], first.up_to
    for band in rest:
        if band.up_to is None:
            said.append(f"{percent(band.rate)} above")
        else:
            said.append(f"{percent(band.rate)} of the next {dollars(band.up_to - below)}")
            below = band.up_to
    return f"{listed(said)}{by}"


def _cost_plus(one: CostPlus, words: Words) -> str:
    return "the cost of " + listed(_cost(cost, one.how, words) for cost in one.costs)


def _cost(cost: Cost, how: MarkupHow, words: Words) -> str:
    said = name(cost.name, words)
    if not cost.markups:
        return said
    joint = " compounding with " if how is MarkupHow.COMPOUNDING else " plus "
    return f"{said} (plus {joint.join(map(percent, cost.markups))})"


def _per(per: Per) -> str:
    return per.value.replace("_", " ")
