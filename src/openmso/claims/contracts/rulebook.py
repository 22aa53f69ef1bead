"""The catalogue of the scrubber as it is seen: rules, their versions, what changed between two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from openmso.claims.states import RuleState
from openmso.kit.money import Money


class Origin(StrEnum):
    """Where a rule comes from."""

    HOUSE = "house"
    ADJUSTMENT = "adjustment"
    OWN = "own"

    @property
    def label(self) -> str:
        """As people call it."""
        return {"house": "Built in", "adjustment": "Adjustment", "own": "Written here"}[self.value]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule of the catalogue. `action` is what it does with a claim; `number` its version, 0 before the first."""

    code: str
    title: str
    origin: Origin
    state: RuleState
    action: str
    scope: str
    source: str
    number: int = 0
    starts_on: date | None = None
    of: str = ""
    is_firm: bool = False
    has_draft: bool = False
    tally: Tally | None = None

    @property
    def is_live(self) -> bool:
        """Whether claims are scrubbed with it."""
        return self.state is RuleState.LIVE

    @property
    def action_words(self) -> str:
        """What it does, for a list."""
        firm = " always" if self.is_firm else ""
        return {"warn": "Warns", "hold": "Holds", "block": f"Blocks{firm}", "off": "Switches off"}[self.action]


@dataclass(frozen=True, slots=True)
class TextView:
    """What a draft or a version says, as data and in words."""

    text: Mapping[str, Any]
    facts: tuple[tuple[str, str], ...]
    when: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version that was made live."""

    number: int
    starts_on: date
    drafted_name: str
    approved_name: str
    approved_at: datetime
    why: str
    sha256: str
    says: TextView


@dataclass(frozen=True, slots=True)
class DraftView:
    """What lies on the desk of a rule."""

    by: str
    by_name: str
    at: datetime
    says: TextView


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule with everything its page shows; `adjustments` are those of a rule of the house."""

    row: RuleRow
    fix: str = ""
    versions: tuple[VersionView, ...] = ()
    draft: DraftView | None = None
    adjustments: tuple[RuleRow, ...] = ()
    retired_on: date | None = None
    retired_why: str = ""
    dry_run: DryRunView | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing in which two versions differ."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule says of one claim, and how each of its conditions came out: yes, no, or cannot say."""

    findings: tuple[tuple[str, str], ...]
    within: bool
    steps: tuple[tuple[str, str, str], ...]
    """The condition in words, what the claim answers, and yes, no or cannot say."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of the claims that a rule hit in the last 90 days. hits = mended + denied + paid + waiting."""

    hits: int = 0
    mended: int = 0
    set_aside: int = 0
    denied: int = 0
    paid: int = 0
    waiting: int = 0
    counted_at: datetime | None = None

    @property
    def right(self) -> Decimal | None:
        """How often it was right, of the claims that went out with the finding and were decided."""
        decided = self.denied + self.paid
        return Decimal(self.denied) / decided if decided else None


@dataclass(frozen=True, slots=True)
class DryRunView:
    """What a rule would have said of the claims of the last months. hits = denied + paid + waiting."""

    key: str
    rule: str
    since: date
    total: int
    done: int
    hits: int
    denied: int
    paid: int
    waiting: int
    set_aside: int
    unsure: int
    denied_amount: Money
    samples: Mapping[str, tuple[str, ...]]
    started_at: datetime
    finished_at: datetime | None = None
    by: str = ""
