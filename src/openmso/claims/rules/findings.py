"""What a rule is and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from openmso.claims.rules.sheet import ClaimSheet, Context


class Severity(StrEnum):
    """How much a finding weighs; in this order they are shown.

    A warning lets the claim go. A hold keeps it until it is mended or somebody sets it aside with a reason. A block
    is mended: those of the house cannot be set aside, those of rules written on screen only by who makes rules live.
    """

    BLOCK = "block"
    HOLD = "hold"
    WARN = "warn"

    @property
    def keeps(self) -> bool:
        """Whether the claim waits."""
        return self is not Severity.WARN


FIRM = ("837P", "45 CFR 162")
"""Who asks for what nobody may set aside: without it there is no valid 837."""


@dataclass(frozen=True, slots=True)
class Said:
    """One remark of a rule: what is wrong, what mends it, which field and line it is about."""

    words: str
    fix: str
    field: str = ""
    line: int | None = None
    severity: Severity | None = None
    """Only where it differs from the rule's own."""


Check = Callable[[ClaimSheet, Context], Iterator[Said]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named check. `source` says who asks for it: a loop of the 837P TR3, a regulation, a payer edit."""

    code: str
    severity: Severity
    source: str
    check: Check
    title: str = ""
    """The rule in one sentence."""

    @property
    def is_firm(self) -> bool:
        """Whether nobody may set it aside: without it there is no valid 837."""
        return self.severity is Severity.BLOCK and self.source.startswith(FIRM)


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark with its rule."""

    code: str
    severity: Severity
    words: str
    fix: str
    field: str
    line: int | None
    source: str

    @property
    def key(self) -> tuple[str, int]:
        """What an override names: code and line, 0 for the claim as a whole."""
        return self.code, self.line or 0


def blocks(source: str) -> Callable[[Check], Rule]:
    """A rule whose findings keep the claim from going out; firm where the 837 itself asks for it."""
    return _rule(Severity.BLOCK if source.startswith(FIRM) else Severity.HOLD, source)


def warns(source: str) -> Callable[[Check], Rule]:
    """A rule whose findings a person may set aside."""
    return _rule(Severity.WARN, source)


def _rule(severity: Severity, source: str) -> Callable[[Check], Rule]:
    return lambda check: Rule(
        check.__name__, severity, source, check, (check.__doc__ or check.__name__).strip().splitlines()[0]
    )


def judge(sheet: ClaimSheet, context: Context, book: Iterable[Rule]) -> tuple[Finding, ...]:
    """Everything the book says of a claim, in the book's order."""
    return tuple(
        Finding(rule.code, said.severity or rule.severity, said.words, said.fix, said.field, said.line, rule.source)
        for rule in book
        for said in rule.check(sheet, context)
    )


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that keep the claim from going out."""
    return tuple(finding for finding in findings if finding.severity.keeps)


def still_open(findings: Iterable[Finding], overridden: Iterable[tuple[str, int]]) -> tuple[Finding, ...]:
    """Findings that nobody has set aside."""
    aside = set(overridden)
    return tuple(finding for finding in findings if finding.key not in aside)
