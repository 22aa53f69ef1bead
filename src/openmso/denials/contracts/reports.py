"""What denials come to: causes, promises, measures, and rules that would prevent them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from openmso.claims.contracts.rulebook import DryRunView
from openmso.denials.contracts.denials import DenialRow
from openmso.denials.contracts.words import Category
from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class CauseRow:
    """Denials of one value of a dimension, what became of them, and the filter of the queue that finds them."""

    key: str
    words: str
    count: int
    amount: Money
    recovered: Money
    written_off: Money
    open: Money
    practice: int
    mso: int
    payer: int
    query: str


@dataclass(frozen=True, slots=True)
class Promised:
    """What is promised about denials, as a month kept it: `value` counts those that the MSO could have prevented.

    `mso`, `practice` and `payer` are how many each could have, or must answer for; `sent` the claims first sent.
    """

    kind: str
    words: str
    measured: str
    target: Decimal | None
    unit: str
    value: Decimal | None
    mso: int
    practice: int
    payer: int
    sent: int

    @property
    def is_kept(self) -> bool | None:
        """Whether the promise was kept; nothing where none was made, or there is nothing to measure."""
        return None if self.target is None or self.value is None else self.value <= self.target


@dataclass(frozen=True, slots=True)
class PromisedRow:
    """A denial behind a promise: business days until somebody did something about it, and why it is whose it is."""

    row: DenialRow
    days: int
    why: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of claim integrity: its share where it is one, what it is made of, and its definition."""

    code: str
    words: str
    share: Decimal | None
    made_of: str
    definition: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one payer keeps denying for one reason, and so what a rule of the scrubber could catch."""

    payer: str
    """Public id."""
    payer_name: str
    code: str
    reason: str
    group: str
    remark: str
    """The remark that came with most of them, if any."""
    words: str
    category: Category
    count: int
    """First denials of lines of the last 90 days."""
    sent: int
    """Lines of the same payer and code that left in these days, and those denied that had left before."""
    practices: int
    amount: Money
    since: date
    rule: str = ""
    """The draft that asks for the same."""
    rule_title: str = ""

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return f"{self.payer}-{self.code}-{self.reason}"

    @property
    def said(self) -> str:
        """The reason as payers write it."""
        return f"{self.group}-{self.reason}"

    @property
    def share(self) -> Decimal:
        """Of the lines sent, how many were denied."""
        return Decimal(self.count) / self.sent if self.sent else Decimal(0)


@dataclass(frozen=True, slots=True)
class SuggestedRule:
    """A suggestion with the text that a rule would have, what it would have done, and the denials behind it."""

    suggestion: Suggestion
    text: Mapping[str, Any]
    when: str
    dry_run: DryRunView
