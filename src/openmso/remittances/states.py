"""The life of an 835 file, as a table of moves."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.remittances.contracts import FileState

MOVES: Moves[FileState] = {
    FileState.RECEIVED: frozenset({FileState.POSTED, FileState.DUPLICATE, FileState.QUARANTINED, FileState.HELD}),
    FileState.HELD: frozenset({FileState.POSTED, FileState.DUPLICATE, FileState.QUARANTINED, FileState.HELD}),
    FileState.QUARANTINED: frozenset({FileState.POSTED, FileState.DUPLICATE, FileState.QUARANTINED, FileState.HELD}),
    FileState.POSTED: frozenset(),
    FileState.DUPLICATE: frozenset(),
}
"""A held or quarantined file can be tried again: its payee may be known by then, or its month open."""
