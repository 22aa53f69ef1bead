"""Which decisions stay with a practice on a day: what its agreement lists, and what the law of its state adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openmso.agreements.contracts import Agreement, Version
from openmso.agreements.law import judging
from openmso.agreements.law.judging import Finding, Verdict
from openmso.agreements.law.rulebook import Outcome, Rule
from openmso.agreements.queries import agreements, law
from openmso.agreements.rules import RESERVED
from openmso.parties.queries import practices

AGREEMENT, LAW = "agreement", "law"
DECISIONS: Mapping[str, str] = RESERVED
"""The decisions that agreements and laws reserve, by their codes."""


@dataclass(frozen=True, slots=True)
class ReservedBy:
    """What reserves a decision: a version of the agreement, or a rule of law with its citation.

    `name` is the agreement's public id or the rule's code.
    """

    code: str
    kind: str
    name: str
    words: str
    citation: str = ""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A rule that would reserve decisions, but asks what nobody has said of the practice."""

    rule: str
    words: str
    asks: tuple[str, ...]
    codes: tuple[str, ...]


def on_day(practice: int, on: date) -> tuple[list[ReservedBy], list[NotKnown]]:
    """Everything that reserves a decision to a practice on a day, and the rules that cannot be told yet.

    Without an agreement in force nobody else may decide anything there, and nothing is listed.
    """
    return on_days({practice: on})[practice]


def on_days(days: Mapping[int, date]) -> dict[int, tuple[list[ReservedBy], list[NotKnown]]]:
    """The same of several practices, each on a day of its own."""
    held: dict[int, tuple[Agreement, Version]] = {}
    for one in agreements.of(*days):
        version = one.version_on(days[one.practice])
        if version is not None:
            held.setdefault(one.practice, (one, version))
    rules = {on: law.rules(on=on) for on in {days[practice] for practice in held}}
    told = {practice: _told(*held[practice], rules=rules[days[practice]], on=days[practice]) for practice in held}
    return {practice: told.get(practice, ([], [])) for practice in days}


def _told(
    agreement: Agreement, version: Version, *, rules: Sequence[Rule], on: date
) -> tuple[list[ReservedBy], list[NotKnown]]:
    found = _findings(agreement, version, rules=rules, on=on)
    by = [*_agreed(agreement, version), *_by_law(found)]
    return sorted(by, key=lambda one: (one.code, one.kind, one.name)), [
        NotKnown(one.rule.code, one.rule.words, one.asked, one.rule.reserves)
        for one in found
        if one.verdict is Verdict.ASKS
    ]


def _agreed(agreement: Agreement, version: Version) -> Iterator[ReservedBy]:
    said = f"Version {version.number} of the agreement, from {version.starts_on:%-d %b %Y}"
    for code in version.terms.reserved:
        if code in RESERVED:
            yield ReservedBy(code, AGREEMENT, agreement.public_id, said)


def _by_law(found: list[Finding]) -> Iterator[ReservedBy]:
    for one in found:
        if one.verdict is Verdict.RESERVES:
            for code in one.rule.reserves:
                yield ReservedBy(code, LAW, one.rule.code, one.rule.words, one.rule.citation)


def _findings(agreement: Agreement, version: Version, *, rules: Sequence[Rule], on: date) -> list[Finding]:
    """What rules that reserve come to for the version in force, at whatever moment they are asked."""
    known = law.facts(
        agreement.practice, version.terms, starts_on=version.starts_on, on=on,
        begun_on=agreement.versions[0].starts_on,
    )  # fmt: skip
    state, case = practices.practice(agreement.practice, on=on).state, law.case(known)
    asked = [one for one in rules if one.outcome in (Outcome.RESERVE, Outcome.NOT_APPLICABLE)]
    found = judging.judge(asked, case, state=state, moment=None, on=on)
    return [one for one in found if one.rule.outcome is Outcome.RESERVE]
