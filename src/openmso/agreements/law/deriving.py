"""What the papers themselves say of a relationship: the facts that nobody has to be asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from openmso.agreements.contracts import Terms
from openmso.agreements.fees.terms import CostPlus, FeeTerms, Flat, LesserOf, Percent, PerUnit, Residual, Tiers
from openmso.agreements.law import following
from openmso.agreements.law.facts import FACTS
from openmso.agreements.law.rulebook import doctrines, values_of
from openmso.agreements.rules import opens
from openmso.kit.classes import PHI
from openmso.kit.conditions import Kind, Property
from openmso.kit.errors import Refused

ENDLESS = 36_500
"""Days of a term without an end."""
BILLS = frozenset({"revenue_cycle", "payment_posting", "denials", "patient_billing", "marketing"})
PROFESSIONS = {"optometry": "optometry", "dental": "dentistry"}
"""Specialties that are professions of their own."""
BY_TAXONOMY = {"152W": "optometry", "1223": "dentistry", "2251": "physical_therapy", "174M": "veterinary"}
"""Professions by the beginning of the taxonomy (NUCC) under which a practice bills; the others are medicine."""
_KINDS: Mapping[type, str] = {
    Flat: "flat", Percent: "percent", Tiers: "tiers", Residual: "residual", PerUnit: "per_unit", CostPlus: "cost_plus",
}  # fmt: skip
PRESUMED = frozenset({"agreement.is_written", "agreement.is_signed", "change.is_written"})
"""What a paper says of itself and people may know better: that something is done beside it."""
WHENCE: Mapping[str, str] = {
    "place": "the practice's entry in the register",
    "practice": "the practice's entry in the register",
    "mso": "the MSO's entry in the register",
    "baa": "the business associate agreements on file",
    "lease": "a signed paper that goes along with the agreement",
    "stock": "a signed paper that goes along with the agreement",
    "reassign": "a signed paper that goes along with the agreement",
}
"""Where the facts of a part come from that nobody has to say; those of the others, from the terms."""


def whence(name: str) -> str:
    """Where a derived fact comes from, in words."""
    return WHENCE.get(name.partition(".")[0], "the terms of the agreement")


class BadFact(Refused):
    """A fact that is not known, or a value that is none of its kind."""

    code = "bad_legal_fact"


def kinds(fee: FeeTerms | None) -> frozenset[str]:
    """The parts of a fee by kind; those of which the least counts are each a part."""

    def walk(components: Any) -> Iterator[str]:
        for one in components:
            if isinstance(one, LesserOf):
                yield from walk(one.of)
            else:
                yield _KINDS[type(one)]

    return frozenset(walk(fee.components)) if fee is not None else frozenset()


def profession(specialty: str, taxonomies: Iterable[str]) -> str:
    """The profession of a practice by its specialty, else by the taxonomies under which it bills, where they agree."""
    billed = {BY_TAXONOMY.get(one[:4], "medicine") for one in taxonomies}
    return PROFESSIONS.get(specialty) or (billed.pop() if len(billed) == 1 else "medicine")


def from_terms(
    terms: Terms,
    *,
    state: str,
    specialty: str,
    begun_on: date,
    starts_on: date,
    before: Terms | None,
    agreed_on: date,
    has_baa: bool,
    taxonomies: Iterable[str] = (),
) -> dict[str, Any]:
    """The facts that terms, the practice and its papers say; `before` are the terms that these amend from a day on.

    `agreed_on` is the day on which they were signed, or today where they are not yet.
    """
    parts, lines = kinds(terms.fee), frozenset(line.code for line in terms.lines)
    made: dict[str, Any] = {
        "place.state": state, "practice.profession": profession(specialty, taxonomies),
        "practice.is_multi_specialty": specialty == "multi",
        "agreement.mode": terms.mode.value, "agreement.begun_on": begun_on, "agreement.is_written": True,
        "agreement.is_signed": True, "agreement.days": Decimal(terms.days.days or ENDLESS),
        "scope.lines": lines, "scope.bills": bool(lines & BILLS),
        "scope.touches_phi": any(opens(line) & PHI for line in terms.lines),
        "fee.kinds": parts, "baa.in_force": has_baa,
        "change.of_compensation": before is not None and before.fee != terms.fee,
    }  # fmt: skip
    follows = following.follows(terms.fee) if terms.fee is not None else False
    if follows is not None:
        made |= {"fee.is_percentage": follows, "fee.is_contingent": follows}
    if before is not None:
        made |= {"change.is_prospective": starts_on >= agreed_on, "change.is_written": True}
    if state in doctrines():
        made["place.cpom"] = doctrines()[state]
    return made


def value_of(name: str, said: str) -> Any:
    """The value of a fact from what was typed; none of an empty text. Raises `BadFact` with what it takes."""
    fact = FACTS.get(name)
    if fact is None:
        raise BadFact(f"There is no fact {name!r}.", field="name", fix="Choose one of the list of facts.")
    typed = said.strip()
    if not typed:
        return None
    try:
        match fact.kind:
            case Kind.FLAG:
                return {"yes": True, "true": True, "no": False, "false": False}[typed.lower()]
            case Kind.NUMBER | Kind.MONEY:
                number = Decimal(typed.replace(",", "").replace("$", ""))
                if not number.is_finite() or number < 0:
                    raise ValueError
                return number
            case Kind.DAY:
                return date.fromisoformat(typed)
            case Kind.CODES:
                return frozenset(_listed(fact, one) for one in typed.replace(",", " ").split())
            case _:
                return _listed(fact, typed)
    except (ValueError, KeyError, InvalidOperation):
        forms = {Kind.FLAG: "yes or no", Kind.NUMBER: "a number, as 12", Kind.MONEY: "an amount, as 120.50",
                 Kind.DAY: "a day, as 2026-11-30"}  # fmt: skip
        raise BadFact(f"{fact.label}: {typed[:40]!r} is none.", field=name, fix=f"Say {forms[fact.kind]}.") from None


def _listed(fact: Property, typed: str) -> str:
    """One of the values that a fact may have, however it was capitalised or parted. Raises `BadFact` with all."""
    known = values_of(fact.name)
    folded = re.sub(r"[\s-]+", "_", typed.strip()).casefold()
    found = next((one for one in known if one.casefold() == folded), None)
    if found is None:
        raise BadFact(
            f"{fact.label}: {typed[:40]!r} is none.", field=fact.name, fix=f"One of: {', '.join(known)}."
        )  # fmt: skip
    return found


def said_of(value: Any) -> str:
    """A value as it is kept and shown: what `value_of` reads again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(sorted(value)) if isinstance(value, frozenset) else str(value)
