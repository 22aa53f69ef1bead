"""The life of an underpayment, as a table of moves."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class S(Status):
    """Where a short-paid line stands."""

    OPEN = "open", "Open", Tone.WARN
    DISPUTED = "disputed", "Disputed", Tone.INFO
    RECOVERED = "recovered", "Recovered", Tone.GOOD
    ACCEPTED = "accepted", "Accepted as paid"


MOVES: Moves[S] = {
    S.OPEN: {S.DISPUTED, S.RECOVERED, S.ACCEPTED},
    S.DISPUTED: {S.RECOVERED, S.ACCEPTED, S.OPEN},
    S.RECOVERED: {S.OPEN},
    S.ACCEPTED: {S.RECOVERED},
}
"""What was recovered may be taken back by the payer: it is open again. A payer may pay what was accepted, too."""


class Cause(Status):
    """Why less was allowed than expected."""

    RATE = "rate", "Contract rate"
    MULTIPLE = "multiple", "Multiple procedures"
    BUNDLED = "bundled", "Bundled or recoded"
    SEQUESTRATION = "sequestration", "Sequestration"
    PLACE = "place", "Place of service"
    UNKNOWN = "unknown", "Not known"


class Proposed(Status):
    """Where a proposal of a rule stands."""

    WAITS = "waits", "Waits for a person", Tone.INFO
    TAKEN = "taken", "Taken", Tone.GOOD
    DECLINED = "declined", "Declined"
    LAPSED = "lapsed", "Lapsed"
