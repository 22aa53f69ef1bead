"""Whose cause a missed promise was: how words about it add up, and which word may be said. Pure.

Nobody's word is needed for a cause to be the MSO's: it is until the MSO says otherwise, with the reason. The practice
contests that or agrees; what is contested counts as the MSO's. Once a month is settled, the MSO can only own up.
"""

from __future__ import annotations

from collections.abc import Sequence

from openmso.agreements.contracts import Held
from openmso.settlement.contracts.causes import UNSAID, Cause, Word
from openmso.settlement.states import SaidOf, Whose


def standing(words: Sequence[Word]) -> Cause:
    """The cause as the last word has it; words come in their order."""
    if not words:
        return UNSAID
    last = words[-1]
    return Cause(last.whose, last.what, last.why, last.by, last.at)


def became_the_msos(before: Cause, now: Cause) -> bool:
    """Whether a cause that counted as another's counts as the MSO's now."""
    return before.counts is not Whose.MSO and now.counts is Whose.MSO


def why_not_say(held: Held, cause: Cause, whose: Whose, *, settled: bool) -> str:
    """Why the MSO cannot say whose cause it was, in words; empty when it can."""
    if held is not Held.LATE:
        return f"Nothing was missed: {held.label.lower()}."
    if cause.said is SaidOf.AGREED:
        return "Both sides agree on the cause."
    if settled and whose is not Whose.MSO:
        return "The month is settled: it counts as it was said until then. The MSO can still own up to it."
    return ""


def why_not_contest(cause: Cause) -> str:
    """Why the practice cannot contest a cause, in words; empty when it can."""
    if cause.said is None or cause.whose is Whose.MSO:
        return "It counts as the MSO's cause; there is nothing to contest."
    if cause.said is SaidOf.AGREED:
        return "You agreed to it."
    return "It is contested already; the MSO answers." if cause.said is SaidOf.CONTESTED else ""


def why_not_agree(cause: Cause) -> str:
    """Why the practice cannot agree to a cause, in words; empty when it can."""
    if cause.said is SaidOf.AGREED:
        return "You agreed to it already."
    return "" if cause.said is not None and cause.whose is not Whose.MSO else "There is nothing to agree to."
