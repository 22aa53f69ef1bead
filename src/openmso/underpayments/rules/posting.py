"""Rules of posting: conditions over a payment that differs from what was expected, and what they propose. Pure.

A rule speaks about one kind of difference. It proposes and reports; it never changes a line. What it proposes stands
beside the line, which stays open and is counted until a person takes the proposal, or the payer pays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openmso.kit.conditions import Catalogue, Condition, Kind, Property, interpret
from openmso.underpayments.contracts import About

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a difference. Only lines that were paid short have a cause, and what was allowed."""

    about: About
    practice: str
    payer: str
    payer_name: str
    code: str
    service_on: date | None
    found_on: date
    amount: Decimal
    """What it is about: what is missing, was paid too much, taken, denied, or asked of the patient too much."""
    reasons: frozenset[str]
    """Group and reason as the payer wrote them: `CO-45`."""
    remarks: frozenset[str] = frozenset()
    expected: Decimal | None = None
    allowed: Decimal | None = None
    cause: str = ""


def _share(case: Case) -> Decimal | None:
    return (100 * case.amount / case.expected).quantize(CENT) if case.expected else None


def _short(case: Case) -> Decimal | None:
    return case.amount if case.about is About.SHORT else None


T, C, N, M, D = Kind.TEXT, Kind.CODES, Kind.NUMBER, Kind.MONEY, Kind.DAY
P = Property
EVERY: tuple[Property, ...] = (
    P("payer.id", "Payer", T, lambda c: c.payer, "", "its number, PAY-..."),
    P("payer.name", "Name of the payer", T, lambda c: c.payer_name),
    P("practice.code", "Practice", T, lambda c: c.practice, "", "the short code of the practice"),
    P("line.code", "Code", T, lambda c: c.code, "", "CPT or HCPCS"),
    P("line.cause", "Cause", T, lambda c: c.cause, "",
      "rate, multiple, bundled, sequestration, place, unknown: as the line's own page says it"),
    P("line.reasons", "Reasons the payer gave", C, lambda c: c.reasons, "", "group and code, as CO-45"),
    P("line.remarks", "Remarks the payer gave", C, lambda c: c.remarks, "", "RARC, as N130"),
    P("line.amount", "Dollars it is about", M, lambda c: c.amount, "",
      "missing, paid too much, taken, denied, or asked of the patient too much"),
    P("line.short", "What is missing", M, _short),
    P("line.expected", "What was expected", M, lambda c: c.expected),
    P("line.allowed", "What was allowed", M, lambda c: c.allowed),
    P("line.share", "Share of what was expected", N, _share, "", "in per cent"),
    P("line.service_on", "Service day", D, lambda c: c.service_on),
    P("line.found_on", "Day it was found", D, lambda c: c.found_on),
)  # fmt: skip
"""Every property that a rule of posting may ask, in the order of the page."""
PROPERTIES: Catalogue = {one.name: one for one in EVERY}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it holds on a day."""

    code: str
    number: int
    payer: str
    """Public id, or empty: every payer's."""
    when: Condition
    about: About = About.SHORT


def first(rules: Sequence[Rule], case: Case) -> Rule | None:
    """The rule that speaks for a difference: a payer's own before everybody's, then by their codes.

    A condition that cannot be judged proposes nothing.
    """
    mine = (one for one in rules if one.about is case.about and one.payer in {"", case.payer})
    fitting = (one for one in mine if interpret(one.when, case))
    return min(fitting, key=lambda one: (not one.payer, one.code), default=None)
