"""The life of a run, of a payment, of a bank file and of a standing instruction."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class R(Status):
    """Where a month's run of the priority of payments stands."""

    PROPOSED = "proposed", "Waits for the practice", Tone.WARN
    APPROVED = "approved", "Approved, to be posted", Tone.INFO
    POSTED = "posted", "Posted in both books", Tone.GOOD
    WITHDRAWN = "withdrawn", "Withdrawn", Tone.NONE
    REVERSED = "reversed", "Reversed", Tone.NONE


RUN_MOVES: Moves[R] = {
    R.PROPOSED: frozenset({R.APPROVED, R.WITHDRAWN}),
    R.APPROVED: frozenset({R.POSTED, R.WITHDRAWN}),
    R.POSTED: frozenset({R.REVERSED}),
    R.WITHDRAWN: frozenset(),
    R.REVERSED: frozenset(),
}
"""A run stands for its month until it is withdrawn or reversed; then the month can be run anew."""
STANDING = frozenset({R.PROPOSED, R.APPROVED, R.POSTED})


class P(Status):
    """Where a payment of a run stands."""

    DUE = "due", "To be paid", Tone.WARN
    FILED = "filed", "In a bank file", Tone.INFO
    SENT = "sent", "Told to the bank", Tone.GOOD
    RETURNED = "returned", "Sent back by the bank", Tone.BAD
    STOPPED = "stopped", "Stopped", Tone.NONE


PAYMENT_MOVES: Moves[P] = {
    P.DUE: frozenset({P.FILED, P.STOPPED}),
    P.FILED: frozenset({P.SENT, P.DUE, P.RETURNED, P.STOPPED}),
    P.SENT: frozenset({P.RETURNED}),
    P.RETURNED: frozenset({P.FILED, P.STOPPED}),
    P.STOPPED: frozenset(),
}
"""What a cancelled file held is to be paid again; what the bank sent back goes into another file."""
TO_PAY = frozenset({P.DUE, P.RETURNED})
NOT_SENT = frozenset({P.DUE, P.FILED, P.RETURNED})


class F(Status):
    """Where a bank file stands."""

    PREPARED = "prepared", "Waits for approval", Tone.WARN
    APPROVED = "approved", "Approved, not taken yet", Tone.INFO
    SENT = "sent", "Taken to the bank", Tone.GOOD
    CANCELLED = "cancelled", "Cancelled", Tone.NONE


FILE_MOVES: Moves[F] = {
    F.PREPARED: frozenset({F.APPROVED, F.CANCELLED}),
    F.APPROVED: frozenset({F.SENT, F.CANCELLED}),
    F.SENT: frozenset(),
    F.CANCELLED: frozenset(),
}


class Held(Status):
    """Whether a standing instruction holds."""

    GIVEN = "given", "Holds", Tone.GOOD
    REVOKED = "revoked", "Revoked", Tone.NONE


INSTRUCTION_MOVES: Moves[Held] = {Held.GIVEN: frozenset({Held.REVOKED}), Held.REVOKED: frozenset()}
"""Revoked at any time, at once, for good; the practice may give another."""


class Formula(Status):
    """How much a standing instruction moves."""

    ALL = "all", "Everything that came in"
    ABOVE = "above", "What is above an amount that stays"
    FIXED = "fixed", "A fixed amount"


class Pays(Status):
    """What a payment of a run is."""

    SWEEP = "sweep", "Out of the government account"
    COLLECT = "collect", "Out of the deposit account"
    RELEASE = "release", "Out of the reserve"
    ADVANCE = "advance", "Advance of the MSO"
    FEE = "fee", "Management fee"
    INTEREST = "interest", "Interest of the loan"
    PRINCIPAL = "principal", "Principal of the loan"
    RESERVE = "reserve", "Into the reserve"


SWEEPS = frozenset({Pays.SWEEP, Pays.COLLECT})
"""What standing instructions move, between two accounts of the practice."""


class Moved(Status):
    """What moved a deficit loan."""

    ADVANCE = "advance", "Advanced"
    FEE = "fee", "Unpaid fee lent"
    INTEREST = "interest", "Interest"
    REPAYMENT = "repayment", "Paid back"
    CREDIT = "credit", "Credited"


LESS = (Moved.REPAYMENT, Moved.CREDIT)
"""What lowers a loan."""


class Part(Status):
    """What a deficit loan is made of. Repayments meet interest first, then fees, then advances."""

    INTEREST = "interest", "Interest"
    FEE = "fee", "Fees lent"
    ADVANCE = "advance", "Advances"


class Changed(Status):
    """Whether a payee's account is the one that was paid last."""

    SAME = "same", "As paid last time", Tone.GOOD
    FIRST = "first", "Paid for the first time", Tone.INFO
    OTHER = "other", "Another account than last time", Tone.BAD


class Noted(Status):
    """Where a bank's notification of change stands."""

    TOLD = "told", "Waits for a second person", Tone.WARN
    TAKEN = "taken", "Taken over", Tone.GOOD
    DECLINED = "declined", "Not taken over", Tone.NONE


NOTED_MOVES: Moves[Noted] = {
    Noted.TOLD: frozenset({Noted.TAKEN, Noted.DECLINED}),
    Noted.TAKEN: frozenset(),
    Noted.DECLINED: frozenset(),
}


class Back(Status):
    """What has to be so before a payment that came back goes into another file."""

    AGAIN = "again", "It goes into the next file"
    ACCOUNT = "account", "Other account data first"
    AUTHORIZATION = "authorization", "A new authorization of the payee first"
