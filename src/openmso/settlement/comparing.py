"""A fee beside another: months restated under other terms, and the figure at which both come to the same.

Plain values in, plain values out. Both fees are computed by the engine that computes invoices, of the same figures.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from openmso.agreements.fees import quoting, sentences, whole, writing
from openmso.agreements.fees.inputs import Inputs
from openmso.agreements.fees.quote import Quote
from openmso.agreements.fees.reading import Node
from openmso.agreements.fees.terms import BadTerms, Component, FeeTerms, LesserOf, Per, PerUnit
from openmso.agreements.fees.whole import Dated
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange, Month
from openmso.settlement import parts
from openmso.settlement.contracts import Agreed, BreakEven, Crossing, RestatedMonth, Restatement
from openmso.settlement.contracts.parts import Charge, MonthOf, Run, TrueUp

Figures = Mapping[str, Decimal | Mapping[Month, Decimal]]
"""Figures that the books do not know, by name: one for every month, or one for each."""

FIGURES_MAX = 100
STEPS = 200
"""In how many steps the range of a break-even is walked; between two of them it is found to the cent."""
REACH = 10
"""The range goes from zero to so many times the largest month."""
USUAL_MONEY, USUAL_COUNT = Decimal(100_000), Decimal(1_000)
"""Where the range ends, over ten, when the months themselves came to nothing."""
CURVE = 24
CENT = Money.cents(1)


class FiguresMissing(Refused):
    """The other terms need figures that the books do not know; `names` are theirs."""

    code = "figures_missing"

    def __init__(self, names: Sequence[str], words: Sequence[str]) -> None:
        said = sentences.listed(words)
        super().__init__(
            f"The books do not know {said}, which these terms need.", field="figures",
            fix=f"Give {said}: one amount for every month, or one for each.",
        )  # fmt: skip
        self.names = tuple(names)


def figures_of(value: Any) -> Figures:
    """Figures from JSON: `{"payroll": "62000.00", "supplies": {"2026-09": "11500", "2026-10": "12250.40"}}`."""
    node = Node(value, "figures")
    if not isinstance(value, Mapping) or len(value) > FIGURES_MAX:
        raise node.bad("`figures` is an object of figures by name.", 'Such as {"payroll": "62000.00"}.')
    return {name: _figure(node.at(name)) for name in value}


def _figure(node: Node) -> Decimal | dict[Month, Decimal]:
    if not isinstance(node.value, Mapping):
        return node.number()
    try:
        return {Month.parse(str(month)): node.at(month).number() for month in node.value}
    except ValueError as no:
        raise node.bad(f"{no}.", "Give one figure for every month, or one for each.") from None


def figures_json(figures: Figures) -> dict[str, str | dict[str, str]]:
    """The same as JSON."""
    return {
        name: {str(month): str(amount) for month, amount in told.items()} if isinstance(told, Mapping) else str(told)
        for name, told in figures.items()
    }


def restated(months: Sequence[Agreed], other: FeeTerms, figures: Figures) -> tuple[RestatedMonth, ...]:
    """Each month as agreed and under other terms, on the same days; terms that change inside change only as agreed.

    Raises `FiguresMissing` with all that is missing, `BadTerms` where the other terms cannot be computed.
    """
    _all_given(months, other, figures)
    found = [(one, [_under(other, one.month, days, inputs) for days, inputs in _spans(one, figures)]) for one in months]
    return tuple(
        RestatedMonth(
            one.month, one.settlement,
            parts.together(
                [_under(each.terms, each.month, each.days, Inputs.of(each.given)) for each in one.parts or [one]],
                one.true_ups,
            ),
            parts.together(quotes, _true_ups(found, other, one.month)),
        )
        for one, quotes in found
    )  # fmt: skip


def _under(terms: FeeTerms, month: Month, days: DayRange, inputs: Inputs) -> Quote:
    return quoting.quote(terms=terms, period=month.range, inputs=inputs, in_force=days)


def _true_ups(found: Sequence[tuple[Agreed, Sequence[Quote]]], other: FeeTerms, month: Month) -> list[TrueUp]:
    """What the other terms true up in a month: in the last one of a period that is whole in the months."""
    if other.true_up is None or other.true_up is Per.MONTH:
        return []
    period = parts.period_of(month, other.true_up)
    mine = [(one, quotes) for one, quotes in found if one.month in period]
    if period[0] < found[0][0].month or period[-1] > found[-1][0].month or month != mine[-1][0].month:
        return []
    runs: list[list[MonthOf]] = []
    for one, quotes in mine:
        for quote in quotes:
            dated = MonthOf(Dated(one.month.range, quote.days, quote.inputs, whole.credits_of(quote)))
            if runs and runs[-1][-1].dated.days.ends_on == quote.days.starts_on:
                runs[-1].append(dated)
            else:
                runs.append([dated])
    days = DayRange(runs[0][0].dated.days.starts_on, runs[-1][-1].dated.days.ends_on)
    charged = tuple(Charge(one.month, Money.total(quote.amount for quote in quotes)) for one, quotes in mine)
    return [TrueUp(other.true_up, days, tuple(Run(other, tuple(run)) for run in runs), charged)]


def _spans(one: Agreed, figures: Figures) -> list[tuple[DayRange, Inputs]]:
    """The days of a month without a gap, each with its figures; what was given for the month is in the first."""
    spans: list[list[Agreed]] = []
    for each in one.parts or [one]:
        if spans and spans[-1][-1].days.ends_on == each.days.starts_on:
            spans[-1].append(each)
        else:
            spans.append([each])
    more, made = _given(replace(one, given={}), figures), []
    for number, span in enumerate(spans):
        own = whole.summed([(Inputs.of(each.given), each.days) for each in span])
        told = more if not number else dict.fromkeys(more, Decimal(0))
        days = DayRange(span[0].days.starts_on, span[-1].days.ends_on)
        made.append((days, Inputs({**Inputs.of(told).figures, **own.figures})))
    return made


def _given(one: Agreed, figures: Figures) -> dict[str, Any]:
    """The figures of a month: its own, and those that were given for it."""
    more = {name: told.get(one.month) if isinstance(told, Mapping) else told for name, told in figures.items()}
    return {**{name: value for name, value in more.items() if value is not None}, **one.given}


def _all_given(months: Sequence[Agreed], other: FeeTerms, figures: Figures) -> None:
    names: list[str] = []
    words: list[str] = []
    for name in quoting.figures_of(other):
        without = [one.month for one in months if name not in _given(one, figures)]
        if without:
            names.append(name)
            some = f" of {sentences.listed(month.words for month in without)}" if len(without) < len(months) else ""
            words.append(f"{sentences.name(name, other.words)}{some}")
    if names:
        raise FiguresMissing(names, words)


# ---- the break-even -------------------------------------------------------------------------------------------


def break_even(months: Sequence[Agreed], other: FeeTerms, figures: Figures) -> BreakEven:
    """The figure of a whole month at which the fee as agreed last and the other fee are equal, or words.

    The one figure that both fees follow is varied, its categories in the mix of the months; where one of the fees
    follows none, the one figure of the other. All other figures stay as they were in an average month.
    """
    last = months[-1]
    base, why_not = _one_base(last.terms, other)
    if not base:
        return BreakEven(why_not)
    given = [Inputs.of(_given(one, figures)) for one in months]
    counts = base in _counts(last.terms.components) | _counts(other.components)
    wholes = [one.get(base).whole for one in given if base in one.figures]
    largest = max([*wholes, Decimal(0)]) or (USUAL_COUNT if counts else USUAL_MONEY)
    needed = {*quoting.figures_of(last.terms), *quoting.figures_of(other)} - {base}
    rest = {name: _mean(given, name) for name in needed}
    varied = _Varied(last.terms, other, last.month.range, base, counts, _mix(given, base), rest)
    label = sentences.name(base, other.words)
    try:
        return _found(varied, label, largest)
    except BadTerms as no:
        return BreakEven(f"No break-even can be computed: {no.sentence}")


def _one_base(mine: FeeTerms, theirs: FeeTerms) -> tuple[str, str]:
    """The figure that decides, or why there is no one figure that does."""
    ours, others = _bases(mine), _bases(theirs)
    shared = [name for name in ours if name in others]
    every = list(dict.fromkeys([*ours, *others]))
    if len(shared) == 1 or (not shared and len(every) == 1):
        return (shared or every)[0], ""
    if not every:
        return "", "Neither fee follows a figure: the difference is the same in every whole month."
    named = sentences.listed(sentences.name(name, theirs.words or mine.words) for name in shared or every)
    if shared:
        return "", f"Both fees follow {named}: with more than one figure there is no single break-even."
    return "", f"The fees follow {named}: no one of these alone makes them equal."


def _bases(terms: FeeTerms) -> tuple[str, ...]:
    """The figures that a fee follows; what only credits count is none."""
    return quoting.figures_of(replace(terms, credits=()))


def _counts(components: Sequence[Component]) -> set[str]:
    """The figures that are counted by the piece."""
    found: set[str] = set()
    for one in components:
        if isinstance(one, PerUnit):
            found.add(one.count)
        elif isinstance(one, LesserOf):
            found |= _counts(one.of)
    return found


def _sums(given: Sequence[Inputs], name: str) -> dict[str, Decimal]:
    """A figure over all months, by category; under the empty text where it has none."""
    sums: dict[str, Decimal] = {}
    for one in given:
        for part in one.figures[name].parts if name in one.figures else ():
            key = "+".join(sorted(part.categories))
            sums[key] = sums.get(key, Decimal(0)) + part.amount
    return sums


def _mean(given: Sequence[Inputs], name: str) -> Any:
    """A figure in an average month."""
    return _parted({key: value / len(given) for key, value in _sums(given, name).items()})


def _mix(given: Sequence[Inputs], name: str) -> dict[str, Decimal]:
    """The shares of a figure's categories; all of it in none where it came to nothing."""
    sums = _sums(given, name)
    whole = sum(sums.values(), Decimal(0))
    return {key: value / whole for key, value in sums.items()} if whole > 0 else {"other": Decimal(1)}


