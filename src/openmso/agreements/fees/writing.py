"""Terms and quotes as JSON: what `reading` reads back as the same, and what is kept with a computed fee."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from openmso.agreements.fees import sentences
from openmso.agreements.fees.quote import Quote
from openmso.agreements.fees.terms import (
    SCHEMA,
    AmountFrom,
    Base,
    BaseTerm,
    Component,
    CostPlus,
    FeeTerms,
    Flat,
    LesserOf,
    Limit,
    Percent,
    PerUnit,
    Residual,
    Tiers,
)
from openmso.agreements.tasks.writing import volume_data
from openmso.kit.periods import DayRange, Month


def terms_json(terms: FeeTerms) -> dict[str, Any]:
    """Terms in their JSON form, complete: defaults are written out, so that a later default changes no contract."""
    said: dict[str, Any] = {
        "schema": SCHEMA,
        "period": terms.period.value,
        "components": [_component(one) for one in terms.components],
        "proration": {"day_count": terms.day_count.value, "applies_to": [one.value for one in terms.prorates]},
        "order": [stage.value for stage in terms.order],
    }
    for name, limit in (("minimum", terms.minimum), ("cap", terms.cap), ("fmv_cap", terms.fmv_cap)):
        if limit is not None:
            said[name] = _limit(limit)
    if terms.credits:
        said["credits"] = [
            {"words": one.words, "count": one.count, "rate": _rate(one.rate)}
            | ({"cap": _rate(one.cap)} if one.cap is not None else {})
            for one in terms.credits
        ]
    if terms.true_up is not None:
        said["true_up"] = terms.true_up.value
    if terms.words:
        said["words"] = dict(terms.words)
    if terms.entered:
        said["entered"] = dict(terms.entered)
    return said


def quote_json(quote: Quote) -> dict[str, Any]:
    """A quote with everything that gave it: kept with the invoice, printed by the command line."""
    said: dict[str, Any] = {
        "amount": str(quote.amount),
        "period": _days(quote.period),
        "in_force": _days(quote.days),
        "sentence": said_of(quote),
        "proration": sentences.proration(quote.terms),
        "rounding": "each component and each limit half up to the cent",
        "steps": [
            {
                "number": number, "kind": step.kind.value, "label": step.label, "formula": step.formula,
                "exact": step.exact, "amount": str(step.amount), "rounding": step.rounding,
                "effect": str(step.effect), "fee_so_far": str(step.so_far), "uses": list(step.uses),
            }
            for number, step in enumerate(quote.steps, 1)
        ],
        "notes": list(quote.notes),
        "beside": [{"kind": one.kind.value, "words": one.words, "amount": str(one.amount)} for one in quote.asides],
        "terms": terms_json(quote.terms),
        "inputs": quote.inputs.as_json(),
    }  # fmt: skip
    if quote.months:
        said["months"] = {str(Month.of(days.starts_on)): inputs.as_json() for days, inputs in quote.months}
    if quote.paid is not None:
        said |= {"paid": str(quote.paid), "due": str(quote.due)}
    return said


def said_of(quote: Quote) -> str:
    """The terms of a quote in words; of one that has parts, each with its days."""
    if not quote.parts:
        return sentences.sentence(quote.terms)
    return "; ".join(
        f"from {one.days.starts_on:%-d %B %Y}: {sentences.sentence(one.terms)}" for one in quote.parts
    )  # fmt: skip


def _component(one: Component) -> dict[str, Any]:
    serves = getattr(one, "serves", "")
    return _plain(one) | ({"for": serves} if serves else {})


def _plain(one: Component) -> dict[str, Any]:
    match one:
        case Flat():
            return {"kind": "flat", "amount": str(one.amount), "per": one.per.value} | _then(one.then)
        case Percent():
            rates = [{"from": dated.starts_on.isoformat(), "rate": _rate(dated.rate)} for dated in one.rates]
            single = len(rates) == 1 and one.rates[0].starts_on == date.min
            return {"kind": "percent", "rate": rates[0]["rate"] if single else rates, "of": _base(one.of)}
        case Residual():
            return {"kind": "residual", "of": _base(one.of)}
        case Tiers():
            bands = [
                ({"up_to": str(band.up_to)} if band.up_to is not None else {}) | {"rate": _rate(band.rate)}
                for band in one.bands
            ]
            return {"kind": "tiers", "how": one.how.value, "of": _base(one.of), "bands": bands, "per": one.per.value}
        case PerUnit():
            priced = {"kind": "per_unit", "unit": one.unit, "count": one.count, "price": str(one.price),
                      "included": one.included}  # fmt: skip
            return priced | ({"volume": volume_data(one.volume)} if one.volume else {})
        case CostPlus():
            costs = [{"name": cost.name, "markups": list(map(_rate, cost.markups))} for cost in one.costs]
            return {"kind": "cost_plus", "costs": costs, "markups_combine": one.how.value}
        case LesserOf():
            said: dict[str, Any] = {"kind": "lesser_of", "of": [_component(option) for option in one.of]}
            return said | ({"excess_to": one.excess_to} if one.excess_to else {})


def _base(of: Base) -> dict[str, Any]:
    said: dict[str, Any] = {"plus": [_term(term) for term in of.terms if term.rate >= 0]}
    minus = [_term(term) for term in of.terms if term.rate < 0]
    if minus:
        said["minus"] = minus
    if of.words:
        said["words"] = of.words
    return said


def _term(term: BaseTerm) -> dict[str, Any]:
    said: dict[str, Any] = {"name": term.name, "rate": _rate(abs(term.rate))}
    if term.include:
        said["include"] = list(term.include)
    if term.exclude:
        said["exclude"] = list(term.exclude)
    if term.then:
        said["then"] = [{"from": one.starts_on.isoformat(), "rate": _rate(abs(one.rate))} for one in term.then]
    return said


def _limit(limit: Limit) -> dict[str, Any]:
    return {"amount": str(limit.amount), "per": limit.per.value} | _then(limit.then)


def _then(later: tuple[AmountFrom, ...]) -> dict[str, Any]:
    return {"then": [{"from": one.starts_on.isoformat(), "amount": str(one.amount)} for one in later]} if later else {}


def _rate(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}%" if rate > 1 else f"{rate.normalize():f}"


def _days(days: DayRange) -> dict[str, str | None]:
    return {"starts_on": days.starts_on.isoformat(), "ends_on": days.ends_on.isoformat() if days.ends_on else None}
