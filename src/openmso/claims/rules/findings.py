"""What a rule is and what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import attrgetter
from typing import Any

from openmso.claims.rules.sheet import NO_LISTS, ClaimSheet, Context


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

    A claim with one of these codes, with one of these modifiers, of a later payer, with a code that some loaded list
    has, of people who are not plain: that only saves asking the others. A claim of one form (P professional, I
    institutional): of the others the rule must not be asked.
    """

    codes: Among | None = None
    modifiers: Among | None = None
    later_payer: bool = False
    listed: bool = False
    not_plain: bool = False
    form: str = ""

    def suits(self, *, later_payer: bool, listed: bool, plain: bool, form: str) -> bool:
        """Whether a claim like this can be among them, whatever its codes."""
        if plain and self.not_plain:
            return False
        return (later_payer or not self.later_payer) and (listed or not self.listed) and self.form in {"", form}


def _has(among: Among, one: str) -> bool:
    return among(one) if callable(among) else one in among


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
    source: str, *, codes: Among | None = None, modifiers: Among | None = None, later_payer: bool = False,
    listed: bool = False,
) -> Callable[[Check], Rule]:  # fmt: skip
    """A rule whose findings keep the claim from going out; firm where the 837 itself asks for it."""
    severity = Severity.BLOCK if source.startswith(FIRM) else Severity.HOLD
    return _rule(severity, source, Only(codes, modifiers, later_payer, listed))


