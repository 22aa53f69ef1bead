"""The life of a charge line, as a table of moves."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class S(Status):
    """Where a charge stands. Captured = billed + held + voided, always: nothing that was done is lost."""

    CAPTURED = "captured", "Captured", Tone.INFO
    HELD = "held", "On hold", Tone.WARN
    BILLED = "billed", "On a claim", Tone.GOOD
    VOIDED = "voided", "Voided"


MOVES: Moves[S] = {
    S.CAPTURED: {S.HELD, S.BILLED, S.VOIDED},
    S.HELD: {S.CAPTURED, S.VOIDED},
    S.BILLED: {S.CAPTURED},
    S.VOIDED: frozenset(),
}
