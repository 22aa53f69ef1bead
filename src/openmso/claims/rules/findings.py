"""What a rule is and what it says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from openmso.claims.rules import facts
from openmso.claims.rules.sheet import ClaimSheet, Context, Line


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
    """Of which claims a rule can have anything to say; what is empty narrows nothing.

    A line of the claim has one of these codes, or one of these modifiers; all of these `facts` are so of the claim:
    that only saves asking the others. A claim of one form (P professional, I institutional): of the others the rule
    must not be asked.
    """

    codes: Among | None = None
    modifiers: Among | None = None
    when: int = 0
    form: str = ""

    @property
    def is_of_lines(self) -> bool:
        """Whether some line must call for the rule."""
        return self.codes is not None or self.modifiers is not None


def _has(among: Among, one: str) -> bool:
    return among(one) if callable(among) else one in among


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

    def says(self, sheet: ClaimSheet, context: Context) -> Iterator[Said]:
        """What it says of one claim, which may be of another form."""
        return self.check(sheet, context) if self.only.form in {"", sheet.kind} else iter(())

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
    source: str, *, codes: Among | None = None, modifiers: Among | None = None, when: int = 0
) -> Callable[[Check], Rule]:
    """A rule whose findings keep the claim from going out; firm where the 837 itself asks for it."""
    severity = Severity.BLOCK if source.startswith(FIRM) else Severity.HOLD
    return _rule(severity, source, Only(codes, modifiers, when))


def of_form(form: str, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Rules that are asked of claims of one form alone: P professional, I institutional."""
    return tuple(replace(rule, only=replace(rule.only, form=form)) for rule in rules)


def warns(
    source: str, *, codes: Among | None = None, modifiers: Among | None = None, when: int = 0
) -> Callable[[Check], Rule]:
    """A rule whose findings a person may set aside."""
    return _rule(Severity.WARN, source, Only(codes, modifiers, when))


def _rule(severity: Severity, source: str, only: Only) -> Callable[[Check], Rule]:
    return lambda check: Rule(
        check.__name__, severity, source, check, (check.__doc__ or check.__name__).strip().splitlines()[0], only
    )


class Book(tuple[Rule, ...]):
    """Rules in their order, which know what calls for each of them.

    What calls is a number: the bits of `facts`, and above them a bit for every rule about a code or a modifier.
    """

    KINDS_KEPT = 20_000

    def __init__(self, rules: Iterable[Rule]) -> None:
        """`rules` have become the tuple itself."""
        self._bits = [(1 << facts.BITS + place if rule.only.is_of_lines else 0) | rule.only.when
                      for place, rule in enumerate(self)]  # fmt: skip
        self._by_code: dict[str, int] = {}
        self._by_modifier: dict[str, int] = {}
        self._asked: dict[tuple[int, str], tuple[Rule, ...]] = {}

    def called_by(self, line: Line) -> int:
        """The rules that a line calls for by its code or a modifier."""
        if (found := self._by_code.get(line.code)) is None:
            found = _keep(self._by_code, line.code, self._about("codes", line.code), self.KINDS_KEPT)
        for one in line.modifiers:
            if (known := self._by_modifier.get(one)) is None:
                known = _keep(self._by_modifier, one, self._about("modifiers", one), self.KINDS_KEPT)
            found |= known
        return found

    def _about(self, what: str, one: str) -> int:
        among = ((place, getattr(rule.only, what)) for place, rule in enumerate(self))
        return sum(1 << facts.BITS + place for place, these in among if these is not None and _has(these, one))

    def asked(self, calls: int, form: str) -> tuple[Rule, ...]:
        """The rules that can have anything to say of a claim of a form, by all that is so of it and of its lines."""
        if (known := self._asked.get((calls, form))) is None:
            rules = zip(self, self._bits, strict=True)
            known = _keep(
                self._asked, (calls, form),
                tuple([rule for rule, bits in rules if bits & ~calls == 0 and rule.only.form in {"", form}]),
                self.KINDS_KEPT,
            )  # fmt: skip
        return known


K = TypeVar("K")
V = TypeVar("V")


def _keep(known: dict[K, V], key: K, found: V, most: int) -> V:
    """Remember an answer, and no more than so many."""
    if len(known) >= most:
        known.clear()
    known[key] = found
    return found


def judge(sheet: ClaimSheet, context: Context, rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """Everything that rules say of a claim, in their order."""
    return tuple([
        Finding(rule.code, said.severity or rule.severity, said.words, said.fix, said.field, said.line, rule.source)
        for rule in rules for said in rule.says(sheet, context)
    ])  # fmt: skip


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that keep the claim from going out."""
    return tuple(finding for finding in findings if finding.severity.keeps)


def still_open(findings: Iterable[Finding], overridden: Iterable[tuple[str, int]]) -> tuple[Finding, ...]:
    """Findings that nobody has set aside."""
    aside = set(overridden)
    return tuple(finding for finding in findings if finding.key not in aside)
