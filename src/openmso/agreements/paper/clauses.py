"""Clauses as data: read, chosen for a mode and a state, and filled from the terms.

The house's own are `library.toml`: starting text in short words, for counsel to work from. One that an office wrote
takes the place of the house's of the same code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from openmso.agreements.contracts import Mode, Terms
from openmso.agreements.fees import sentences
from openmso.agreements.law.rulebook import STATES
from openmso.agreements.paper.contracts import Article, Block, Deviation
from openmso.agreements.paper.places import STATE_NAMES
from openmso.agreements.rules import OPENS, RESERVED, promised
from openmso.agreements.tasks import rules as tasks
from openmso.kit.errors import Refused
from openmso.kit.words import counted
from openmso.platform.access.registry import LINES

FIELD = re.compile(r"\{([^{}]*)\}")
CODE = re.compile(r"^[a-z][a-z0-9_.]{1,39}$")
TEXT_MAX, TITLE_MAX = 6_000, 120

FIELDS: Mapping[str, str] = {
    "mso": "Legal name of the MSO",
    "mso_ein": "EIN of the MSO",
    "practice": "Legal name of the practice",
    "practice_ein": "EIN of the practice",
    "state": "State of the practice",
    "mode": "How far the MSO goes",
    "starts_on": "The first day",
    "ends_on": "The last day, or that there is none",
    "fee": "The fee in words",
    "proration": "How part of a period is counted",
    "lines": "The service lines in scope",
    "outside": "The service lines that stay with the practice",
    "tasks": "The scope matrix: of each task who does, decides, approves and is told",
    "reserved": "The decisions reserved to the practice",
    "promises": "What is promised of each line",
    "hours": "The business day",
    "renewal": "By how much it is renewed",
    "notice_days": "Days of notice against renewal",
}
"""What a clause may leave to be filled in, by name."""
_KNOWN = frozenset("code block title text modes states order since instead_of".split())


class BadClause(Refused):
    """The clause cannot be read or filled."""

    code = "bad_clause"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as it is written: for which modes and states (none named: for all), from which day, in which order.

    One that stands `instead_of` another takes its place wherever it is chosen itself: a state's own wording.
    """

    code: str
    block: Block
    title: str
    text: str
    modes: frozenset[Mode] = frozenset()
    states: tuple[str, ...] = ()
    order: int = 50
    since: date = date.min
    instead_of: str = ""
    number: int = 0

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it leaves to be filled."""
        return tuple(dict.fromkeys(FIELD.findall(self.text)))

    def concerns(self, mode: Mode, state: str, on: date) -> bool:
        """Whether it is chosen for an agreement of a mode in a state that takes effect on a day."""
        return (not self.modes or mode in self.modes) and (not self.states or state in self.states) and self.since <= on


def clause_of(given: Mapping[str, Any], *, number: int = 0) -> Clause:
    """A clause from its data (TOML or JSON). Raises `BadClause` that names the field and what mends it."""
    if strange := sorted(set(given) - _KNOWN):
        raise BadClause(f"{strange[0]!r} is not known of a clause.", field=strange[0])
    code, title, text = (str(given.get(name) or "").strip() for name in ("code", "title", "text"))
    if not CODE.match(code):
        raise BadClause("A code is small letters, digits, dots and underscores.", field="code", fix="Such as fee.base.")
    if not 0 < len(title) <= TITLE_MAX:
        raise BadClause(f"A title has up to {TITLE_MAX} characters.", field="title")
    refuse_text(text)
    states = tuple(sorted(str(one).upper() for one in given.get("states") or ()))
    if strange := [one for one in states if one not in STATES]:
        raise BadClause(f"{strange[0]} is no state.", field="states", fix="Two letters each, as OR CA.")
    return Clause(
        code, _one_of(Block, given.get("block"), "block"), title, text,
        frozenset(_one_of(Mode, one, "modes") for one in given.get("modes") or ()), states,
        int(given.get("order") or 50), _day(given.get("since")), str(given.get("instead_of") or ""), number,
    )  # fmt: skip


def refuse_text(text: str) -> None:
    """Raise `BadClause` for words that cannot stand in an agreement: none, too many, or with a field nobody knows."""
    if not text.strip():
        raise BadClause("A clause says something.", field="text", fix="Write it.")
    if len(text) > TEXT_MAX:
        raise BadClause(f"A clause has up to {TEXT_MAX:,} characters.", field="text", fix="Make two of it.")
    for name in FIELD.findall(text):
        if name not in FIELDS:
            raise BadClause(
                f"There is nothing to fill in for {{{name}}}.", field="text", fix=f"Known: {', '.join(FIELDS)}."
            )
    if re.search(r"[{}]", FIELD.sub("", text)):
        raise BadClause("A brace opens or closes nothing.", field="text", fix="Write fields as {fee}.")


def as_data(one: Clause) -> dict[str, Any]:
    """The clause as data; `clause_of` makes it again."""
    return {
        "code": one.code, "block": one.block.value, "title": one.title, "text": one.text,
        "modes": sorted(mode.value for mode in one.modes), "states": list(one.states), "order": one.order,
        "since": None if one.since == date.min else one.since.isoformat(), "instead_of": one.instead_of,
    }  # fmt: skip


@cache
def of_the_house() -> tuple[Clause, ...]:
    """The clauses that come with the product."""
    return tuple(clause_of({**one, "text": _unwrapped(one["text"])}) for one in _library()["clause"])


def before_of_the_house(code: str) -> list[tuple[Clause, str]]:
    """What a clause of the house said before, the latest first, with why it gave way; numbered down from -1."""
    held = [dict(one) for one in _library()["before"] if one["code"] == code]
    return [
        (clause_of({**one, "text": _unwrapped(one["text"])}, number=-back), one_why)
        for back, (one, one_why) in enumerate(((one, str(one.pop("gave_way"))) for one in held), start=1)
    ]


@cache
def _library() -> dict[str, Any]:
    return tomllib.loads(files("openmso.agreements.paper").joinpath("library.toml").read_text("utf-8"))


def _unwrapped(text: str) -> str:
    """Lines of the file joined to paragraphs."""
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def chosen(library: Iterable[Clause], *, mode: Mode, state: str, on: date) -> list[Clause]:
    """The clauses of an agreement, in their order; a state's own wording in place of the general one."""
    mine = [one for one in library if one.concerns(mode, state, on)]
    replaced = {one.instead_of for one in mine if one.instead_of}
    blocks = list(Block)
    kept = [one for one in mine if one.code not in replaced]
    return sorted(kept, key=lambda one: (blocks.index(one.block), one.order, one.code))


