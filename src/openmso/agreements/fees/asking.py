"""A question about a fee, as a file or a form puts it: terms, period and figures in one JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openmso.agreements.fees import quoting, whole
from openmso.agreements.fees.inputs import Given, Inputs
from openmso.agreements.fees.quote import Quote
from openmso.agreements.fees.reading import Node, terms_of
from openmso.agreements.fees.terms import BadTerms, FeeTerms
from openmso.agreements.fees.whole import Dated
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month

FIGURES_MAX = 500


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a quote needs."""

    terms: FeeTerms
    period: DayRange
    inputs: Inputs
    in_force: DayRange | None
    paid: Money | None
    months: tuple[Dated, ...] = ()

    def answer(self) -> Quote:
        """The quote; where figures are given by month, that of the months together."""
        if self.months:
            return whole.quote(terms=self.terms, months=self.months, paid=self.paid)
        return quoting.quote(
            terms=self.terms, period=self.period, inputs=self.inputs, in_force=self.in_force, paid=self.paid
        )


def question_of(value: Any) -> Question:
    """A question from JSON: `terms`, `period`, `inputs` or `months`, and where wanted `in_force` and `paid`."""
    node = Node(value, "").table("terms period inputs months in_force paid")
    by_month = node.at("months")
    for needed in ("terms", "period") if by_month.given else ("terms", "period", "inputs"):
        if not node.at(needed).given:
            raise node.at(needed).bad(f"`{needed}` is missing.", "A question has terms, period and inputs.")
    if by_month.given and node.at("inputs").given:
        raise by_month.bad("Figures are given for the period or by month, not both.", "Leave `inputs` out.")
    terms, period = terms_of(node.at("terms").value, "terms"), period_of(node.at("period"))
    in_force = node.at("in_force").or_else(_days, None)
    return Question(
        terms, period, node.at("inputs").or_else(inputs_of, Inputs({})), in_force,
        node.at("paid").or_else(Node.money, None),
        tuple(_months(by_month, terms, period, in_force)) if by_month.given else (),
    )  # fmt: skip


def _months(node: Node, terms: FeeTerms, period: DayRange, in_force: DayRange | None) -> Iterator[Dated]:
    """The figures of each month of a period, by the month's name: of every month with a day in force, and no other."""
    month, days, named = Month.of(period.starts_on), in_force or period, set()
    if not isinstance(node.value, Mapping) or month.first != period.starts_on:
        raise node.bad("`months` is an object of figures by calendar month.", 'Such as {"2026-01": {"pde": "1.00"}}.')
    while period.ends_on is not None and month.first < period.ends_on:
        held, one = month.range.meets(days), node.at(str(month))
        if held is not None:
            if not one.given:
                raise one.bad(f"The figures of {month.words} are missing.", "Give those of every month.")
            inputs = inputs_of(one)
            own = quoting.quote(terms=terms, period=month.range, inputs=inputs, in_force=held)
            yield Dated(month.range, held, inputs, whole.credits_of(own))
            named.add(str(month))
        month = month.plus(1)
    if strange := sorted(set(node.value) - named):
        raise node.at(strange[0]).bad(f"{strange[0]!r} is no month of the period.", "Leave it out.")


def period_of(node: Node) -> DayRange:
    """A period: `2026-03`, `2026-Q1`, `2026`, or an object with `starts_on` and `ends_on` (the first day after it)."""
    if isinstance(node.value, Mapping):
        days = _days(node)
        if days.ends_on is None:
            raise node.at("ends_on").bad("A period has an end.", "Give the first day after it.")
        return days
    said = str(node.value) if isinstance(node.value, int) and not isinstance(node.value, bool) else node.text()
    try:
        if len(said) == 4:
            first, months = Month(int(said), 1), 12
        elif said[4:6].upper() == "-Q" and said[6:] in {"1", "2", "3", "4"}:
            first, months = Month(int(said[:4]), 3 * int(said[6:]) - 2), 3
        else:
            first, months = Month.parse(said), 1
    except ValueError:
        raise node.bad(f"{said!r} is not a period.", "Write 2026-03, 2026-Q1 or 2026.") from None
    return DayRange(first.first, first.plus(months).first)


def inputs_of(node: Node) -> Inputs:
    """Figures by name: each one number, or numbers by category (`"medicaid+drugs"`)."""
    if not isinstance(node.value, Mapping) or len(node.value) > FIGURES_MAX:
        raise node.bad(f"`{node.path}` is an object of figures by name.", 'Such as {"net_collections": "412387.55"}.')
    given: dict[str, Given | Mapping[str, Given]] = {}
    for name in node.value:
        one = node.at(name)
        if isinstance(one.value, Mapping):
            given[name] = {str(key): one.at(key).number() for key in one.value}
        else:
            given[name] = one.number()
    return Inputs.of(given)


def _days(node: Node) -> DayRange:
    node.table("starts_on ends_on")
    starts, ends = node.at("starts_on").day(), node.at("ends_on").or_else(Node.day, None)
    if ends is not None and ends <= starts:
        raise BadTerms("A period ends after it starts.", field=f"{node.path}.ends_on",
                       fix="Give the first day after the last.")  # fmt: skip
    return DayRange(starts, ends)
