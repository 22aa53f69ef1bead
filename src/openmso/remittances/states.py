"""States of files and remittances, outcomes of claim payments, and the table of moves."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class FileState(Status):
    """Where an 835 file stands."""

    RECEIVED = "received", "Received", Tone.INFO
    POSTED = "posted", "Posted", Tone.GOOD
    DUPLICATE = "duplicate", "Duplicate", Tone.NONE
    QUARANTINED = "quarantined", "Quarantined", Tone.BAD
    HELD = "held", "Held", Tone.WARN


MOVES: Moves[FileState] = {
    FileState.RECEIVED: frozenset(
        {FileState.POSTED, FileState.DUPLICATE, FileState.QUARANTINED, FileState.HELD}
    ),
    FileState.HELD: frozenset({FileState.POSTED, FileState.DUPLICATE, FileState.QUARANTINED, FileState.HELD}),
    FileState.QUARANTINED: frozenset(
        {FileState.POSTED, FileState.DUPLICATE, FileState.QUARANTINED, FileState.HELD}
    ),
    FileState.POSTED: frozenset(),
    FileState.DUPLICATE: frozenset(),
}
"""A held or quarantined file can be tried again: its payee may be known by then, or its month open."""


class RemittanceState(Status):
    """What became of one remittance (one ST of a file)."""

    POSTED = "posted", "Posted", Tone.GOOD
    DUPLICATE = "duplicate", "Duplicate", Tone.NONE


class Outcome(Status):
    """What a payer decided about a claim, read from money and reasons, never from CLP02 alone."""

    PAID = "paid", "Paid", Tone.GOOD
    PARTLY_DENIED = "partly_denied", "Partly denied", Tone.WARN
    DENIED = "denied", "Denied", Tone.BAD
    ZERO = "zero", "Nothing to pay", Tone.NONE
    REVERSED = "reversed", "Taken back", Tone.WARN


class Effect(Status):
    """Where the money of one adjustment goes."""

    CONTRACTUAL = "contractual", "Contract", Tone.NONE
    OTHER = "other", "Other reduction", Tone.NONE
    PATIENT = "patient", "Patient owes", Tone.INFO
    DENIED = "denied", "Left open", Tone.BAD
    PRIOR = "prior", "Prior payer", Tone.NONE
