"""The lives of a proposal and of a board's meeting, as tables of moves; how an item ends, and what a vote says."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class S(Status):
    """Where a proposal stands."""

    WAITING = "waiting", "To decide", Tone.WARN
    APPROVED = "approved", "Approved", Tone.GOOD
    CHANGED = "changed", "Approved with changes", Tone.GOOD
    DECLINED = "declined", "Declined", Tone.BAD
    WITHDRAWN = "withdrawn", "Withdrawn", Tone.NONE
    CARRIED_OUT = "carriedout", "Carried out", Tone.INFO


DECIDED = frozenset({S.APPROVED, S.CHANGED, S.DECLINED})
"""Steps that only a licensee of the practice takes."""
AGREED = frozenset({S.APPROVED, S.CHANGED})
"""It may be carried out."""

MOVES: Moves[S] = {
    S.WAITING: {*DECIDED, S.WITHDRAWN},
    S.APPROVED: {S.CHANGED, S.DECLINED, S.CARRIED_OUT},
    S.CHANGED: {S.APPROVED, S.CHANGED, S.DECLINED, S.CARRIED_OUT},
    S.DECLINED: {S.APPROVED, S.CHANGED},
    S.WITHDRAWN: set(),
    S.CARRIED_OUT: set(),
}
"""A later decision takes the place of an earlier one until it is carried out; both stay."""


class M(Status):
    """Where a meeting of a board stands."""

    CALLED = "called", "Called", Tone.INFO
    SITTING = "sitting", "Sitting", Tone.WARN
    CLOSED = "closed", "Minutes to approve", Tone.INFO
    APPROVED = "approved", "Minutes approved", Tone.GOOD
    CANCELLED = "cancelled", "Cancelled", Tone.NONE


MEETING_MOVES: Moves[M] = {
    M.CALLED: {M.SITTING, M.CANCELLED},
    M.SITTING: {M.CLOSED},
    M.CLOSED: {M.APPROVED},
    M.APPROVED: set(),
    M.CANCELLED: set(),
}
"""Minutes are frozen when a meeting closes, and approved by a vote of the next one."""


class R(Status):
    """How an item of an agenda ended."""

    OPEN = "open", "On the agenda", Tone.NONE
    CARRIED = "carried", "Carried", Tone.GOOD
    LOST = "lost", "Not carried", Tone.BAD
    NO_DECISION = "nodecision", "No decision", Tone.WARN
    HEARD = "heard", "Discussed", Tone.INFO


class V(Status):
    """What a seat says to an item."""

    YES = "yes", "Yes", Tone.GOOD
    NO = "no", "No", Tone.BAD
    ABSTAIN = "abstain", "Abstains", Tone.NONE
    RECUSED = "recused", "Recused", Tone.WARN


class Held(Status):
    """Where a disclosure of an interest stands."""

    HOLDS = "holds", "Disclosed", Tone.INFO
    OVERDUE = "overdue", "To renew", Tone.WARN
    ENDED = "ended", "Ended", Tone.NONE


class B(Status):
    """Where a budget stands."""

    DRAFT = "draft", "Being prepared", Tone.NONE
    PROPOSED = "proposed", "To approve", Tone.WARN
    APPROVED = "approved", "Approved", Tone.GOOD
    DECLINED = "declined", "Declined", Tone.BAD
    FALLBACK = "fallback", "Fallback applies", Tone.WARN


BUDGET_MOVES: Moves[B] = {
    B.DRAFT: {B.DRAFT, B.PROPOSED, B.FALLBACK},
    B.PROPOSED: {B.DRAFT, B.APPROVED, B.DECLINED, B.FALLBACK},
    B.DECLINED: {B.DRAFT, B.FALLBACK},
    B.FALLBACK: {B.DRAFT, B.PROPOSED},
    B.APPROVED: {B.DRAFT},
}
"""A revision makes it a draft again; where it is not agreed in time, the fallback applies until it is."""


class E(Status):
    """Where an expectation stands."""

    OPEN = "open", "Promised", Tone.INFO
    KEPT = "kept", "Kept", Tone.GOOD
    BROKEN = "broken", "Not kept", Tone.BAD
    RELEASED = "released", "Released", Tone.NONE


EXPECTATION_MOVES: Moves[E] = {
    E.OPEN: {E.KEPT, E.BROKEN, E.RELEASED},
    E.KEPT: set(),
    E.BROKEN: {E.KEPT},
    E.RELEASED: set(),
}
"""Whoever it was promised to says whether it was kept; late is better than never."""
