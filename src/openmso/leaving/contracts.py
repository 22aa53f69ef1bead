"""What leaves leaving: exits with plan, assets, items, statement and certificate; permissions and sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from openmso.kit.classes import DataClass
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.leaving.states import Area as Area
from openmso.leaving.states import Doing as Doing
from openmso.leaving.states import Elects as Elects
from openmso.leaving.states import Fate as Fate
from openmso.leaving.states import Owes as Owes
from openmso.leaving.states import Price as Price
from openmso.leaving.states import Side as Side
from openmso.leaving.states import Sort as Sort
from openmso.leaving.states import Stage as Stage
from openmso.leaving.states import Who as Who
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import Purpose
from openmso.platform.work.contracts import FIRST_DUE
from openmso.platform.work.contracts import Kind as WorkKind

_BUSINESS = frozenset({DataClass.BUSINESS})
READ = Permission("leaving.read", "see exits, their plans and closing statements", classes=_BUSINESS)
LEAVE = Permission("leaving.leave", "end the relationship with the MSO and do the practice's tasks", classes=_BUSINESS)
WORK = Permission("leaving.work", "do the MSO's tasks of an exit", classes=_BUSINESS)
STATE = Permission("leaving.state", "keep the assets of an exit and issue its closing statement", classes=_BUSINESS)
CERTIFY = Permission("leaving.certify", "certify that patients' data were returned or destroyed", classes=_BUSINESS)
PERMISSIONS: Iterable[Permission] = (READ, LEAVE, WORK, STATE, CERTIFY)

EXIT, OURS, THEIRS, ELECTION = "leaving.exit", "leaving.task", "leaving.task_of_practice", "leaving.election"
APPRAISE_OURS, APPRAISE_THEIRS = "leaving.appraisal", "leaving.appraisal_of_practice"
KINDS = (
    WorkKind(OURS, "Task of an exit", WORK.code, url="leaving:exit", ranked=FIRST_DUE),
    WorkKind(THEIRS, "Task of leaving", LEAVE.code, url="leaving:exit", ranked=FIRST_DUE),
    WorkKind(APPRAISE_OURS, "Appraisal to answer", STATE.code, url="leaving:exit", ranked=FIRST_DUE),
    WorkKind(APPRAISE_THEIRS, "Appraisal to answer by the practice", LEAVE.code, url="leaving:exit", ranked=FIRST_DUE),
    WorkKind(ELECTION, "Election to buy assets", LEAVE.code, url="leaving:exit", ranked=FIRST_DUE, decides=True),
)
STATEMENT = Purpose("leaving.statement", "Closing statement", permission=READ.code)
CERTIFICATE = Purpose("leaving.certificate", "Certificate of patients' data", permission=READ.code)
PURPOSES: Iterable[Purpose] = (STATEMENT, CERTIFICATE)
SENTENCES = {
    "leaving.noticed": "{actor} gave notice: {subject}, the agreement ends on {ends_on}",
    "leaving.withdrawn": "{actor} withdrew the notice {subject}",
    "leaving.task_moved": "{actor} moved a task of {subject} to {to}: {words}",
    "leaving.asset_listed": "{actor} listed an asset of {subject}: {name}, book {book}",
    "leaving.appraised": "{actor} filed an appraisal for {subject}: {name}, {amount} by {appraiser}",
    "leaving.elected": "{actor} recorded of {subject}: {election}",
    "leaving.item_told": "{actor} told an item of {subject}: {words}, {amount}",
    "leaving.stated": "{actor} issued the closing statement of {subject}: {net}",
    "leaving.closed": "{actor} closed {subject}",
    "leaving.certified": "{actor} certified patients' data of {subject}: {fate}, manifest {sha256}",
}


class NotLeft(Refused):
    """An exit cannot go on so; the sentence says why."""

    code = "not_left"


@dataclass(frozen=True, slots=True)
class Planned:
    """A task as the plan has it: within so many days of the notice."""

    area: Area
    who: Who
    words: str
    days: int


@dataclass(frozen=True, slots=True)
class Task:
    """A task of the transition, and where it stands."""

    number: int
    area: Area
    who: Who
    words: str
    due_on: date
    doing: Doing
    note: str = ""
    moved_by: str = ""
    moved_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be done."""
        return self.doing in {Doing.DONE, Doing.NEEDLESS}


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What an appraiser named by a side found as of a day, and the day on which it was filed."""

    side: Side
    appraiser: str
    amount: Money
    on: date
    filed_on: date


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset that the MSO provided and the practice may buy, with its price by the agreed rule.

    `price` is nothing while it is not known; `how` says how it was found, or what is missing.
    """

    number: int
    name: str
    sort: Sort
    rule: Price
    book: Money
    appraisals: tuple[Appraisal, ...]
    price: Money | None
    how: str


@dataclass(frozen=True, slots=True)
class Item:
    """What one side owes the other beside all that the house knows: a deposit, a credit, something else."""

    number: int
    words: str
    owes: Owes
    amount: Money
    shows: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a closing statement: above zero the practice owes it to the MSO. `url` opens what is behind it.

    What `counts` is in the net; disputes that are held and what is not known stand beside it.
    """

    section: str
    words: str
    how: str
    amount: Money
    counts: bool
    source: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Closing:
    """What is settled as of a day: the lines, what is missing, and the net."""

    on: date
    lines: tuple[Line, ...]
    missing: tuple[str, ...] = ()

    @property
    def net(self) -> Money:
        """What the practice owes; below zero the MSO owes it."""
        return Money.total(one.amount for one in self.lines if one.counts)

    @property
    def whom(self) -> str:
        """Who pays whom, in words."""
        if not self.net:
            return "Nobody owes anything"
        return "The practice pays the MSO" if self.net.amount > 0 else "The MSO pays the practice"


@dataclass(frozen=True, slots=True)
class Stated:
    """A closing statement that was issued."""

    public_id: str
    closing: Closing
    document: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the compliance officer certified of patients' data (45 CFR 164.504(e)(2)(ii)(J))."""

    public_id: str
    fate: Fate
    sha256: str
    words: str
    document: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the life of an exit."""

    to: Stage
    at: datetime
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Exit:
    """An exit with all that was added to it."""

    key: int
    public_id: str
    practice: int
    practice_code: str
    practice_name: str
    agreement: str
    noticed_on: date
    ends_on: date
    rule: Price
    plan_days: int
    why: str
    steps: tuple[Step, ...]
    tasks: tuple[Task, ...]
    assets: tuple[Asset, ...]
    items: tuple[Item, ...]
    elects: Elects | None
    elect_by: date
    statements: tuple[Stated, ...]
    certificate: Certificate | None

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return self.steps[-1].to

    @property
    def open_tasks(self) -> int:
        """How many tasks are not over."""
        return sum(not one.is_over for one in self.tasks)


@dataclass(frozen=True, slots=True)
class ExitRow:
    """An exit as the list shows it."""

    public_id: str
    practice: int
    practice_name: str
    stage: Stage
    noticed_on: date
    ends_on: date
    days_left: int
    tasks: int
    open_tasks: int
    late_tasks: int
    net: Money | None
    certified: bool
