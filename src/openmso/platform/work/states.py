"""An item is open, put off until an instant, or done; done can be undone for a while."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class Working(Status):
    """The states of a work item."""

    OPEN = "open", "Open", Tone.INFO
    SNOOZED = "snoozed", "Snoozed", Tone.NONE
    DONE = "done", "Done", Tone.GOOD


MOVES: Moves[Working] = {
    Working.OPEN: {Working.SNOOZED, Working.DONE},
    Working.SNOOZED: {Working.OPEN, Working.SNOOZED, Working.DONE},
    Working.DONE: {Working.OPEN},
}


class Happened(Status):
    """What the history of an item can tell."""

    OPENED = "opened", "Opened", Tone.INFO
    CHANGED = "changed", "Changed", Tone.NONE
    ASSIGNED = "assigned", "Assigned", Tone.NONE
    SNOOZED = "snoozed", "Snoozed", Tone.NONE
    WOKEN = "woken", "Back in the inbox", Tone.INFO
    COMMENTED = "commented", "Comment", Tone.NONE
    DONE = "done", "Done", Tone.GOOD
    REOPENED = "reopened", "Reopened", Tone.WARN
    WORKED = "worked", "Worked on", Tone.NONE
    ESCALATED = "escalated", "Escalated", Tone.WARN


class Party(Status):
    """Whom an item that is put off waits for."""

    MSO = "mso", "Us"
    PRACTICE = "practice", "The practice"
    PAYER = "payer", "The payer"


class Answer(Status):
    """What whoever did the work says to a review of it."""

    NONE = "", "Not answered", Tone.NONE
    AGREED = "agreed", "Agreed", Tone.GOOD
    CONTESTED = "contested", "Contested", Tone.WARN
    SETTLED = "settled", "Settled", Tone.GOOD
