"""From the text of a guide to the tables that the walk looks segments up in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter

QUALIFIER_AT = {"HL": 3}
"""The element that tells loops begun by the same tag apart; the first one for all others."""
NO_LIMIT = 1 << 30


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """One line of a guide: a segment in its loop."""

    tag: str
    required: bool
    limit: int
    qualifiers: tuple[str, ...]
    needed: tuple[int, ...]
    codes: tuple[tuple[int, frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class LoopRule:
    """A loop: its segments, the first of which begins it, and the loops inside it."""

    id: str
    required: bool
    limit: int
    parts: tuple[SegmentRule | LoopRule, ...]

    @property
    def trigger(self) -> SegmentRule:
        first = self.parts[0]
        assert isinstance(first, SegmentRule), f"loop {self.id} must begin with a segment"
        return first


@dataclass(slots=True, eq=False)
class Step:
    """What a segment does where the walk stands: which bit of which loop it fills, and the loop it opens, if any."""

    rule: SegmentRule
    bit: int
    """In the `seen` of the loop that owns the rule (for a step that opens a loop: of the parent)."""
    limit: int
    levels_up: int
    """How many loops end before the segment takes its place."""
    opens: Table | None
    last_needed: int = 0
    pick: Callable[[list[str]], tuple[str, ...]] | None = None
    codes: tuple[tuple[int, frozenset[str]], ...] = ()


@dataclass(slots=True, eq=False)
class Table:
    """One loop at one place of the hierarchy, with every step that may be made from it."""

    id: str
    depth: int
    parent: Table | None
    required: int = 0
    """Bits that must have been seen when the loop ends."""
    names: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    """Bit to (tag with qualifier, loop id when the bit stands for a loop)."""
    trigger_bit: int = 1
    plain: dict[str, Step] = field(default_factory=dict)
    """Tag to step, where the tag alone decides."""
    by_qualifier: dict[str, dict[str, Step]] = field(default_factory=dict)
    """Tag to qualifier to step, where the qualifier decides; `plain` is then what is left."""


@dataclass(frozen=True, slots=True)
class Guide:
    """One compiled implementation guide."""

    set_id: str
    name: str
    """The version to write: 005010X221A1."""
    versions: frozenset[str]
    root: Table
    anywhere: dict[tuple[str, str], Table]
    """(tag, qualifier or "") to the first loop begun by it: where to go on when a segment is out of place."""


def compile_guide(set_id: str, name: str, versions: str, text: str, define: str = "") -> Guide:
    """Read the text of a guide (see the package docstring) and link its tables."""
    named = {rule.id: rule for rule in _loops(_lines(define), {})}
    parts = tuple(_parts(_lines(text), 0, named))
    root_rule = LoopRule("header", True, 1, parts)
    root = Table("header", 0, None)
    anywhere: dict[tuple[str, str], Table] = {}
    _link(root_rule, root, [], anywhere)
    return Guide(set_id, name, frozenset(versions.split()), root, anywhere)


class _Lines:
    """Lines with their indentation, one looked at ahead."""

    def __init__(self, text: str) -> None:
        raw = [line for line in text.splitlines() if line.strip()]
        self.items = [((len(line) - len(line.lstrip())) // 2, line.strip()) for line in raw]
        base = min((indent for indent, _ in self.items), default=0)
        self.items = [(indent - base, line) for indent, line in self.items]
        self.at = 0

    def peek(self) -> tuple[int, str] | None:
        return self.items[self.at] if self.at < len(self.items) else None

    def take(self) -> str:
        self.at += 1
        return self.items[self.at - 1][1]


def _lines(text: str) -> _Lines:
    return _Lines(text)


def _loops(lines: _Lines, named: dict[str, LoopRule]) -> Iterator[LoopRule]:
    """The loops of a `define` text; later ones may put in earlier ones."""
    for part in _parts(lines, 0, named):
        assert isinstance(part, LoopRule), "only loops can be defined"
        yield part


def _parts(lines: _Lines, indent: int, named: dict[str, LoopRule]) -> Iterator[SegmentRule | LoopRule]:
    while (ahead := lines.peek()) is not None and ahead[0] >= indent:
        line = lines.take()
        if line.startswith("+"):
            yield named[line[1:]]
        elif line.endswith(":"):
            loop_id, usage, limit = line[:-1].split()
            rule = LoopRule(loop_id, usage == "R", _limit(limit), tuple(_parts(lines, ahead[0] + 1, named)))
            named[loop_id] = rule
            yield rule
        else:
            yield _segment(line)


def _segment(line: str) -> SegmentRule:
    head, usage, limit, *rest = line.split()
    tag, _, qualifiers = head.partition("=")
    codes = tuple((int(p), frozenset(c.split("/"))) for p, _, c in (x.partition("=") for x in rest if "=" in x))
    return SegmentRule(
        tag=tag,
        required=usage == "R",
        limit=_limit(limit),
        qualifiers=tuple(qualifiers.split("/")) if qualifiers else (),
        needed=tuple(int(x) for x in rest if "=" not in x),
        codes=codes,
    )


def _limit(text: str) -> int:
    return NO_LIMIT if text == ">" else int(text)


def _link(rule: LoopRule, table: Table, above: list[Step], anywhere: dict[tuple[str, str], Table]) -> None:
    """Give `table` its steps: its own segments, the loops inside, then what the loops above it may go on with."""
    own: list[Step] = []
    inner: list[tuple[Step, LoopRule]] = []
    for number, part in enumerate(rule.parts):
        bit = 1 << number
        if isinstance(part, SegmentRule):
            own.append(_step(part, bit, part.limit, None))
            name: tuple[str, str | None] = (_label(part), None)
        else:
            child = Table(part.id, table.depth + 1, table)
            inner.append((_step(part.trigger, bit, part.limit, child), part))
            name = (_label(part.trigger), part.id)
            for key in _keys(part.trigger):
                anywhere.setdefault(key, child)
        if part.required:
            table.required |= bit
        table.names[bit] = name
    if table.parent is not None:
        own = own[1:]  # the trigger begins the loop anew: that is the parent's step
    here = [*own, *(step for step, _ in inner)]
    for step in [*here, *above]:
        _offer(table, step)
    for step, part in inner:
        assert step.opens is not None, "an inner step opens a loop"
        _link(part, step.opens, [_raised(s) for s in [*(s for s, _ in inner), *own, *above]], anywhere)


def _step(rule: SegmentRule, bit: int, limit: int, opens: Table | None) -> Step:
    needed = rule.needed
    pick: Callable[[list[str]], tuple[str, ...]] | None = None
    if len(needed) > 1:
        pick = itemgetter(*needed)
    elif needed:
        pick = itemgetter(slice(needed[0], needed[0] + 1))
    return Step(rule, bit, limit, 0, opens, max(needed, default=0), pick, rule.codes)


def _raised(step: Step) -> Step:
    """The same step, seen from a loop further in."""
    return Step(
        step.rule,
        step.bit,
        step.limit,
        step.levels_up + 1,
        step.opens,
        step.last_needed,
        step.pick,
        step.codes,
    )


def _offer(table: Table, step: Step) -> None:
    """Enter a step unless a nearer one has taken its tag and qualifier."""
    tag = step.rule.tag
    if tag in table.plain:
        return
    if step.rule.qualifiers:
        for qualifier in step.rule.qualifiers:
            table.by_qualifier.setdefault(tag, {}).setdefault(qualifier, step)
    else:
        table.plain[tag] = step


def _keys(rule: SegmentRule) -> list[tuple[str, str]]:
    return [(rule.tag, q) for q in rule.qualifiers] or [(rule.tag, "")]


def _label(rule: SegmentRule) -> str:
    return f"{rule.tag}*{'/'.join(rule.qualifiers)}" if rule.qualifiers else rule.tag
