"""A delivery waits, is done, or is dead until somebody replays it."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class Delivering(Status):
    """The states of a delivery."""

    WAITING = "waiting", "Waiting", Tone.INFO
    DONE = "done", "Delivered", Tone.GOOD
    DEAD = "dead", "Dead letter", Tone.BAD


MOVES: Moves[Delivering] = {
    Delivering.WAITING: {Delivering.DONE, Delivering.DEAD},
    Delivering.DEAD: {Delivering.WAITING},
    Delivering.DONE: frozenset(),
}
