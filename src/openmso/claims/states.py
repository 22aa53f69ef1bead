"""The life of a claim, and of a rule of the scrubber, as tables of moves."""

from __future__ import annotations

from collections.abc import Mapping

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class S(Status):
    """Where a claim stands."""

    DRAFT = "draft", "Draft", Tone.INFO
    HELD = "held", "On hold", Tone.WARN
    READY = "ready", "Ready to send", Tone.INFO
    QUEUED = "queued", "In the next batch", Tone.INFO
    SENT = "sent", "Sent", Tone.INFO
    ACCEPTED = "accepted", "Accepted by the payer", Tone.GOOD
    REJECTED = "rejected", "Rejected", Tone.BAD
    PAID = "paid", "Paid", Tone.GOOD
    PARTIAL = "partial", "Partly paid", Tone.WARN
    DENIED = "denied", "Denied", Tone.BAD
    CLOSED = "closed", "Closed"
    REPLACED = "replaced", "Replaced"
    VOIDED = "voided", "Voided"


_DECIDED = frozenset({S.PAID, S.PARTIAL, S.DENIED})
_END: frozenset[S] = frozenset({S.CLOSED, S.REPLACED, S.VOIDED})

MOVES: Moves[S] = {
    S.DRAFT: {S.READY, S.HELD, S.VOIDED, S.ACCEPTED, *_DECIDED},
    S.HELD: {S.READY, S.VOIDED, S.ACCEPTED, *_DECIDED},
    S.READY: {S.HELD, S.QUEUED, S.VOIDED, S.ACCEPTED, *_DECIDED},
    S.QUEUED: {S.READY, S.SENT},
    S.SENT: {S.ACCEPTED, S.REJECTED, *_DECIDED, S.REPLACED, S.VOIDED},
    S.ACCEPTED: {S.REJECTED, S.DRAFT, *_DECIDED, *_END},
    S.REJECTED: {S.ACCEPTED, S.READY, S.HELD, *_DECIDED, *_END},
    S.PAID: {S.ACCEPTED, S.PARTIAL, S.DENIED, S.DRAFT, *_END},
    S.PARTIAL: {S.ACCEPTED, S.PAID, S.DENIED, S.DRAFT, *_END},
    S.DENIED: {S.ACCEPTED, S.PAID, S.PARTIAL, S.DRAFT, *_END},
    S.CLOSED: {S.ACCEPTED, *_DECIDED},
    S.REPLACED: {S.ACCEPTED, *_DECIDED},
    S.VOIDED: {S.ACCEPTED, *_DECIDED},
}
"""A payer may decide without acknowledging, and take back what was closed: then an end is reopened.

What one payer decided is in the making again for the next payer; where that is not asked after all, it stands as
decided.
"""

EDITABLE = frozenset({S.DRAFT, S.HELD, S.READY, S.REJECTED})
"""Not with the payer: codes and coverage may be corrected in place."""

WITH_PAYER = frozenset({S.SENT, S.ACCEPTED, *_DECIDED})
"""The payer has it: a change is a corrected claim (frequency 7) or a void (8)."""

DECIDED = _DECIDED

OWNERS: Mapping[S, str] = {
    S.DRAFT: "scrubber",
    S.HELD: "biller",
    S.READY: "biller",
    S.QUEUED: "batch",
    S.SENT: "payer",
    S.ACCEPTED: "payer",
    S.REJECTED: "biller",
    S.PAID: "nobody",
    S.PARTIAL: "biller",
    S.DENIED: "denials",
    S.CLOSED: "nobody",
    S.REPLACED: "nobody",
    S.VOIDED: "nobody",
}
"""Who must act next, for every state."""


class RuleState(Status):
    """Where a rule written on screen stands."""

    DRAFT = "draft", "Draft", Tone.INFO
    LIVE = "live", "Live", Tone.GOOD
    RETIRED = "retired", "Retired"


RULE_MOVES: Moves[RuleState] = {
    RuleState.DRAFT: {RuleState.LIVE, RuleState.RETIRED},
    RuleState.LIVE: {RuleState.RETIRED},
    RuleState.RETIRED: {RuleState.LIVE},
}
"""A retired rule comes back by a new version."""
