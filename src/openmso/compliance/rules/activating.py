"""Whether a term may be paid from now on: what speaks against its activation, in words."""

from __future__ import annotations

from datetime import date

from openmso.compliance.contracts import Arrangement, Term
from openmso.compliance.rules import checklists
from openmso.compliance.rules.terms import NO_VALUE, opinion_on


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
    if one.kind not in NO_VALUE and not term.reasonable.strip():
        return f"Nobody says why term {term.number} is reasonable.", "Write a version that says it."
    if point := next(checklists.refuted(one, term, on=day), None):
        return f"{checklists.denied(point)} ({point.citation})", checklists.remedy(point)
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
