"""The text of an agreement: kept and read as data, its fingerprint, and two texts side by side."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from openmso.agreements.paper.contracts import Article, Block

WORD = re.compile(r"\s+|[^\s]+")
PARAGRAPH = re.compile(r"[^\n]+\n*|\n+")


@dataclass(frozen=True, slots=True)
class Span:
    """Some words, and whether the other side has them otherwise."""

    words: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """A clause as two papers have it; nothing on a side that lacks it."""

    title: str
    before: tuple[Span, ...]
    after: tuple[Span, ...]
    is_changed: bool


def as_data(found: Iterable[Article]) -> list[dict[str, Any]]:
    """A text as plain values."""
    return [
        {"code": one.code, "block": one.block.value, "title": one.title, "number": one.number, "text": one.text,
         "own": one.own, "why": one.why, "is_left_out": one.is_left_out}
        for one in found
    ]  # fmt: skip


def of_data(said: Iterable[Mapping[str, Any]]) -> list[Article]:
    """A kept text."""
    return [Article(**{**one, "block": Block(one["block"])}) for one in said]


def fingerprint(terms: Mapping[str, Any], starts_on: date, found: Iterable[Article]) -> str:
    """SHA-256 of the terms and the text as they would be signed: another one is another draft."""
    said = {
        "terms": terms,
        "starts_on": starts_on.isoformat(),
        "text": [[one.code, one.title, one.text] for one in found if not one.is_left_out],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def side_by_side(before: str, after: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Two texts, each in spans of words that the other has too or has otherwise.

    Paragraphs that both have are not looked into: a long one, as of a scope matrix, costs the square of its words.
    """
    ours, theirs = PARAGRAPH.findall(before), PARAGRAPH.findall(after)
    left: list[Span] = []
    right: list[Span] = []
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        old, new = "".join(ours[a:b]), "".join(theirs[c:d])
        mine, others = ((Span(old, False),), (Span(new, False),)) if tag == "equal" else _by_word(old, new)
        left += mine
        right += others
    return tuple(left), tuple(right)


def _by_word(before: str, after: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    ours, theirs = WORD.findall(before), WORD.findall(after)
    left: list[Span] = []
    right: list[Span] = []
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if b > a:
            left.append(Span("".join(ours[a:b]), tag != "equal"))
        if d > c:
            right.append(Span("".join(theirs[c:d]), tag != "equal"))
    return tuple(left), tuple(right)


def by_paragraph(before: Sequence[str], after: Sequence[str]) -> list[Beside]:
    """Two papers paragraph by paragraph, in their order; what one of them lacks stands beside nothing."""
    found: list[Beside] = []
    for tag, a, b, c, d in SequenceMatcher(None, list(before), list(after), autojunk=False).get_opcodes():
        if tag == "equal":
            found += [_paragraphs(one, one, c + place) for place, one in enumerate(after[c:d])]
            continue
        for place in range(max(b - a, d - c)):
            old = before[a + place] if a + place < b else ""
            new = after[c + place] if c + place < d else ""
            found.append(_paragraphs(old, new, (c if d > c else c - 1) + min(place, max(d - c - 1, 0))))
    return found


def _paragraphs(old: str, new: str, place: int) -> Beside:
    title = f"Paragraph {max(place, 0) + 1}"
    if old == new:
        return Beside(title, (Span(old, False),), (Span(new, False),), is_changed=False)
    left, right = side_by_side(old, new)
    return Beside(title, left, right, is_changed=True)


def differences(before: Sequence[Article], after: Sequence[Article]) -> list[Beside]:
    """Two texts clause by clause, in the order of the later one; what only the earlier has stands at its place."""
    old = {one.code: one for one in before if not one.is_left_out}
    new = {one.code: one for one in after if not one.is_left_out}
    gone = [code for code in old if code not in new]
    order = sorted([*new, *gone], key=lambda code: _place(code, before, after))
    return [_beside(old.get(code), new.get(code)) for code in order]


def _place(code: str, before: Sequence[Article], after: Sequence[Article]) -> tuple[int, int]:
    blocks = list(Block)
    for papers in (after, before):
        for place, one in enumerate(papers):
            if one.code == code:
                return blocks.index(one.block), place
    raise KeyError(code)


def _beside(old: Article | None, new: Article | None) -> Beside:
    left, right = side_by_side(old.text if old else "", new.text if new else "")
    shown = new or old
    assert shown is not None, "a clause that is beside nothing is on one of the sides"
    changed = old is None or new is None or old.text != new.text or old.title != new.title
    return Beside(shown.title, left, right, changed)
