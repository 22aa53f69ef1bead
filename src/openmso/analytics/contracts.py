"""What leaves analytics: figures with their parts, boards, rows behind a figure; and permissions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from openmso.claims.contracts import ClaimRow
from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.access.contracts import Permission
from openmso.platform.ui.contracts import Status, Tone

LINE = "revenue_cycle"
READ = Permission(
    "analytics.read", "see the key figures of the revenue cycle", line=LINE, classes=frozenset({DataClass.BUSINESS})
)
COSTS = Permission("analytics.costs", "enter what an hour of work costs")
PERMISSIONS: Iterable[Permission] = (READ, COSTS)
SENTENCES = {"analytics.cost_entered": "{actor} entered what an hour of {function} costs: {hourly} from {starts_on}"}


class Function(Status):
    """Whose work is measured when denied and corrected claims are worked anew."""

    DENIALS = "denials", "Answering denials"
    CLAIMS = "claims", "Correcting claims"


class Unit(StrEnum):
    """How a figure is written."""

    PERCENT = "percent"
    DAYS = "days"
    DOLLARS = "dollars"


class Group(StrEnum):
    """What a figure is about; boards stand in this order."""

    FRONT = "Before and at the visit"
    CLAIMS = "Claims going out"
    DENIALS = "Denials"
    RECEIVABLES = "Receivables"
    COLLECTION = "Collection"
    COST = "Cost"


class Kind(StrEnum):
    """How a figure is computed."""

    RATIO = "ratio"
    """A sum of measures over another, in a window of months."""
    MEDIAN = "median"
    """The median of days, exact, from how many claims took how long."""
    AGED = "aged"
    """Receivables older than some days over all receivables, on a day."""
    DAYS = "days"
    """Amounts of an age (`rules.measures.Aged`) on a day over what is earned a day, in the months before."""


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure.

    `top` and `bottom` name measures (`rules.measures`, `rules.occurrences`), `less` those taken from the bottom;
    `good` and `bad` are where a figure begins to be good or bad, none where nobody publishes a number; `months` is the
    window that ends with the month asked for; `trap` says what the figure is often taken for and is not.
    """

    code: str
    title: str
    group: Group
    kind: Kind
    unit: Unit
    words: str
    formula: str
    top: tuple[str, ...] = ()
    bottom: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    months: int = 1
    older_than: int = 0
    higher_is_better: bool = True
    good: Decimal | None = None
    bad: Decimal | None = None
    benchmark: str = "No published number."
    source: str = ""
    trap: str = ""
    top_words: str = ""
    bottom_words: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A figure; none where it cannot be told, because nothing happened. `without_credits` is said of days."""

    figure: Decimal | None
    top: Decimal
    bottom: Decimal
    tone: Tone = Tone.NONE
    without_credits: Decimal | None = None
    earned: Decimal | None = None
    """What the months of a figure in days earned: over `days` it is the bottom."""
    days: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count came to."""

    practice: int
    claims: int
    cells: int
    on: date


FEWEST = 5
"""With fewer practices than these nothing is compared: one could be guessed."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure of a month over the practices that have theirs compared; without figures `why_not` says why."""

    practices: int = 0
    low: Decimal | None = None
    median: Decimal | None = None
    high: Decimal | None = None
    why_not: str = ""


NOBODY = "none"
"""Asks for what names no payer, or no clinician."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures: of a month, of the practices, payer, clinician or specialty named; empty is all in scope.

    What stands behind a figure may be asked of the month `alone`, though the figure looks at more, and of the claims
    of the services of one month (`served`).
    """

    month: Month
    practice: str = ""
    """Short code."""
    payer: str = ""
    """Public id, or `NOBODY`; so for a clinician."""
    clinician: str = ""
    specialty: str = ""
    alone: bool = False
    served: Month | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a month, and of each month before it, oldest first."""

    kpi: Kpi
    value: Value
    before: Value
    """Of the month before."""
    trend: Sequence[tuple[Month, Value]] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A figure of one practice, payer, clinician or specialty."""

    key: str
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class AgeRow:
    """Receivables of an age: from so many days on, as of a day."""

    bucket: int
    claims: int
    open: Money
    patient: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class Ageing:
    """All receivables of a day by age."""

    on: date | None
    rows: Sequence[AgeRow]
    open: Money
    patient: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class CohortRow:
    """The services of a month: charged, allowed, and the part of that which was paid by each age; none if not yet.

    `paid` has a part for each of the first ages (within 30, 60, 90, 120, 180 days) and, last, what was paid so far.
    """

    month: Month
    charged: Money
    allowed: Money
    paid_so_far: Money
    paid: Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class OccurrenceRow:
    """One thing that a figure counts and that is no claim of a month: a visit, an answer, a payment, a fee."""

    source: str
    practice: int
    practice_name: str
    payer: str
    clinician: str
    on: date
    count: int
    is_hit: bool
    amount: Money


@dataclass(frozen=True, slots=True)
class ClaimBehind:
    """A claim that a part of a figure counts: the dollars that it counts for, and the days of a median."""

    claim: ClaimRow
    amount: Money
    days: int | None = None


@dataclass(frozen=True, slots=True)
class AgedRow:
    """A claim of receivables: the days of age from which it counts, and what is owed of it."""

    claim: ClaimRow
    bucket: int
    open: Money
    patient: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class ServedRow:
    """A claim of the services of a month: its charge, what of it is allowed, what was paid."""

    claim: ClaimRow
    served: Money
    net: Money
    paid: Money


@dataclass(frozen=True, slots=True)
class CashWeek:
    """The cash that a week ahead should bring: of claims that are open today, and of those that will be sent."""

    number: int
    starts_on: date
    ends_on: date
    waiting: Money
    coming: Money
    running: Money
    """All weeks so far together."""

    @property
    def total(self) -> Money:
        """Both."""
        return self.waiting + self.coming


@dataclass(frozen=True, slots=True)
class Forecast:
    """Thirteen weeks of cash from insurers, as of the day of the count; nothing of a practice that was never counted.

    `foretold` is what the same reckoning would have said four weeks before that day of the weeks since, and `came` what
    came; none where it cannot be told: of young practices, or of one payer.
    """

    on: date | None
    weeks: Sequence[CashWeek]
    foretold: Money | None = None
    came: Money | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How fresh the figures are: the oldest count in scope, and how many practices were not counted since."""

    counted_at: datetime | None
    stale: int
    uncounted: int


@dataclass(frozen=True, slots=True)
class HourCost:
    """What an hour of a function's work costs from a day on, and how many minutes each touch of an item takes."""

    function: Function
    number: int
    starts_on: date
    hourly: Money
    minutes: Decimal
    source: str
    why: str
    at: datetime
    by: str
    holds: bool = False

    @property
    def touch(self) -> Money:
        """What one touch costs."""
        return Money.of((self.hourly.amount * self.minutes / 60).quantize(Decimal("0.01"), ROUND_HALF_UP))
