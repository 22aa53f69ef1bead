"""The life of a proposal, as a table of moves."""

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
