"""What leaves underpayments: short-paid lines, disputes, permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import Purpose
from openmso.platform.work.contracts import Kind
from openmso.underpayments.states import Cause, S

_PHI = frozenset({DataClass.BUSINESS, DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
READ = Permission("underpayments.read", "see what payers paid short", line="payment_posting", classes=_PHI)
WORK = Permission("underpayments.work", "dispute or accept what payers paid short", line="payment_posting",
                  classes=_PHI)  # fmt: skip
PERMISSIONS: Iterable[Permission] = (READ, WORK)
PURPOSES = (Purpose("underpayments.packet", "Dispute packet", READ.code),)
KINDS = (Kind("underpayments.short_paid", "Paid short", WORK.code, "payment_posting", "claims:claim"),)
SENTENCES = {
    "underpayments.disputed": "{actor} disputed {count:line} with {payer}, {amount} in all, as {subject}",
    "underpayments.accepted": "{actor} accepted what was paid on {subject}",
}


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line that was paid short. What is missing now is `short`; `recovered` came later."""

    public_id: str
    practice: int
    practice_name: str
    claim: str
    line: int
    code: str
    service_on: date
    payer_id: int
    payer: str
    expected: Money
    allowed: Money
    short: Money
    recovered: Money
    cause: Cause
    state: S
    source: str
    term: str
    payment: str
    reasons: tuple[str, ...]
    found_on: date
    why: str
    dispute: str

    @property
    def contract(self) -> str:
        """The contract that expects more."""
        return self.source.partition("/")[0]

    @property
    def version(self) -> int:
        """Its version."""
        return int(self.source.partition("/")[2])


@dataclass(frozen=True, slots=True)
class Dispute:
    """What was sent to a payer about lines it paid short: how many, what was missing, and the packet."""

    public_id: str
    practice: int
    payer: str
    lines: int
    amount: Money
    document: str
    made_at: datetime
    made_by: str