def of_form(form: str, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Rules that are asked of claims of one form alone: P professional, I institutional."""
    return tuple(replace(rule, only=replace(rule.only, form=form)) for rule in rules)


def of_people(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Rules that have nothing to say where patient, coverage and number are plain."""
    return tuple(replace(rule, only=replace(rule.only, not_plain=True)) for rule in rules)


def warns(
    source: str, *, codes: Among | None = None, modifiers: Among | None = None, later_payer: bool = False,
    listed: bool = False,
) -> Callable[[Check], Rule]:  # fmt: skip
    """A rule whose findings a person may set aside."""
    return _rule(Severity.WARN, source, Only(codes, modifiers, later_payer, listed))


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
        self._suiting: dict[tuple[bool, bool, bool, str], list[Rule]] = {}
        narrowed = {what: [(id(rule), getattr(rule.only, what)) for rule in self] for what in ("codes", "modifiers")}
        self._about = {what: [one for one in named if one[1] is not None] for what, named in narrowed.items()}
        self._among: dict[tuple[str, str], frozenset[int]] = {}

    def asked_of(self, sheet: ClaimSheet, context: Context) -> tuple[Rule, ...]:
        """The rules that can have anything to say of a claim."""
        codes = tuple([line.code for line in sheet.lines])
        modifiers = tuple([modifier for line in sheet.lines for modifier in line.modifiers])
        of = later(sheet), context.lists is not NO_LISTS, sheet.is_plain, sheet.kind
        kind = codes, modifiers, of
        if (known := self._asked.get(kind)) is None:
            if len(self._asked) >= self.KINDS_KEPT:
                self._asked.clear()
                self._among.clear()
            known = self._asked[kind] = tuple(self._narrowed(codes, modifiers, of))
        return known

    def _narrowed(
        self, codes: Iterable[str], modifiers: Iterable[str], of: tuple[bool, bool, bool, str]
    ) -> Iterator[Rule]:
        """The rules that suit a claim, but for those about codes or modifiers that it does not have."""
        if (suiting := self._suiting.get(of)) is None:
            is_later, listed, plain, form = of
            suiting = self._suiting[of] = [
                rule for rule in self if rule.only.suits(later_payer=is_later, listed=listed, plain=plain, form=form)
            ]
        by_code = {place for code in set(codes) for place in self._naming("codes", code)}
        by_modifier = {place for modifier in set(modifiers) for place in self._naming("modifiers", modifier)}
        for rule in suiting:
            if (rule.only.codes is None or id(rule) in by_code) and (
                rule.only.modifiers is None or id(rule) in by_modifier
            ):
                yield rule

    def _naming(self, what: str, one: str) -> frozenset[int]:
        """Which of the rules about codes, or about modifiers, are about one."""
        if (known := self._among.get((what, one))) is None:
            known = self._among[what, one] = frozenset(rule for rule, among in self._about[what] if _has(among, one))
        return known


def later(sheet: ClaimSheet) -> bool:
    """Whether a later payer is asked."""
    return sheet.order != "P" or bool(sheet.earlier)


def judge(sheet: ClaimSheet, context: Context, book: Book) -> tuple[Finding, ...]:
    """Everything the book says of a claim, in the book's order."""
    return tuple([finding for rule in book.asked_of(sheet, context) for finding in _said(rule, sheet, context)])


def _said(rule: Rule, sheet: ClaimSheet, context: Context) -> list[Finding]:
    return [
        Finding(rule.code, said.severity or rule.severity, said.words, said.fix, said.field, said.line, rule.source)
        for said in rule.check(sheet, context)
    ]


Placed = tuple[int, Finding]
"""A finding with the place of its rule among those that are asked."""


Teller = Callable[[Any, Any], object]
"""What tells a part of a claim from that of others, from its sheet and context."""


class Sitting:
    """Claims judged together: what is said of a part that several of them share is worked out once.

    The answer for each claim is that of `judge`. What was looked at is kept as long as the sitting lasts.
    """

    def __init__(self, told: Mapping[Part, Teller] | None = None) -> None:
        """`told` are shorter ways to tell parts of these claims apart than their own."""
        self._told = told or {}
        self._plans: dict[tuple[object, ...], list[Step]] = {}
        self._steps: dict[tuple[int, int], list[Step]] = {}
        self._runs: dict[tuple[object, ...], tuple[Rule, ...]] = {}
        self._said: dict[tuple[object, ...], list[Placed]] = {}
        self._places: dict[int, dict[str, int]] = {}
        self._kept: list[object] = []

    def judge(self, sheet: ClaimSheet, context: Context, book: Book) -> tuple[Finding, ...]:
        """Everything the book says of a claim, in the book's order."""
        found: list[Placed] = []
        for of, rules in self._plan(sheet, context, book):
            if of is None:
                for rule in rules:
                    for said in rule.check(sheet, context):
                        found.append(self._placed(rule, said, book))  # noqa: PERF401 - most rules say nothing
            else:
                key = id(rules), of(sheet, context)
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

    def knows_all(self, sheet: ClaimSheet, context: Context, book: Book) -> bool:
        """Whether every rule asked of a claim is about a part that is told: of those told alike the same is said."""
        return all(of is not None for of, _ in self._plan(sheet, context, book))

    def _placed(self, rule: Rule, said: Said, book: Book) -> Placed:
        severity = said.severity or rule.severity
        finding = Finding(rule.code, severity, said.words, said.fix, said.field, said.line, rule.source)
        return self._places[id(book)][rule.code], finding

    def _plan(self, sheet: ClaimSheet, context: Context, book: Book) -> list[Step]:
        """The rules that are asked of a claim by the parts that they look at."""
        kind = (
            id(book), id(sheet.lines), sheet.kind, sheet.order, bool(sheet.earlier), context.lists is NO_LISTS,
            sheet.is_plain,
        )  # fmt: skip
        plan = self._plans.get(kind)
        if plan is None:
            asked = book.asked_of(sheet, context)
            self._kept.append((book, sheet.lines, asked))
            if id(book) not in self._places:
                self._places[id(book)] = {rule.code: place for place, rule in enumerate(book)}
            alike = id(book), id(asked)
            if alike not in self._steps:
                self._steps[alike] = self._stepped(asked)
            plan = self._plans[kind] = self._steps[alike]
        return plan

    def _stepped(self, asked: Iterable[Rule]) -> list[Step]:
        by_teller: dict[Teller | None, list[Rule]] = defaultdict(list)
        for rule in asked:
            by_teller[self._told.get(rule.part, rule.part.of) if rule.part else None].append(rule)
        return [(of, self._run(tuple(rules))) for of, rules in by_teller.items()]

    def _run(self, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        """Rules that are asked together, the same object for all claims of which the same are asked."""
        return self._runs.setdefault(tuple(map(id, rules)), rules)


Step = tuple[Teller | None, tuple[Rule, ...]]
"""Rules about one part of a claim, and what tells it apart; None: they may look at anything."""


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that keep the claim from going out."""
    return tuple(finding for finding in findings if finding.severity.keeps)


def still_open(findings: Iterable[Finding], overridden: Iterable[tuple[str, int]]) -> tuple[Finding, ...]:
    """Findings that nobody has set aside."""
    aside = set(overridden)
    return tuple(finding for finding in findings if finding.key not in aside)
