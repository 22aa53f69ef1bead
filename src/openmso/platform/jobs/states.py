"""A dead letter lies there until somebody has it run again."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class Letter(Status):
    """The states of a job that was given up."""

    DEAD = "dead", "Dead letter", Tone.BAD
    REPLAYED = "replayed", "Run again", Tone.GOOD


MOVES: Moves[Letter] = {Letter.DEAD: {Letter.REPLAYED}, Letter.REPLAYED: frozenset()}
