"""The words of agreements: how far they go, how they stand, for whom somebody signs, what is shown."""

from __future__ import annotations

from openmso.platform.ui.contracts import Status, Tone


class S(Status):
    """Where an agreement stands. Whether it is in force on a day is a question of its dates as well."""

    DRAFT = "draft", "Draft", Tone.INFO
    WITHDRAWN = "withdrawn", "Withdrawn", Tone.NONE
    EXECUTED = "executed", "Executed", Tone.GOOD
    TERMINATED = "terminated", "Terminated", Tone.BAD


class Mode(Status):
    """How far the MSO goes in."""

    BPO = "bpo", "Tasks by the piece (BPO)"
    THIRD_PARTY = "third_party", "Third-party management"
    JOINT_VENTURE = "joint_venture", "Joint venture"
    FRIENDLY_PC = "friendly_pc", "Friendly PC"


class DoneBy(Status):
    """Who does the work of a line."""

    MSO = "mso", "MSO"
    SHARED = "shared", "Shared"


class Unit(Status):
    """What the target of a promise is counted in."""

    HOURS = "hours", "business hours"
    DAYS = "days", "business days"
    PERCENT = "percent", "percent"
    COUNT = "count", "count"


class Side(Status):
    """For whom a signer signs."""

    MSO = "mso", "For the MSO"
    PRACTICE = "practice", "For the practice"

    @property
    def within(self) -> str:
        """The same words within a sentence."""
        return f"{self.label[:1].lower()}{self.label[1:]}"


class InForce(Status):
    """An agreement on a day, in a word."""

    DRAFT = "draft", "Draft", Tone.INFO
    WITHDRAWN = "withdrawn", "Withdrawn", Tone.NONE
    AHEAD = "ahead", "Executed, not yet in force", Tone.INFO
    NOW = "now", "Executed, in force", Tone.GOOD
    ENDING = "ending", "In force, end agreed", Tone.WARN
    WINDING_DOWN = "winding_down", "Ended, winding down", Tone.WARN
    EXPIRED = "expired", "Expired", Tone.NONE
    TERMINATED = "terminated", "Terminated", Tone.BAD


class Held(Status):
    """How an item of work stands to the promise that it runs by."""

    KEPT = "kept", "In time", Tone.GOOD
    LATE = "late", "Late", Tone.BAD
    RUNS = "runs", "Clock runs", Tone.INFO
    NONE = "none", "Nobody was needed", Tone.NONE


class Shown(Status):
    """A figure of the MSO's own finances that it can promise to show the practice."""

    LIQUIDITY = "liquidity", "Liquidity: what is liquid beside what is owed soon"
    DAYS_CASH = "days_cash", "Days of expenses that the cash covers"
    NET_INCOME = "net_income", "Net income of each month"
    REVENUE_SHARE = "revenue_share", "What share of its revenue the practice is"
