"""The words of equity: entities and who holds them, units and how they move, money in and out, where it stands."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class Venture(Status):
    """What the entity is; a joint venture with investors who can refer is tested (42 CFR 1001.952(a)(2))."""

    MSO = "mso", "Physician-owned MSO"
    JV = "jv", "Joint venture"
    OTHER = "other", "Other entity"


class Sort(Status):
    """What a class of units is."""

    COMMON = "common", "Common units"
    PREFERRED = "preferred", "Preferred units"
    PROFITS = "profits", "Profits units"


class By(Status):
    """What distributions follow. Only capital and units may be followed."""

    UNITS = "units", "units held"
    VOLUME = "volume", "the volume of referrals"
    VALUE = "value", "the value of referrals"
    ORDERS = "orders", "what a holder orders or whose patients are treated"


LAWFUL = frozenset({By.UNITS})
"""What a class or a distribution may follow: return in proportion to the capital invested."""


class Being(Status):
    """Who a holder is."""

    PERSON = "person", "Person"
    PRACTICE = "practice", "Practice"
    MSO = "mso", "MSO"
    OUTSIDE = "outside", "Outside investor"


class Act(Status):
    """How units move."""

    ISSUE = "issue", "Issue", Tone.GOOD
    ROLLOVER = "rollover", "Rollover", Tone.GOOD
    TRANSFER = "transfer", "Transfer", Tone.INFO
    REDEMPTION = "redemption", "Redemption", Tone.WARN
    FORFEITURE = "forfeiture", "Forfeiture", Tone.BAD


TO_HOLDER = frozenset({Act.ISSUE, Act.ROLLOVER, Act.TRANSFER})
"""Acts that give units to somebody."""
FROM_HOLDER = frozenset({Act.TRANSFER, Act.REDEMPTION, Act.FORFEITURE})
"""Acts that take units from somebody."""


class Flow(Status):
    """What moves a capital account. Amounts are signed: what adds to the account is above zero."""

    CONTRIBUTION = "contribution", "Contribution"
    PREFERRED = "preferred", "Preferred return"
    CAPITAL = "capital", "Capital returned"
    RESIDUAL = "residual", "Share of the rest"
    ALLOCATION = "allocation", "Profit or loss allocated"
    REDEMPTION = "redemption", "Redemption beyond capital"
    MOVED_CAPITAL = "moved_capital", "Capital moved with units"
    MOVED_REST = "moved_rest", "Account moved with units"


OF_CAPITAL = frozenset({Flow.CONTRIBUTION, Flow.CAPITAL, Flow.MOVED_CAPITAL})
"""What moves the capital that is still to be returned."""
PAID_OUT = frozenset({Flow.PREFERRED, Flow.CAPITAL, Flow.RESIDUAL, Flow.REDEMPTION})
"""What leaves the entity for its holders."""


class Compounding(Status):
    """When preferred return that was not paid begins to bear return itself."""

    NONE = "none", "not compounded"
    MONTHLY = "monthly", "compounded monthly"
    QUARTERLY = "quarterly", "compounded quarterly"
    YEARLY = "yearly", "compounded yearly"

    @property
    def months(self) -> int:
        """How many months lie between two compoundings; 0 where nothing is compounded."""
        return {"monthly": 1, "quarterly": 3, "yearly": 12}.get(self.value, 0)


class DayCount(Status):
    """How days become years."""

    ACTUAL_365 = "actual_365", "actual days over 365"
    ACTUAL_360 = "actual_360", "actual days over 360"
    THIRTY_360 = "thirty_360", "months of 30 days over 360"


class Standing(Status):
    """Where a share of a capital call stands on a day."""

    DUE = "due", "Due", Tone.INFO
    LATE = "late", "Late", Tone.WARN
    PAID = "paid", "Paid", Tone.GOOD
    DEFAULT = "default", "In default", Tone.BAD


class Paying(Status):
    """Where a distribution stands."""

    DECLARED = "declared", "Declared", Tone.INFO
    PAID = "paid", "Paid", Tone.GOOD


class Verdict(Status):
    """What is found of a point of the test of a joint venture."""

    MET = "met", "Met", Tone.GOOD
    UNMET = "unmet", "Not met", Tone.BAD
    UNKNOWN = "unknown", "Not known", Tone.WARN


class Tie(Status):
    """On what lending depends. Only `NOTHING` is lawful."""

    NOTHING = "nothing", "nothing but repayment"
    VOLUME = "volume", "the volume of referrals"
    VALUE = "value", "the value of referrals"
    ORDERS = "orders", "what the practice orders or where it sends patients"


class Lending(Status):
    """Where a facility stands."""

    REQUESTED = "requested", "Requested", Tone.INFO
    SECONDED = "seconded", "Approved by one", Tone.INFO
    OPEN = "open", "Open", Tone.GOOD
    DECLINED = "declined", "Declined", Tone.NONE
    CLOSED = "closed", "Closed", Tone.NONE


LENDING: Moves[Lending] = {
    Lending.REQUESTED: {Lending.SECONDED, Lending.DECLINED},
    Lending.SECONDED: {Lending.OPEN, Lending.DECLINED},
    Lending.OPEN: {Lending.CLOSED},
    Lending.DECLINED: frozenset(),
    Lending.CLOSED: frozenset(),
}
"""Two people approve: the first seconds, the second opens."""


class Measure(Status):
    """What a covenant looks at; all but the last come from the practice's book."""

    CASH = "cash", "operating cash at the end of the period"
    INCOME = "income", "income less expenses of the period"
    COVERAGE = "coverage", "income less expenses over the instalments of the period"
    TOLD = "told", "a figure that is told"


class Every(Status):
    """How often a covenant is tested."""

    MONTH = "month", "every month"
    QUARTER = "quarter", "every quarter"

    @property
    def months(self) -> int:
        """How many months its period has."""
        return 1 if self.value == "month" else 3