def _parted(parts: Mapping[str, Decimal]) -> Any:
    """Parts by category as `Inputs.of` takes them; a figure without any is one number."""
    if set(parts) <= {""}:
        return parts.get("", Decimal(0))
    return {key or "other": value for key, value in parts.items()}


@dataclass(frozen=True, slots=True)
class _Varied:
    """Both fees of a whole month as one figure varies."""

    mine: FeeTerms
    other: FeeTerms
    period: DayRange
    base: str
    counts: bool
    mix: Mapping[str, Decimal]
    rest: Mapping[str, Any]

    def value(self, at: int) -> Decimal:
        """The figure so many units from zero: pieces, or cents."""
        return Decimal(at) if self.counts else Decimal(at).scaleb(-2)

    def fees(self, at: int) -> tuple[Money, Money]:
        """Both fees there."""
        whole = self.value(at)
        inputs = Inputs.of({**self.rest, self.base: _parted({key: whole * share for key, share in self.mix.items()})})
        mine, theirs = (quoting.quote(terms=one, period=self.period, inputs=inputs) for one in (self.mine, self.other))
        return mine.amount, theirs.amount

    def sign(self, at: int, *, within: Money = ZERO) -> int:
        """Which is more: 1 the other fee, -1 the agreed one, 0 where they are equal, or differ by no more than told."""
        mine, theirs = self.fees(at)
        return 0 if abs(theirs - mine) <= within else 1 if theirs > mine else -1


