"""What an agreement says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from openmso.agreements.contracts.promises import Promise
from openmso.agreements.contracts.states import DoneBy, Mode, Shown
from openmso.agreements.fees.terms import FeeTerms
from openmso.agreements.fees.waterfall import Priority
from openmso.agreements.tasks.contracts import Task
from openmso.kit.classes import DataClass
from openmso.kit.periods import DayRange


@dataclass(frozen=True, slots=True)
class Line:
    """A service line in scope, on some days: who does it, what the practice approves, what is promised.

    `also_opens` names data classes beyond the line's template (`protected` is open only where it is named).
    """

    code: str
    days: DayRange
    done_by: DoneBy = DoneBy.MSO
    approval: str = ""
    promises: tuple[Promise, ...] = ()
    also_opens: frozenset[DataClass] = frozenset()


@dataclass(frozen=True, slots=True)
class Hours:
    """Business hours of the agreement, in the practice's zone; Monday to Friday, US federal holidays off."""

    opens: time = time(8)
    closes: time = time(18)

    @property
    def a_day(self) -> Decimal:
        """How many business hours a business day has."""
        spent = datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)
        return Decimal(spent.total_seconds()) / 3600

    def whole_days(self, clock: Decimal) -> bool:
        """Whether so many business hours come to whole business days."""
        return bool(clock) and clock % self.a_day == 0

    def words(self, clock: Decimal, *, in_days: bool | None = None) -> str:
        """So many business hours as people say them: `2 business days`, `4 business hours`; in days where they may."""
        if self.whole_days(clock) if in_days is None else in_days:
            days = clock / self.a_day
            return f"{days.normalize():f} business day{'' if days == 1 else 's'}"
        return f"{clock.normalize():f} business hour{'' if clock == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Party:
    """A party as it signs: its legal entity, and name and EIN as they stood then."""

    tenant: int
    entity: int
    legal_name: str
    ein: str


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many seats of each class of a joint board make a quorum."""

    practice: int
    mso: int

    @property
    def sentence(self) -> str:
        """In words."""
        return f"A joint board decides with {self.practice} of the practice's seats and {self.mso} of the MSO's"


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement says: the content of a draft, and of every executed version.

    `days` is the term (the end is the first day on which it no longer holds; open when it has none). `payments` is the
    priority in which what comes in is paid out, where the MSO pays for the practice. `tasks` are the scope matrix of
    its lines; versions from before there was one have none. `shows` are figures of the MSO's own finances that the
    practice sees: none that is not named. `quorum` is that of joint boards, where it is agreed.
    """

    mode: Mode
    mso: Party
    practice: Party
    days: DayRange
    lines: tuple[Line, ...]
    fee: FeeTerms | None
    reserved: tuple[str, ...] = ()
    hours: Hours = field(default_factory=Hours)
    renewal_months: int = 12
    notice_days: int = 90
    payments: Priority | None = None
    tasks: tuple[Task, ...] = ()
    shows: tuple[Shown, ...] = ()
    quorum: Quorum | None = None

    def line(self, code: str) -> Line | None:
        """The line of a code, when it is in scope at all."""
        return next((line for line in self.lines if line.code == code), None)
