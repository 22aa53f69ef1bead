"""The life of a visit, as a table of moves."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.scheduling.contracts import VisitStatus as S

MOVES: Moves[S] = {
    S.PLANNED: {S.ARRIVED, S.DONE, S.NO_SHOW, S.CANCELLED},
    S.ARRIVED: {S.DONE, S.CANCELLED},
    S.DONE: frozenset(),
    S.NO_SHOW: frozenset(),
    S.CANCELLED: frozenset(),
}
OPEN = frozenset({S.PLANNED, S.ARRIVED})
"""Nobody has said yet what became of them."""
CALLED_OFF = frozenset({S.CANCELLED, S.NO_SHOW})
"""They did not take place."""