def _found(varied: _Varied, label: str, largest: Decimal) -> BreakEven:
    """The crossings in the range, walked step by step, with words and a curve around them."""
    unit = 1 if varied.counts else 100
    end = int(largest * REACH * unit)
    marks = sorted({end * step // STEPS for step in range(STEPS + 1)})
    signed = [(mark, sign) for mark in marks if (sign := varied.sign(mark))]
    turns = [(low, high) for low, high in itertools.pairwise(signed) if low[1] != high[1]]
    crossings = tuple(_crossing(varied, low, high, before) for (low, before), (high, _) in turns)
    shown = int(max([largest * Decimal("1.5"), *(one.at * Decimal("1.25") for one in crossings)]) * unit)
    points = sorted({shown * step // CURVE for step in range(CURVE + 1)})
    return BreakEven(
        _words(varied, label, crossings, [sign for _, sign in signed], varied.value(end)), varied.base, label,
        varied.counts, varied.value(end), crossings,
        tuple((varied.value(point), *varied.fees(point)) for point in points),
    )  # fmt: skip


def _crossing(varied: _Varied, low: int, high: int, before: int) -> Crossing:
    """Where the sign turns between two figures: the middle of where the fees are equal, or the jump.

    Both fees are rounded, so that around the point they differ by a cent now one way and now the other; whole dollars
    go before cents where the fees are equal at both.
    """
    last = _last(lambda at: varied.sign(at, within=CENT) == before, low, high)
    first = _last(lambda at: varied.sign(at, within=CENT) != -before, last, high) + 1
    at = (last + first + 1) // 2
    whole = (at + 50) // 100 * 100
    if not varied.counts and last < whole < first and not varied.sign(whole):
        at = whole
    mine, theirs = varied.fees(at)
    return Crossing(varied.value(at), mine, theirs, more_above=before < 0)


def _last(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The last figure for which something holds, by halving, where it holds at the low end and not at the high one."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _words(
    varied: _Varied, label: str, crossings: Sequence[Crossing], signs: Sequence[int], until: Decimal
) -> str:  # fmt: skip
    """What was found, as a sentence or more."""
    end = figure(until, is_count=varied.counts)
    if not signs:
        return f"Both fees are the same for {label} from 0 to {end} a month."
    if not crossings:
        way = "more" if signs[0] > 0 else "less"
        cost = f"always cost {way}" if len(signs) > STEPS else f"cost the same or {way}"
        return f"There is no break-even: for {label} from 0 to {end} a month the other terms {cost}."
    said = []
    for one in crossings:
        way = "more" if one.more_above else "less"
        here = f"At {figure(one.at, is_count=varied.counts)} of {label} a month"
        if one.agreed == one.other:
            said.append(f"{here} both fees are ${one.agreed.amount:,.2f}; above it the other terms cost {way}.")
        else:
            both = f"${one.agreed.amount:,.2f} as agreed, ${one.other.amount:,.2f} under the other terms"
            said.append(f"{here} the fees pass each other ({both}); from there on the other terms cost {way}.")
    return " ".join(said)


def figure(value: Decimal, *, is_count: bool) -> str:
    """A figure of a month as people read it."""
    return f"{value:,.0f}" if is_count else f"${value:,.2f}"


# ---- as data --------------------------------------------------------------------------------------------------


def as_data(found: Restatement) -> dict[str, Any]:
    """A restatement as plain data: what the API and the command say."""
    even = found.break_even
    return {
        "practice": found.practice_name, "agreement": found.agreement, "sentence": sentences.sentence(found.terms),
        "agreed": str(found.agreed), "other": str(found.other), "difference": str(found.difference),
        "months": [
            {
                "month": str(one.month), "settlement": one.settlement, "difference": str(one.difference),
                "agreed": quoted(one.agreed), "other": quoted(one.other),
            }
            for one in found.months
        ],
        "left_out": [str(month) for month in found.left_out],
        "break_even": {
            "words": even.words, "base": even.base, "until": str(even.until),
            "crossings": [
                {"at": str(one.at), "agreed": str(one.agreed), "other": str(one.other), "more_above": one.more_above}
                for one in even.crossings
            ],
        },
        "notes": list(found.notes),
    }  # fmt: skip


def quoted(quote: Quote) -> dict[str, Any]:
    """A fee as plain data, with every step."""
    steps = [
        {
            "kind": step.kind.value, "label": step.label, "formula": step.formula, "exact": step.exact,
            "amount": str(step.amount), "effect": str(step.effect), "so_far": str(step.so_far),
            "rounding": step.rounding,
        }
        for step in quote.steps
    ]  # fmt: skip
    return {"amount": str(quote.amount), "sentence": writing.said_of(quote), "steps": steps}
