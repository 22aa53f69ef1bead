"""The life of a denial, of a write-off and of an appeal, as tables of moves."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class S(Status):
    """Where a denial stands."""

    NEW = "new", "To work", Tone.BAD
    ASKED = "asked", "Payer asked", Tone.INFO
    RESENT = "resent", "Corrected", Tone.INFO
    APPEALED = "appealed", "Appealed", Tone.INFO
    APPROVAL = "approval", "Write-off to approve", Tone.WARN
    RECOVERED = "recovered", "Recovered", Tone.GOOD
    PATIENT = "patient", "With the patient", Tone.NONE
    WRITTEN_OFF = "writtenoff", "Written off", Tone.WARN
    AGAIN = "again", "Denied again", Tone.NONE
    TAKEN_BACK = "takenback", "Taken back by the payer", Tone.NONE


WORKED = frozenset({S.NEW, S.ASKED, S.RESENT, S.APPEALED})
"""Somebody may do something about it."""
OPEN = WORKED | {S.APPROVAL}
FINAL = frozenset({S.RECOVERED, S.PATIENT, S.WRITTEN_OFF})
"""It is known what became of the money; a decision that was followed by another says nothing of that."""
PAYERS = frozenset({S.RECOVERED, S.AGAIN, S.TAKEN_BACK, S.PATIENT})
"""Ends that a later decision of the payer brings about."""

MOVES: Moves[S] = {
    S.NEW: {S.ASKED, S.RESENT, S.APPEALED, S.APPROVAL, S.WRITTEN_OFF, *PAYERS},
    S.ASKED: {S.NEW, S.ASKED, S.RESENT, S.APPEALED, S.APPROVAL, S.WRITTEN_OFF, *PAYERS},
    S.RESENT: {S.NEW, S.ASKED, S.RESENT, S.APPEALED, S.APPROVAL, S.WRITTEN_OFF, *PAYERS},
    S.APPEALED: {S.NEW, S.ASKED, S.RESENT, S.APPEALED, S.APPROVAL, S.WRITTEN_OFF, *PAYERS},
    S.APPROVAL: {S.NEW, S.WRITTEN_OFF, *PAYERS},
    S.RECOVERED: {S.NEW},
    S.PATIENT: {S.NEW, S.RECOVERED},
    S.WRITTEN_OFF: {S.RECOVERED},
    S.AGAIN: set(),
    S.TAKEN_BACK: {S.NEW, S.RECOVERED, S.PATIENT, S.WRITTEN_OFF},
}
"""A payer may take back what it paid, and pay what was given up; whoever waited for an answer may be told no."""


class Asked(Status):
    """Where a write-off stands."""

    WAITING = "waiting", "Waits for approval", Tone.WARN
    APPROVED = "approved", "Written off", Tone.NONE
    REFUSED = "refused", "Not approved", Tone.BAD


ASKED_MOVES: Moves[Asked] = {
    Asked.WAITING: {Asked.APPROVED, Asked.REFUSED}, Asked.APPROVED: set(), Asked.REFUSED: set()
}  # fmt: skip


class A(Status):
    """Where an appeal stands."""

    DRAFT = "draft", "Draft", Tone.INFO
    SENT = "sent", "Sent", Tone.INFO
    WON = "won", "Won", Tone.GOOD
    PARTLY = "partly", "Partly won", Tone.WARN
    LOST = "lost", "Lost", Tone.BAD
    DROPPED = "dropped", "Dropped", Tone.NONE


ANSWERED = frozenset({A.WON, A.PARTLY, A.LOST})
APPEAL_MOVES: Moves[A] = {
    A.DRAFT: {A.SENT, A.DROPPED}, A.SENT: ANSWERED, A.WON: set(), A.PARTLY: set(), A.LOST: set(), A.DROPPED: set()
}  # fmt: skip
