"""The life of an estimate, as a table of moves."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class S(Status):
    """Where an estimate stands."""

    DUE = "due", "Owed", Tone.WARN
    MADE = "made", "Made", Tone.INFO
    GIVEN = "given", "Given", Tone.GOOD
    REPLACED = "replaced", "Replaced"
    DROPPED = "dropped", "Not owed"


MOVES: Moves[S] = {
    S.DUE: {S.MADE, S.DROPPED},
    S.MADE: {S.GIVEN, S.REPLACED, S.DROPPED},
    S.GIVEN: {S.REPLACED},
    S.REPLACED: frozenset(),
    S.DROPPED: frozenset(),
}