def articles(clauses: Sequence[Clause], values: Mapping[str, str], own: Mapping[str, Deviation]) -> list[Article]:
    """The text of an agreement: each clause filled, or the agreement's own words in its place."""
    return [_article(one, values, own.get(one.code)) for one in clauses]


def _article(one: Clause, values: Mapping[str, str], own: Deviation | None) -> Article:
    if own is None:
        return Article(one.code, one.block, one.title, one.number, filled(one.text, values))
    return Article(
        one.code, one.block, one.title, one.number, filled(own.text, values), own=own.text, why=own.why,
        is_left_out=not own.text,
    )  # fmt: skip


def filled(text: str, values: Mapping[str, str]) -> str:
    """Words with their fields filled."""
    return FIELD.sub(lambda found: values[found[1]], text)


def values_of(terms: Terms, *, state: str, starts_on: date) -> dict[str, str]:
    """What the fields of `FIELDS` are filled with, from the terms."""
    within = [line.code for line in terms.lines if line.code in LINES]
    return {
        "mso": terms.mso.legal_name, "mso_ein": _ein(terms.mso.ein), "practice": terms.practice.legal_name,
        "practice_ein": _ein(terms.practice.ein), "state": STATE_NAMES.get(state, state), "mode": terms.mode.label,
        "starts_on": f"{starts_on:%-d %B %Y}", "ends_on": _last(terms),
        "fee": sentences.sentence(terms.fee) if terms.fee else "not agreed yet",
        "proration": sentences.proration(terms.fee) if terms.fee else "not agreed yet",
        "lines": _listed(LINES[code] for code in within),
        "outside": _listed(LINES[code] for code in OPENS if code not in within),
        "tasks": _tasks(terms),
        "reserved": "; ".join(RESERVED[code].lower() for code in terms.reserved if code in RESERVED) or "none listed",
        "promises": _promises(terms),
        "hours": f"{terms.hours.opens:%H:%M} to {terms.hours.closes:%H:%M}, Monday to Friday",
        "renewal": counted(terms.renewal_months, "month"), "notice_days": str(terms.notice_days),
    }  # fmt: skip


def _tasks(terms: Terms) -> str:
    """The scope matrix in words, a paragraph for each line, so that a changed task leaves the other lines alone."""
    held = {code: [tasks.sentence(one) for one in terms.tasks if one.line == code] for code in LINES}
    parts = [f"{LINES[code]}. {'. '.join(said)}." for code, said in held.items() if said]
    return "\n\n".join(parts) or "no tasks beside the service lines"


def _promises(terms: Terms) -> str:
    said = [promised(one, terms.hours) for line in terms.lines for one in line.promises]
    return "; ".join(said) or "none beyond the care of a good manager"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"


def _ein(digits: str) -> str:
    return f"{digits[:2]}-{digits[2:]}"


def _last(terms: Terms) -> str:
    ends = terms.days.ends_on
    return f"{date.fromordinal(ends.toordinal() - 1):%-d %B %Y} as its last day" if ends else "no agreed end"


def _day(said: Any) -> date:
    if not said:
        return date.min
    try:
        return said if isinstance(said, date) else date.fromisoformat(str(said))
    except ValueError:
        raise BadClause(f"{said!r} is no day.", field="since", fix="Such as 2026-11-30.") from None


def _one_of(kind: Any, said: Any, field: str) -> Any:
    try:
        return kind(said)
    except ValueError:
        known = ", ".join(one.value for one in kind)
        raise BadClause(f"{said!r} is not known.", field=field, fix=f"Choose of: {known}.") from None


def by_block(found: Iterable[Article]) -> Iterator[tuple[Block, list[Article]]]:
    """The articles under the titles of their blocks."""
    held: dict[Block, list[Article]] = {}
    for one in found:
        held.setdefault(one.block, []).append(one)
    yield from held.items()
