"""A question about a fee, as a file or a form puts it: terms, period and figures in one JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openmso.agreements.fees import quoting
from openmso.agreements.fees.inputs import Given, Inputs
from openmso.agreements.fees.quote import Quote
from openmso.agreements.fees.reading import Node, terms_of
from openmso.agreements.fees.terms import BadTerms, FeeTerms
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

    def answer(self) -> Quote:
        """The quote."""
        return quoting.quote(
            terms=self.terms, period=self.period, inputs=self.inputs, in_force=self.in_force, paid=self.paid
        )


def question_of(value: Any) -> Question:
    """A question from JSON: `terms`, `period`, `inputs`, and where wanted `in_force` and `paid`."""
    node = Node(value, "").table("terms period inputs in_force paid")
    for needed in ("terms", "period", "inputs"):
        if not node.at(needed).given:
            raise node.at(needed).bad(f"`{needed}` is missing.", "A question has terms, period and inputs.")
    return Question(
        terms_of(node.at("terms").value, "terms"),
        period_of(node.at("period")),
        inputs_of(node.at("inputs")),
        node.at("in_force").or_else(_days, None),
        node.at("paid").or_else(Node.money, None),
    )


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
        raise node.bad("`inputs` is an object of figures by name.", 'Such as {"net_collections": "412387.55"}.')
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
