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
YEAR_LONG = frozenset({Kind.SERVICES, Kind.SPACE, Kind.EQUIPMENT})
"""Kinds whose exceptions and safe harbours ask for a term of a year."""
HOLDS_OVER = YEAR_LONG
"""Kinds that go on after their term on the same terms (411.357(a)(7), (b)(6), (d)(1)(vii))."""
NO_VALUE = frozenset({Kind.RECRUITMENT})
"""Kinds of which no opinion of value is asked (411.357(e))."""


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


def why_not_active(one: Arrangement, term: Term, day: date) -> tuple[str, str]:
    """Why a term cannot be activated on a day, and what is done about it; two empty texts where nothing speaks against.

    An opinion of value in force on that day must cover the rate (42 CFR 411.357(d)(1)(v), 1001.952(d)(1)(iv)).
    """
    if one.ending is not None:
        return "The arrangement has ended.", "Register a new one."
    if term.activated_on is not None:
        return f"Term {term.number} is active already.", ""
    if term.by_volume:
        return (
            "The pay takes account of the volume or value of referrals (42 CFR 411.354(d)(5), (6)).",
            "Agree on a pay that does not, and write it as a new term.",
        )
    return ("", "") if one.kind in NO_VALUE else _value_lacks(one, term, day)


def _value_lacks(one: Arrangement, term: Term, day: date) -> tuple[str, str]:
    found = opinion_on(one.opinions, term.pay, day)
    if found is None:
        return (
            f"There is no opinion of fair market value {term.unit} (42 CFR 411.357(d)(1)(v)).",
            "File the appraiser's opinion first.",
        )
    if not found.holds_on(day):
        return f"The opinion of {found.appraiser} expired on {found.expires_on}.", "File a new opinion."
    if not found.low <= term.rate <= found.high:
        return (
            f"${term.rate:,.2f} {term.unit} lies outside the opinion of {found.appraiser}: {found.range}.",
            "Agree on a rate inside the range, or have the value opined on anew.",
        )
    return "", ""
