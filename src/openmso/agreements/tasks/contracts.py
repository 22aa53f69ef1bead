"""What is said of a task: who does, decides, approves and is told of it, on which days, how many, how well."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openmso.kit.money import Money
from openmso.kit.periods import DayRange
from openmso.platform.access.contracts import Permission
from openmso.platform.ui.contracts import Status, Tone

TASKS = Permission("agreements.tasks", "keep the catalogue of tasks")
PERMISSIONS = (TASKS,)
SENTENCES = {
    "agreements.task_written": "{actor} wrote version {number} of the task {subject}",
    "agreements.task_withdrawn": "{actor} withdrew the task {subject} from the catalogue",
}


class Who(Status):
    """Somebody who has a part in a task."""

    MSO = "mso", "MSO"
    PRACTICE = "practice", "Practice"
    BOTH = "both", "Both"
    OUTSIDE = "outside", "Outside party"
    NOBODY = "nobody", "Nobody"


class TaskStanding(Status):
    """A task on a day."""

    NOW = "now", "In scope", Tone.GOOD
    AHEAD = "ahead", "From a later day", Tone.INFO
    OVER = "over", "Over", Tone.NONE


@dataclass(frozen=True, slots=True)
class VolumeBand:
    """Units of a month from the first to the last, both counted; without a price they are within the fee."""

    first: int
    last: int
    price: Money | None = None


@dataclass(frozen=True, slots=True)
class Volume:
    """How many units of a task a month has; each one above the last band costs `above`, or nothing more."""

    bands: tuple[VolumeBand, ...]
    above: Money | None = None


@dataclass(frozen=True, slots=True)
class TaskLevel:
    """The promise of a task's line that it is measured by: in a month of which less than `at_least` percent were in
    time, `credit` of the fee is given back (a fraction)."""

    kind: str
    at_least: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class Task:
    """A task in the scope of an agreement, on some days.

    `reserved` is the code of the decision that it is, where it is one that stays with the practice; `outside` names
    the outside party where one has a part. The words are those of the catalogue when it was drafted.
    """

    code: str
    line: str
    words: str
    days: DayRange
    does: Who
    decides: Who
    approves: Who = Who.NOBODY
    told: Who = Who.NOBODY
    reserved: str = ""
    outside: str = ""
    volume: Volume | None = None
    level: TaskLevel | None = None

    @property
    def parts(self) -> tuple[tuple[str, Who], ...]:
        """Who has which part in it."""
        return (
            ("does", self.does),
            ("decides", self.decides),
            ("approves", self.approves),
            ("is told", self.told),
        )


@dataclass(frozen=True, slots=True)
class CatalogueTask:
    """A task that drafts choose from, with who usually has which part; number 0 comes with OpenMSO."""

    code: str
    line: str
    words: str
    does: Who
    decides: Who
    approves: Who = Who.NOBODY
    told: Who = Who.NOBODY
    reserved: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A line of the list of tasks: what is done for a practice, and who decides."""

    key: str
    practice_name: str
    practice_code: str
    agreement: str
    version: int
    line: str
    code: str
    words: str
    does: Who
    decides: Who
    approves: Who
    told: Who
    starts_on: object
    ends_on: object
    volume: str
    level: str
    reserved: str
    standing: TaskStanding
    outside: str
