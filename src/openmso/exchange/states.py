"""The lives of a transmission and of an enrolment, as tables of moves."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class T(Status):
    """Where a transmission stands."""

    WAITING = "waiting", "Waiting", Tone.INFO
    SENDING = "sending", "On its way", Tone.INFO
    BY_HAND = "by_hand", "To be handed in", Tone.WARN
    SENT = "sent", "Sent", Tone.GOOD
    FAILED = "failed", "Failed", Tone.BAD
    GIVEN_UP = "given_up", "Given up"


MOVES: Moves[T] = {
    T.WAITING: {T.SENDING, T.BY_HAND, T.FAILED, T.GIVEN_UP},
    T.SENDING: {T.SENT, T.WAITING, T.BY_HAND, T.FAILED},
    T.BY_HAND: {T.SENT, T.WAITING, T.GIVEN_UP},
    T.SENT: frozenset(),
    T.FAILED: {T.WAITING, T.BY_HAND, T.SENT, T.GIVEN_UP},
    T.GIVEN_UP: {T.WAITING, T.BY_HAND},
}

OPEN = frozenset({T.WAITING, T.SENDING, T.BY_HAND, T.FAILED})
"""What has not left yet and is still meant to."""


class E(Status):
    """Where an EDI enrolment stands."""

    REQUESTED = "requested", "To be sent", Tone.WARN
    SENT = "sent", "With the payer", Tone.INFO
    PENDING = "pending", "Pending first file", Tone.INFO
    LIVE = "live", "Live", Tone.GOOD
    REJECTED = "rejected", "Rejected", Tone.BAD
    ENDED = "ended", "Ended"


ENROLMENT_MOVES: Moves[E] = {
    E.REQUESTED: {E.SENT, E.PENDING, E.LIVE, E.REJECTED, E.ENDED},
    E.SENT: {E.PENDING, E.LIVE, E.REJECTED, E.ENDED},
    E.PENDING: {E.LIVE, E.REJECTED, E.ENDED},
    E.LIVE: {E.ENDED},
    E.REJECTED: {E.REQUESTED, E.SENT, E.ENDED},
    E.ENDED: {E.REQUESTED},
}

CARRIES = frozenset({E.PENDING, E.LIVE})
"""Files may flow: what is pending waits for just the first of them."""

CHASED = frozenset({E.REQUESTED, E.SENT, E.PENDING, E.REJECTED})
"""Somebody must ask, or mend, until it is live."""
