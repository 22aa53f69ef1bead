"""The states of a period, and the moves between them.

Open months take entries. A closed month may be opened again while the next one is open. A locked month never.
"""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class PeriodState(Status):
    """Whether a month takes entries."""

    OPEN = "open", "Open", Tone.INFO
    CLOSED = "closed", "Closed", Tone.GOOD
    LOCKED = "locked", "Locked", Tone.NONE


S = PeriodState

MOVES: Moves[PeriodState] = {
    S.OPEN: {S.CLOSED},
    S.CLOSED: {S.OPEN, S.LOCKED},
    S.LOCKED: frozenset(),
}
