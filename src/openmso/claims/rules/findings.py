"""What a rule is and what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import attrgetter
from typing import Any

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
    """Whom a rule can have anything to say of; what is empty narrows nothing.

    A claim with one of these codes, with one of these modifiers, of a later payer: that only saves asking the others.
    A claim of one form (P professional, I institutional): of the others the rule must not be asked.
    """

    codes: Among | None = None
    modifiers: Among | None = None
    later_payer: bool = False
    form: str = ""

    def takes(self, codes: Iterable[str], modifiers: Iterable[str], *, later_payer: bool, form: str) -> bool:
        """Whether a claim with these is among them."""
        if (self.later_payer and not later_payer) or self.form not in {"", form}:
            return False
        return all(
            among is None or any(map(among if callable(among) else among.__contains__, has))
            for among, has in ((self.codes, codes), (self.modifiers, modifiers))
        )


EVERY_CLAIM = Only()


class Part:
    """A part of claims that is the same for many: what rules about it say of one claim they say of all that share it.

    It names what such rules look at. `same` are objects that claims share, `equal` are values, `derived` follows from
    these; `known_same` and `known` are of the context. A rule of a part looks at nothing else; a test holds each to it.
    """

    def __init__(
        self, *, same: tuple[str, ...], equal: tuple[str, ...], derived: tuple[str, ...] = (),
        known_same: tuple[str, ...] = (), known: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """Names of attributes, dots lead into parts of the sheet."""
        self.of_sheet, self.of_context = {*same, *equal, *derived}, {*known_same, *known}
        self._same, self._equal, self._known_same, self._known = map(_taken, (same, equal, known_same, known))

    def of(self, sheet: ClaimSheet, context: Context) -> tuple[object, ...]:
        """What tells this part of a claim from that of others, as long as the claim is kept."""
        return (
            *map(id, self._same(sheet)), *self._equal(sheet), *map(id, self._known_same(context)), *self._known(context)
        )  # fmt: skip


def _taken(names: tuple[str, ...]) -> Callable[[object], tuple[Any, ...]]:
    """A function that takes some attributes of an object."""
    if len(names) > 1:
        return attrgetter(*names)
    each = [attrgetter(name) for name in names]
    return lambda one: tuple([take(one) for take in each])


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
    part: Part | None = None
    """All that it looks at, where that is shared by many claims; None: it may look at anything."""

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
    source: str, *, codes: Among | None = None, modifiers: Among | None = None, later_payer: bool = False
) -> Callable[[Check], Rule]:
    """A rule whose findings keep the claim from going out; firm where the 837 itself asks for it."""
    severity = Severity.BLOCK if source.startswith(FIRM) else Severity.HOLD
    return _rule(severity, source, Only(codes, modifiers, later_payer))


def of_form(form: str, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Rules that are asked of claims of one form alone: P professional, I institutional."""
    return tuple(replace(rule, only=replace(rule.only, form=form)) for rule in rules)


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
        later = _later(sheet)
        kind = codes, modifiers, later, sheet.kind
        if (known := self._asked.get(kind)) is None:
            if len(self._asked) >= self.KINDS_KEPT:
                self._asked.clear()
            known = self._asked[kind] = tuple(
                rule for rule in self if rule.only.takes(codes, modifiers, later_payer=later, form=sheet.kind)
            )
        return known


def _later(sheet: ClaimSheet) -> bool:
    return sheet.order != "P" or bool(sheet.earlier)


def judge(sheet: ClaimSheet, context: Context, book: Book) -> tuple[Finding, ...]:
    """Everything the book says of a claim, in the book's order."""
    return tuple([finding for rule in book.asked_of(sheet) for finding in _said(rule, sheet, context)])


def _said(rule: Rule, sheet: ClaimSheet, context: Context) -> list[Finding]:
    return [
        Finding(rule.code, said.severity or rule.severity, said.words, said.fix, said.field, said.line, rule.source)
        for said in rule.check(sheet, context)
    ]


Placed = tuple[int, Finding]
"""A finding with the place of its rule among those that are asked."""


class Sitting:
    """Claims judged together: what is said of a part that several of them share is worked out once.

    The answer for each claim is that of `judge`. What was looked at is kept as long as the sitting lasts.
    """

    def __init__(self) -> None:
        """Nothing has been said yet."""
        self._plans: dict[tuple[object, ...], list[tuple[Part | None, tuple[Rule, ...]]]] = {}
        self._runs: dict[tuple[object, ...], tuple[Rule, ...]] = {}
        self._said: dict[tuple[object, ...], list[Placed]] = {}
        self._places: dict[int, dict[str, int]] = {}
        self._kept: list[object] = []

    def judge(self, sheet: ClaimSheet, context: Context, book: Book) -> tuple[Finding, ...]:
        """Everything the book says of a claim, in the book's order."""
        found: list[Placed] = []
        for part, rules in self._plan(sheet, book):
            if part is None:
                for rule in rules:
                    for said in rule.check(sheet, context):
                        found.append(self._placed(rule, said, book))  # noqa: PERF401 - most rules say nothing
            else:
                key = id(rules), *part.of(sheet, context)
                known = self._said.get(key)
                if known is None:
                    known = [self._placed(rule, said, book) for rule in rules for said in rule.check(sheet, context)]
                    self._said[key] = known
                    self._kept.append((sheet, context))
                if known:
                    found += known
        if not found:
            return ()
        return tuple([finding for _, finding in sorted(found, key=lambda one: one[0])])

    def _placed(self, rule: Rule, said: Said, book: Book) -> Placed:
        severity = said.severity or rule.severity
        finding = Finding(rule.code, severity, said.words, said.fix, said.field, said.line, rule.source)
        return self._places[id(book)][rule.code], finding

    def _plan(self, sheet: ClaimSheet, book: Book) -> list[tuple[Part | None, tuple[Rule, ...]]]:
        """The rules that are asked of a claim by the parts that they look at."""
        kind = id(book), id(sheet.lines), sheet.kind, _later(sheet)
        plan = self._plans.get(kind)
        if plan is None:
            self._kept.append((book, sheet.lines))
            if id(book) not in self._places:
                self._places[id(book)] = {rule.code: place for place, rule in enumerate(book)}
            by_part: dict[Part | None, list[Rule]] = defaultdict(list)
            for rule in book.asked_of(sheet):
                by_part[rule.part].append(rule)
            plan = self._plans[kind] = [(part, self._run(tuple(rules))) for part, rules in by_part.items()]
        return plan

    def _run(self, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        """Rules that are asked together, the same object for all claims of which the same are asked."""
        return self._runs.setdefault(tuple(map(id, rules)), rules)


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that keep the claim from going out."""
    return tuple(finding for finding in findings if finding.severity.keeps)


def still_open(findings: Iterable[Finding], overridden: Iterable[tuple[str, int]]) -> tuple[Finding, ...]:
    """Findings that nobody has set aside."""
    aside = set(overridden)
    return tuple(finding for finding in findings if finding.key not in aside)
