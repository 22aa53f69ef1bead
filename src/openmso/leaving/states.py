"""The words of leaving: where an exit and its tasks stand, what an asset is, how its price is found."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class Stage(Status):
    """Where an exit stands."""

    NOTICE = "notice", "Notice given", Tone.INFO
    STATED = "stated", "Closing statement issued", Tone.WARN
    CLOSED = "closed", "Closed", Tone.GOOD
    WITHDRAWN = "withdrawn", "Withdrawn", Tone.NONE


STAGES: Moves[Stage] = {
    Stage.NOTICE: {Stage.STATED, Stage.WITHDRAWN},
    Stage.STATED: {Stage.CLOSED, Stage.STATED},
    Stage.CLOSED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}
"""A closing statement is issued anew where something changed; the last one holds. Only a notice is withdrawn."""


class Area(Status):
    """What a task of the transition is about."""

    AGREEMENT = "agreement", "Agreement"
    PAYERS = "payers", "Payers, EFT and ERA"
    RECORDS = "records", "Records and data"
    STAFF = "staff", "Staff"
    LEASES = "leases", "Leases"
    MARKS = "marks", "Names and marks"
    SYSTEMS = "systems", "Systems"
    MONEY = "money", "Money"


class Who(Status):
    """Whose task it is."""

    MSO = "mso", "The MSO"
    PRACTICE = "practice", "The practice"


class Doing(Status):
    """Where a task stands."""

    OPEN = "open", "Open", Tone.INFO
    BEGUN = "begun", "Under way", Tone.WARN
    DONE = "done", "Done", Tone.GOOD
    NEEDLESS = "needless", "Not needed", Tone.NONE


DOING: Moves[Doing] = {
    Doing.OPEN: {Doing.BEGUN, Doing.DONE, Doing.NEEDLESS},
    Doing.BEGUN: {Doing.DONE, Doing.NEEDLESS},
    Doing.DONE: frozenset(),
    Doing.NEEDLESS: frozenset(),
}


class Sort(Status):
    """What an asset is."""

    EQUIPMENT = "equipment", "Equipment"
    LEASEHOLD = "leasehold", "Leasehold"
    INTANGIBLE = "intangible", "Intangible"
    OTHER = "other", "Other"


class Price(Status):
    """The agreed rule of an asset's price."""

    GREATER = "greater", "the greater of book and fair market value"
    BOOK = "book", "book value"


class Side(Status):
    """Who names an appraiser."""

    PRACTICE = "practice", "The practice"
    MSO = "mso", "The MSO"
    THIRD = "third", "Both appraisers"


class Elects(Status):
    """Whether the practice buys what the MSO provided."""

    BUYS = "buys", "Buys the assets", Tone.GOOD
    DECLINES = "declines", "Does not buy", Tone.NONE


class Owes(Status):
    """Who owes an item of the closing to the other."""

    PRACTICE = "practice", "The practice owes it"
    MSO = "mso", "The MSO owes it"


class Fate(Status):
    """What became of patients' data that the MSO had."""

    RETURNED = "returned", "Returned, no copy kept"
    DESTROYED = "destroyed", "Returned and what was left destroyed"
    KEPT = "kept", "Returned; part of it cannot be destroyed yet"
