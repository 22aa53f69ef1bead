"""The life of a month's settlement."""

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
    S.PAID: frozenset({S.WITHDRAWN}),
    S.WITHDRAWN: frozenset(),
}
"""A settlement that turns out wrong is withdrawn (the fee's entries reversed) and the month settled anew; what was
paid under it stays in the books and counts towards the new invoice."""
