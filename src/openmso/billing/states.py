"""The lives of what billing keeps, as tables of moves, and the words of what it chooses from."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class Method(Status):
    """How a patient paid."""

    CASH = "cash", "Cash"
    CHECK = "check", "Check"
    CARD = "card", "Card at the terminal"


class P(Status):
    """Where a patient's payment stands."""

    POSTED = "posted", "Posted", Tone.GOOD
    REVERSED = "reversed", "Taken back", Tone.BAD


PAYMENT_MOVES: Moves[P] = {P.POSTED: {P.REVERSED}, P.REVERSED: set()}


class Why(Status):
    """What settles a patient's part of a line."""

    PAYMENT = "payment", "Payment", Tone.GOOD
