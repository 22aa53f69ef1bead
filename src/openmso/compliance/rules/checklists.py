"""Exceptions and safe harbours as checklists: what each element says of an arrangement, and what is missing.

The lists are `checklists.toml`. What the register knows of an element it says itself; the rest somebody answers.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from openmso.compliance.contracts import Arrangement, Checked, Point, Term
from openmso.compliance.rules import terms
from openmso.compliance.states import Kind, Said
from openmso.kit.words import day as said_day


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a list; `by` names what the register knows of it."""

    code: str
    words: str
    citation: str
    by: str
    recalled: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """An exception or safe harbour with its elements, and the kinds of arrangements it is for."""

    code: str
    words: str
    citation: str
    kinds: frozenset[Kind]
    elements: tuple[Element, ...]


@cache
def lists() -> Mapping[str, Checklist]:
    """Every list by its code."""
    text = files("openmso.compliance.rules").joinpath("checklists.toml").read_text("utf-8")
    return {
        one["code"]: Checklist(
            one["code"], one["words"], one["citation"], frozenset(map(Kind, one["kinds"])),
            tuple(
                Element(f"{one['code']}.{point['code']}", point["words"], point["citation"], point.get("by", ""),
                        point["evidence"] == "recalled", point.get("rule", ""))
                for point in one["points"]
            ),
        )
        for one in tomllib.loads(text)["list"]
    }  # fmt: skip


def element(code: str) -> Element | None:
    """An element that somebody may answer; those that the register answers itself are none."""
    found = lists().get(code.partition(".")[0])
    every = found.elements if found else ()
    return next((one for one in every if one.code == code and not one.by), None)


def checked(one: Arrangement, *, on: date) -> list[Checked]:
    """The lists that the terms of a day rely on (before all terms, the last ones), as they stand on it."""
    term = terms.holding(one, on) or (one.terms[-1] if one.terms else None)
    if term is None:
        return []
    return [
        Checked(ask.code, ask.words, ask.citation, tuple(_point(each, one, term, on) for each in ask.elements))
        for ask in _relied_on(term)
    ]


def refuted(one: Arrangement, term: Term, *, on: date) -> Iterator[Point]:
    """The elements of the lists that a term relies on of which somebody answered that they are not met.

    That is a fact that somebody told, so it stops whether the element was seen or only recalled; what nobody answered
    stops nothing, and what the register knows itself has reasons of its own.
    """
    for ask in _relied_on(term):
        for each in ask.elements:
            point = _point(each, one, term, on)
            if not point.by_register and point.said is Said.UNMET:
                yield point


def denied(point: Point) -> str:
    """What somebody answered, in words."""
    unsure = " The element was only recalled: counsel says whether it is asked for." if point.recalled else ""
    return f"Answered as not met: {point.words}{unsure}"


def remedy(point: Point) -> str:
    """What is done about an element that is not met."""
    first = "Ask counsel, then answer it anew" if point.recalled else "Mend it and answer it anew"
    return f"{first}, or write a version that relies on another exception."


def _relied_on(term: Term) -> list[Checklist]:
    known = lists()
    return [known[code] for code in term.grounds if code in known]


def gaps(one: Arrangement, *, on: date) -> int:
    """How many elements are not met or not answered."""
    return sum(each.gaps for each in checked(one, on=on))


def _point(ask: Element, one: Arrangement, term: Term, on: date) -> Point:
    given = next((each for each in reversed(one.answers) if each.element == ask.code), None)
    said, evidence = Said.OPEN, ""
    if ask.by:
        is_met, evidence = _KNOWN[ask.by](one, term, on)
        said = Said.MET if is_met else Said.UNMET
    elif given is not None:
        return Point(
            ask.code, ask.words, ask.citation, ask.recalled, False, given.said, given.evidence, ask.rule,
            given.document, given.by, given.at,
        )  # fmt: skip
    return Point(ask.code, ask.words, ask.citation, ask.recalled, bool(ask.by), said, evidence, ask.rule)


def _signed(one: Arrangement, term: Term, on: date) -> tuple[bool, str]:
    if term.written_on is None:
        return False, f"Term {term.number} is not in writing."
    if term.signed_on is None:
        lacks = " and ".join(
            side for side, day in (("our side", term.ours_signed_on), ("the other party", term.party_signed_on))
            if day is None
        )  # fmt: skip
        return (
            False,
            f"Term {term.number} is not signed by {lacks}; the last day is {said_day(term.starts_on + terms.GRACE)}.",
        )
    is_late = term.signed_on > term.starts_on + terms.GRACE
    return not is_late, f"Written on {said_day(term.written_on)}, signed by both on {said_day(term.signed_on)}" + (
        ", more than 90 days after it began." if is_late else "."
    )


def _year(one: Arrangement, term: Term, on: date) -> tuple[bool, str]:
    begun = said_day(terms.begun_on(one, term))
    if term.last_on is None:
        return True, f"It has no end; begun on {begun}."
    return not terms.is_short(one, term), f"From {begun} through {said_day(term.last_on)}."


def _in_advance(one: Arrangement, term: Term, on: date) -> tuple[bool, str]:
    return term.in_advance, f"{term.formula}{'' if term.in_advance else ', not set in advance'}."


def _value(one: Arrangement, term: Term, on: date) -> tuple[bool, str]:
    found = terms.opinion_on(one.opinions, term.pay, on)
    if found is None:
        return False, f"There is no opinion {term.unit}."
    words = f"{found.appraiser} on {said_day(found.opined_on)}: {found.range}, through {said_day(found.expires_on)}."
    return found.holds_on(on) and found.low <= term.rate <= found.high, words


def _volume(one: Arrangement, term: Term, on: date) -> tuple[bool, str]:
    return not term.by_volume, f"The pay {'follows' if term.by_volume else 'does not follow'} referrals."


def _reasonable(one: Arrangement, term: Term, on: date) -> tuple[bool, str]:
    return bool(term.reasonable), term.reasonable or "Nobody has said why."


def _register(one: Arrangement, term: Term, on: date) -> tuple[bool, str]:
    return True, f"{one.public_id} stands in the master register, which keeps every version."


def _holdover(one: Arrangement, term: Term, on: date) -> tuple[bool, str]:
    if term.last_on is None or on <= term.last_on:
        return True, "It is not in holdover."
    is_valued, words = _value(one, term, on)
    return term.holdover and is_valued, words if term.holdover else "The lease allows none."


_KNOWN: Mapping[str, Callable[[Arrangement, Term, date], tuple[bool, str]]] = {
    "signed": _signed, "year": _year, "in_advance": _in_advance, "value": _value, "volume": _volume,
    "reasonable": _reasonable, "register": _register, "holdover": _holdover,
}  # fmt: skip
