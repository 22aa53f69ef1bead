"""The life of a month's settlement, of disputes, of what is said of a missed promise, of an allocation of cost."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class S(Status):
    """Where a settlement stands, as the MSO and the practice see it."""

    ISSUED = "issued", "Waits for approval", Tone.WARN
    APPROVED = "approved", "Approved", Tone.INFO
    PAID = "paid", "Paid", Tone.GOOD
    WITHDRAWN = "withdrawn", "Withdrawn", Tone.NONE


MOVES: Moves[S] = {
    S.ISSUED: frozenset({S.APPROVED, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.PAID, S.WITHDRAWN}),
    S.PAID: frozenset({S.APPROVED, S.WITHDRAWN}),
    S.WITHDRAWN: frozenset(),
}
"""A settlement that turns out wrong is withdrawn (the fee's entries reversed) and the month settled anew; what was
paid under it stays in the books and counts towards the new invoice. What was paid is approved and open again where
the run of payments that paid it is reversed."""


class D(Status):
    """Where a dispute of an invoice stands: who has the word."""

    OPEN = "open", "Waits for the MSO", Tone.WARN
    BOARD = "board", "With the joint board", Tone.WARN
    MEDIATION = "mediation", "In mediation", Tone.WARN
    ARBITRATION = "arbitration", "In arbitration", Tone.WARN
    ANSWERED = "answered", "Waits for the practice", Tone.INFO
    SETTLED = "settled", "Settled", Tone.GOOD
    LAPSED = "lapsed", "Lapsed", Tone.NONE
    TAKEN_BACK = "taken_back", "Taken back", Tone.NONE
    FALLEN = "fallen", "Fell with its invoice", Tone.NONE


_ENDS = frozenset({D.SETTLED, D.TAKEN_BACK, D.FALLEN})
DISPUTE_MOVES: Moves[D] = {
    D.OPEN: _ENDS | {D.ANSWERED, D.BOARD, D.MEDIATION, D.ARBITRATION},
    D.ANSWERED: _ENDS | {D.BOARD, D.MEDIATION, D.ARBITRATION, D.LAPSED},
    D.BOARD: _ENDS | {D.ANSWERED, D.MEDIATION, D.ARBITRATION},
    D.MEDIATION: _ENDS | {D.ANSWERED, D.ARBITRATION},
    D.ARBITRATION: _ENDS | {D.ANSWERED},
    D.SETTLED: frozenset(),
    D.LAPSED: frozenset(),
    D.TAKEN_BACK: frozenset(),
    D.FALLEN: frozenset(),
}
"""What is answered goes back to the practice, which accepts it or takes it to a later stage; where it does neither in
its days, the answer stands. A stage whose days ran out without an outcome is passed over. After an award the practice
says that it was so, or in its days that it was not. What is credited whole leaves nothing to decide. A dispute falls
where its invoice is withdrawn."""
HEARD = (D.OPEN, D.BOARD, D.MEDIATION, D.ARBITRATION)
"""The stages in their order, each of which ends by an outcome."""
HELD = frozenset({*HEARD, D.ANSWERED})
"""While a dispute stands so, what it has not had credited is not due."""
RELEASED = frozenset({D.SETTLED, D.LAPSED, D.TAKEN_BACK})
"""Where a dispute stands so, what it has not had credited became due."""


class Whose(Status):
    """Whose cause it was that an item missed its promise."""

    MSO = "mso", "The MSO", Tone.BAD
    PRACTICE = "practice", "The practice", Tone.INFO
    PAYER = "payer", "A payer", Tone.INFO
    OUTSIDE = "outside", "An outside event", Tone.INFO


class SaidOf(Status):
    """A word about a cause: the MSO says whose it was, the practice contests that or agrees."""

    SAID = "said", "Said by the MSO", Tone.INFO
    CONTESTED = "contested", "Contested by the practice", Tone.WARN
    AGREED = "agreed", "Agreed by the practice", Tone.GOOD


class Allocating(Status):
    """Where the allocation of a month's shared cost stands; one that turns out wrong is withdrawn and run anew."""

    FROZEN = "frozen", "Frozen", Tone.GOOD
    WITHDRAWN = "withdrawn", "Withdrawn", Tone.NONE


class F(Status):
    """Where a figure that somebody entered stands."""

    WAITS = "waits", "Waits for a second person", Tone.WARN
    CONFIRMED = "confirmed", "Confirmed", Tone.GOOD
    CORRECTED = "corrected", "Corrected since", Tone.NONE
