"""What of a visit the patient pays, from what the payer should allow and what the plan says; every step in words.

A copay stands for deductible and coinsurance of its service, and is due once a visit for a kind of service. Without a
copay the deductible that is left comes first, then coinsurance on the rest. What is left of the out-of-pocket limit
ends it. Plans may differ: this is an estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from openmso.eligibility.contracts import BenefitLine, Sheet
from openmso.estimates.contracts import Step
from openmso.estimates.rules.services import types_of
from openmso.kit.money import ZERO, Money

_RANK = {"in": 0, "": 1}


@dataclass(frozen=True, slots=True)
class Item:
    """A line: what is charged, what should be allowed (`None` where no contract tells), and by what."""

    code: str
    charge: Money
    allowed: Money | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What the patient pays of a line, and how it comes about."""

    amount: Money
    steps: tuple[Step, ...]


@dataclass(slots=True)
class _Visit:
    """What the visit has used up so far."""

    copaid: set[str] = field(default_factory=set)
    deductible: Money = ZERO
    paid: Money = ZERO


def shares(items: Sequence[Item], sheet: Sheet) -> list[Share]:
    """The patient's share of each line, in the order of the lines."""
    visit = _Visit()
    return [_share(item, sheet, visit) for item in items]


def _share(item: Item, sheet: Sheet, visit: _Visit) -> Share:
    types = types_of(item.code)
    base = item.charge if item.allowed is None else item.allowed
    first = (
        f"Allowed by contract: {item.source}"
        if item.allowed is not None
        else "No contract tells what is allowed: charged"
    )
    steps = [Step(first, base)]
    covered, where = _said(sheet, types, "is_covered")
    if covered is False:
        return Share(base, (*steps, Step(f"{_words(where)} is not covered: the patient pays it", base)))
    copay, where = _said_money(sheet, types, "copay")
    if copay is not None:
        due = _copay(copay, where, base, steps, visit)
    else:
        due = _deductible_and_coinsurance(base, sheet, types, steps, visit)
    limit, _ = _said_money(sheet, types, "out_of_pocket_left")
    if limit is not None:
        room = max(limit - visit.paid, ZERO)
        if due > room:
            due = room
            steps.append(Step("Only so much is left until the out-of-pocket limit", due))
    visit.paid += due
    steps.append(Step("The patient pays", due))
    return Share(due, tuple(steps))


def _copay(copay: Money, where: BenefitLine | None, base: Money, steps: list[Step], visit: _Visit) -> Money:
    key = where.service if where else ""
    if key in visit.copaid:
        steps.append(Step(f"The copay of {_words(where).lower()} is counted once a visit", ZERO))
        return ZERO
    visit.copaid.add(key)
    steps.append(Step(f"Copay of {_words(where).lower()}, in place of deductible and coinsurance", copay))
    return min(copay, base)


def _deductible_and_coinsurance(
    base: Money, sheet: Sheet, types: Sequence[str], steps: list[Step], visit: _Visit
) -> Money:
    own, _ = _said_money(sheet, types, "deductible_left")
    family, _ = _said_money(sheet, types, "family_deductible_left")
    known = [one for one in (own, family) if one is not None]
    left = max(min(known) - visit.deductible, ZERO) if known else None
    if left is None:
        steps.append(Step("The payer says nothing of a deductible"))
    else:
        whose = " of the family" if family is not None and (own is None or family < own) else ""
        steps.append(Step(f"Deductible{whose} that is left", left))
    first = min(left or ZERO, base)
    visit.deductible += first
    rest = base - first
    percent, _ = _said(sheet, types, "coinsurance")
    if not rest:
        return first
    if percent is None:
        steps.append(Step("The payer says nothing of coinsurance on the rest", ZERO))
        return first
    share = rest.times(percent / Decimal(100))
    steps.append(Step(f"Coinsurance, {percent.normalize():f} % of {rest}", share))
    return first + share


def _said_money(sheet: Sheet, types: Sequence[str], name: str) -> tuple[Money | None, BenefitLine | None]:
    return _said(sheet, types, name)


def _said(sheet: Sheet, types: Sequence[str], name: str) -> tuple[Any, BenefitLine | None]:
    """What the nearest service type says, in network before where it makes no difference; out of it is another tale."""
    for service in types:
        lines = [one for one in sheet.lines if one.service == service and one.network in _RANK]
        for line in sorted(lines, key=lambda one: _RANK[one.network]):
            if (value := getattr(line, name)) is not None:
                return value, line
    return None, None


def _words(line: BenefitLine | None) -> str:
    return line.words if line else "The service"
