"""The life of a coverage check, as a table of moves; and what the payer said."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class S(Status):
    """Where a check stands. Whatever goes wrong, the request stays: it is asked again, or a person mends it."""

    DUE = "due", "To be asked", Tone.INFO
    ASKED = "asked", "Asked", Tone.INFO
    RETRY = "retry", "Retry due", Tone.WARN
    FAILED = "failed", "Needs a person", Tone.BAD
    ANSWERED = "answered", "Answered", Tone.GOOD


class Verdict(Status):
    """What the answer says of the plan on the day."""

    NONE = "", "Not known"
    ACTIVE = "active", "Active", Tone.GOOD
    INACTIVE = "inactive", "Inactive", Tone.BAD
    UNSAID = "unsaid", "Not said", Tone.WARN


MOVES: Moves[S] = {
    S.DUE: {S.ASKED, S.FAILED},
    S.ASKED: {S.ANSWERED, S.RETRY, S.FAILED},
    S.RETRY: {S.ASKED, S.ANSWERED, S.DUE, S.FAILED},
    S.FAILED: {S.DUE, S.ANSWERED},
    S.ANSWERED: frozenset(),
}
"""An answer may come late, when the check was already put off or given up."""

OPEN = frozenset({S.DUE, S.ASKED, S.RETRY})


class R(Status):
    """Where a request for an authorization stands (278)."""

    ASKED = "asked", "Asked", Tone.INFO
    PENDED = "pended", "Pending at the payer", Tone.WARN
    CERTIFIED = "certified", "Authorized", Tone.GOOD
    MODIFIED = "modified", "Authorized in part", Tone.GOOD
    DENIED = "denied", "Not authorized", Tone.BAD
    RETURNED = "returned", "Sent back", Tone.BAD


_DECIDED = frozenset({R.CERTIFIED, R.MODIFIED, R.DENIED, R.RETURNED})
REQUEST_OPEN = frozenset({R.ASKED, R.PENDED})
"""The payer may still answer."""

REQUEST_MOVES: Moves[R] = {
    R.ASKED: {R.PENDED, *_DECIDED},
    R.PENDED: {R.PENDED, *_DECIDED},
    R.CERTIFIED: set(),
    R.MODIFIED: set(),
    R.DENIED: set(),
    R.RETURNED: set(),
}
"""A no is asked again by a new request."""
