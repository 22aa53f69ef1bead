"""What a rule is and what it says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
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


FIRM = ("837P", "837I", "45 CFR 162")
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


Among = Callable[[str], bool] | Collection[str]
"""Codes or modifiers: those there are, or a function that knows them."""


@dataclass(frozen=True, slots=True)
class Only:
    """Whom a rule can have anything to say of; what is `None` narrows nothing. It only saves asking the others.

    A claim with one of these codes, with one of these modifiers, of a later payer.
    """

    codes: Among | None = None
    modifiers: Among | None = None
    later_payer: bool = False

    def takes(self, codes: Iterable[str], modifiers: Iterable[str], *, later_payer: bool) -> bool:
        """Whether a claim with these is among them."""
        return (later_payer or not self.later_payer) and all(
            among is None or any(map(among if callable(among) else among.__contains__, has))
            for among, has in ((self.codes, codes), (self.modifiers, modifiers))
        )


EVERY_CLAIM = Only()


@dataclass(frozen=True, slots=True)
class Rule:
    """A named check. `source` says who asks for it: a loop of the 837P TR3, a regulation, a payer edit."""

    code: str
    severity: Severity
    source: str
    check: Check
    title: str = ""
    """The rule in one sentence."""
    only: Only = EVERY_CLAIM

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


def blocks(
    source: str, *, codes: Among | None = None, modifiers: Among | None = None, later_payer: bool = False
) -> Callable[[Check], Rule]:
    """A rule whose findings keep the claim from going out; firm where the 837 itself asks for it."""
    severity = Severity.BLOCK if source.startswith(FIRM) else Severity.HOLD
    return _rule(severity, source, Only(codes, modifiers, later_payer))


def of_form(form: str, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Rules that are asked of claims of one form alone: P professional, I institutional."""

    def bound(rule: Rule) -> Rule:
        def check(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
            return rule.check(sheet, context) if sheet.kind == form else iter(())

        return replace(rule, check=check)

    return tuple(bound(rule) for rule in rules)


def warns(
    source: str, *, codes: Among | None = None, modifiers: Among | None = None, later_payer: bool = False
) -> Callable[[Check], Rule]:
    """A rule whose findings a person may set aside."""
    return _rule(Severity.WARN, source, Only(codes, modifiers, later_payer))


def _rule(severity: Severity, source: str, only: Only) -> Callable[[Check], Rule]:
    return lambda check: Rule(
        check.__name__, severity, source, check, (check.__doc__ or check.__name__).strip().splitlines()[0], only
    )


class Book(tuple[Rule, ...]):
    """Rules in their order; which of them are asked is worked out once for each kind of claim that is met."""

    KINDS_KEPT = 20_000

    def __init__(self, rules: Iterable[Rule]) -> None:
        """`rules` have become the tuple itself."""
        self._asked: dict[tuple[object, ...], tuple[Rule, ...]] = {}

    def asked_of(self, sheet: ClaimSheet) -> tuple[Rule, ...]:
        """The rules that can have anything to say of a claim."""
        codes = tuple([line.code for line in sheet.lines])
        modifiers = tuple([modifier for line in sheet.lines for modifier in line.modifiers])
        later = sheet.order != "P" or bool(sheet.earlier)
        kind = codes, modifiers, later
        if (known := self._asked.get(kind)) is None:
            if len(self._asked) >= self.KINDS_KEPT:
                self._asked.clear()
            known = self._asked[kind] = tuple(
                rule for rule in self if rule.only.takes(codes, modifiers, later_payer=later)
            )
        return known


def judge(sheet: ClaimSheet, context: Context, book: Book) -> tuple[Finding, ...]:
    """Everything the book says of a claim, in the book's order."""
    return tuple(
        [
            Finding(rule.code, said.severity or rule.severity, said.words, said.fix, said.field, said.line, rule.source)
            for rule in book.asked_of(sheet)
            for said in rule.check(sheet, context)
        ]
    )


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that keep the claim from going out."""
    return tuple(finding for finding in findings if finding.severity.keeps)


def still_open(findings: Iterable[Finding], overridden: Iterable[tuple[str, int]]) -> tuple[Finding, ...]:
    """Findings that nobody has set aside."""
    aside = set(overridden)
    return tuple(finding for finding in findings if finding.key not in aside)
