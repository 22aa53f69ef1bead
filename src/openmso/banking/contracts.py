"""What leaves banking: statements, lines, what an import did; and permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import MEGABYTE, Purpose

_BUSINESS = frozenset({DataClass.BUSINESS})
READ = Permission("banking.read", "see bank statements and their lines", line="accounting", classes=_BUSINESS)
IMPORT = Permission("banking.import", "import bank statements", line="accounting", classes=_BUSINESS)
PERMISSIONS: Iterable[Permission] = (READ, IMPORT)
PURPOSES = (Purpose("banking.statement", "Bank statement", "banking.read", bytes_max=32 * MEGABYTE, look_inside=False),)
SENTENCES = {
    "banking.imported": "{actor} imported the bank statement {subject} with {added:new line}",
}


HEALTH_CARE_ENTRY = "HCCLAIMPMT"
"""Company entry description of a health plan's CCD+ entry (NACHA Operating Rules, CAQH CORE 370)."""


@dataclass(frozen=True, slots=True)
class BankLine:
    """One movement on a bank account; money in is positive."""

    id: int
    public_id: str
    practice: int
    entity: int
    account: str
    """Public id of the account."""
    account_name: str
    statement: str
    posted_on: date
    amount: Money
    kind: str
    description: str
    reference: str
    originator: str
    trace: str
    trace_payer: str
    document: str
    span: tuple[int, int]

    @property
    def is_of_a_plan(self) -> bool:
        """Whether it is a health plan's payment by its own words: a trace number, or the name of such an entry."""
        return bool(self.trace) or HEALTH_CARE_ENTRY in self.description.upper()


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One imported statement."""

    public_id: str
    practice: int
    account: str
    account_name: str
    format: str
    file_name: str
    document: str
    starts_on: date | None
    ends_on: date | None
    closing: Money | None
    lines: int
    money_in: Money
    money_out: Money
    imported_at: datetime
    imported_by: str


@dataclass(frozen=True, slots=True)
class ImportFinding:
    """Something about a bank file that a person should know."""

    code: str
    severity: str
    message: str
    fix: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    statement: str
    """Public id of the statement; of the earlier one when nothing was new; empty when there is none."""
    document: str
    format: str
    is_new: bool
    lines: int
    """Lines in the file for this account."""
    added: int
    known: int
    """Lines that earlier statements already brought."""
    words: str
    findings: tuple[ImportFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class LineFilters:
    """Which lines are asked for; what is None does not matter."""

    account: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    text: str = ""
    money_in: bool | None = None
    statement: str | None = None
    unexplained: bool = False
    """Only money in that nobody explained yet."""
    traced: bool = False
    """Only what a health plan paid by the line's own words: a trace number, or the name of such an entry."""
