"""What a change of mode would change, before anybody drafts it: scope, access, fee, papers, text and law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openmso.agreements import rules
from openmso.agreements.contracts import Agreement, Terms, Version
from openmso.agreements.fees import calculating, charging, quoting, sentences
from openmso.agreements.fees.terms import FeeTerms
from openmso.agreements.law.judging import Finding, Verdict
from openmso.agreements.paper import clauses
from openmso.agreements.queries import companions, law, paper, tasks
from openmso.agreements.queries.companions import Needed
from openmso.agreements.rules import Change, Fault
from openmso.agreements.tasks.rules import fitted
from openmso.kit.classes import PHI
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.parties.queries import practices
from openmso.platform.access.registry import LINES


@dataclass(frozen=True, slots=True)
class Access:
    """What the MSO sees for a service line, before and after; nothing where it is not in scope."""

    line: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    opens_patients: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What an amendment to other terms would change from a day on."""

    changes: tuple[Change, ...]
    access: tuple[Access, ...]
    fee_before: str
    fee_after: str
    needed: tuple[Needed, ...]
    added_clauses: tuple[str, ...]
    dropped_clauses: tuple[str, ...]
    findings: tuple[Finding, ...]
    oddities: tuple[Fault, ...]

    @property
    def stops(self) -> int:
        """How many rules of law would stop it from being signed."""
        return sum(one.stops for one in self.findings)

    @property
    def missing(self) -> int:
        """How many papers it needs that are not there."""
        return sum(one.held not in {"there", "ends"} for one in self.needed)


def plan(agreement: Agreement, version: Version, terms: Terms, *, starts_on: date, on: date) -> Plan:
    """What amending an agreement's version to other terms would change."""
    state = practices.practice(agreement.practice, on=starts_on).state
    before, terms = version.terms, fitted(terms, tasks.known())
    found = law.of_other_terms(agreement, terms, starts_on=starts_on, on=on)
    old, new = _titles(before, state, starts_on), _titles(terms, state, starts_on)
    return Plan(
        tuple(rules.difference(before, terms)), tuple(_access(before, terms)), _fee(before.fee), _fee(terms.fee),
        tuple(companions.needed(agreement, terms, state=state, on=starts_on)),
        tuple(title for code, title in new.items() if code not in old),
        tuple(title for code, title in old.items() if code not in new),
        tuple(one for one in found if one.verdict not in {Verdict.MEETS, Verdict.EXEMPT}),
        tuple(rules.oddities(terms)),
    )  # fmt: skip


def beside(
    before: Terms, after: Terms, *, month: Month, given: Mapping[str, Decimal]
) -> tuple[Money | None, Money | None]:
    """What a whole month would cost under each fee, by the same figures; nothing where a fee is not agreed.

    `given` are the figures by the keys of `calculating.parts`.
    """
    fees = [charging.charged(terms, month) for terms in (before, after)]
    inputs = calculating.inputs(calculating.parts(*fees), given)
    old, new = (
        quoting.quote(terms=fee, period=month.range, inputs=inputs).amount if fee is not None else None for fee in fees
    )
    return old, new


def _access(before: Terms, after: Terms) -> list[Access]:
    rows = []
    for code, words in LINES.items():
        old, new = before.line(code), after.line(code)
        seen = [sorted(rules.CLASS_WORDS[one] for one in rules.opens(line)) if line else [] for line in (old, new)]
        if seen[0] != seen[1]:
            opens = bool(new and rules.opens(new) & PHI and not (old and rules.opens(old) & PHI))
            rows.append(Access(words, tuple(seen[0]), tuple(seen[1]), opens))
    return rows


def _titles(terms: Terms, state: str, on: date) -> dict[str, str]:
    return {one.code: one.title for one in clauses.chosen(paper.library(), mode=terms.mode, state=state, on=on)}


def _fee(fee: FeeTerms | None) -> str:
    return sentences.sentence(fee) if fee is not None else "not agreed yet"
