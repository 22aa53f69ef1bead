"""The life of a service agreement, as a table of moves."""

from __future__ import annotations

from openmso.agreements.contracts import S
from openmso.kit.states import Moves

MOVES: Moves[S] = {
    S.DRAFT: {S.EXECUTED, S.WITHDRAWN},
    S.WITHDRAWN: frozenset(),
    S.EXECUTED: {S.TERMINATED},
    S.TERMINATED: frozenset(),
}
