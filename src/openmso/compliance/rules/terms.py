"""Which version of an arrangement holds on a day, whether it is a year long, and where the arrangement stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from openmso.compliance.contracts import ONE_DAY, Arrangement, Opinion, Term
from openmso.compliance.states import Kind, Pay, Standing

YEAR = timedelta(days=365)
AHEAD = timedelta(days=90)
"""How long before a term or an opinion runs out somebody is told."""
GRACE = timedelta(days=90)
"""Consecutive days within which both sides sign (42 CFR 411.354(e))."""
STARK = "stark_"
"""How the codes of the lists begin whose exceptions allow that time for the writing too (42 CFR 411.354(e)); a safe
harbour of 42 CFR 1001.952 wants it written first."""
YEAR_LONG = frozenset({Kind.SERVICES, Kind.SPACE, Kind.EQUIPMENT})
"""Kinds whose exceptions and safe harbours ask for a term of a year."""
HOLDS_OVER = YEAR_LONG
"""Kinds that go on after their term on the same terms (411.357(a)(7), (b)(6), (d)(1)(vii))."""
NO_VALUE = frozenset({Kind.RECRUITMENT})
"""Kinds of which no opinion of value is asked (411.357(e))."""


def written_by(term: Term) -> date:
    """The last day on which it is put in writing, by the exceptions and safe harbours that it relies on."""
    return term.starts_on + (GRACE if all(code.startswith(STARK) for code in term.grounds) else timedelta(0))


def covers(term: Term, day: date) -> bool:
    """Whether a day lies in a term."""
    return term.starts_on <= day and (term.ends_on is None or day < term.ends_on)


def may_hold_over(one: Arrangement, term: Term) -> bool:
    """Whether an arrangement goes on after a term on the same terms."""
    return term.holdover and one.kind in HOLDS_OVER


def holding(one: Arrangement, day: date) -> Term | None:
    """The version that holds on a day: the latest of those that were activated, else of all written.

    After all terms it is the last of them, over; before all, nothing.
    """
    active = [term for term in one.terms if term.activated_on]
    for pool in (active, one.terms):
        if found := [term for term in pool if covers(term, day)]:
            return found[-1]
    begun = [term for term in active or one.terms if term.starts_on <= day]
    return max(begun, key=lambda term: (term.ends_on or date.max, term.number)) if begun else None


def begun_on(one: Arrangement, term: Term, *, same_pay: bool = False) -> date:
    """The first day of the terms that go without a gap into a term; with `same_pay`, of those that pay alike."""
    first = term.starts_on
    for before in _before(one, term):
        if same_pay and not before.pays_as(term):
            break
        first = before.starts_on
    return first


def changed_from(one: Arrangement, term: Term) -> Term | None:
    """The version that paid otherwise and had not been there for a year when a term took its place."""
    before = next((each for each in _before(one, term) if not each.pays_as(term)), None)
    if before is None:
        return None
    return before if term.starts_on - begun_on(one, before, same_pay=True) < YEAR else None


def _before(one: Arrangement, term: Term) -> Iterator[Term]:
    """The versions that hold the day before each other, going back from a term."""
    at = term
    while True:
        day = at.starts_on - ONE_DAY
        earlier = [each for each in one.terms if each.number < at.number and covers(each, day)]
        found = [each for each in earlier if each.activated_on or not at.activated_on]
        if not found:
            return
        at = found[-1]
        yield at


def is_short(one: Arrangement, term: Term) -> bool:
    """Whether a term ends before the arrangement was there for a year."""
    return one.kind in YEAR_LONG and term.ends_on is not None and term.ends_on - begun_on(one, term) < YEAR


def opinion_on(opinions: Sequence[Opinion], unit: Pay, day: date) -> Opinion | None:
    """The latest opinion of a unit's value that was given by a day, whether it has expired or not."""
    given = [one for one in opinions if one.unit is unit and one.opined_on <= day]
    return max(given, key=lambda one: one.opined_on) if given else None


def standing(one: Arrangement, day: date) -> Standing:
    """Where an arrangement stands on a day."""
    if one.ending is not None and day >= one.ending.ends_on:
        return Standing.ENDED
    active = [term for term in one.terms if term.activated_on and term.activated_on <= day]
    if not active:
        return Standing.DRAFT
    if any(covers(term, day) for term in active):
        return Standing.ACTIVE
    over = [term for term in active if term.starts_on <= day]
    if not over:
        return Standing.AHEAD
    last = max(over, key=lambda term: (term.ends_on or date.max, term.number))
    return Standing.HOLDOVER if may_hold_over(one, last) else Standing.EXPIRED
