"""What a bank file says, as frozen records. Money is `Decimal` as written; in is positive, out is negative."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the file that a person should know; with an `error` the file cannot be trusted."""

    code: str
    severity: str
    message: str
    fix: str = ""
    line: int | None = None
    """Line or record of the file, from 1."""

    def as_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "fix": self.fix,
            "line": self.line,
        }


def error(code: str, message: str, fix: str = "", line: int | None = None) -> Finding:
    """A finding after which nothing of the file may be kept."""
    return Finding(code, "error", message, fix, line)


def warning(code: str, message: str, fix: str = "", line: int | None = None) -> Finding:
    """A finding that does not stop the file."""
    return Finding(code, "warning", message, fix, line)


@dataclass(frozen=True, slots=True)
class Account:
    """The account as the file names it; numbers may be cut or masked by the bank."""

    number: str = ""
    routing: str = ""
    kind: str = ""
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Trace:
    """A reassociation trace number: TRN02, and TRN03 with the payer's TIN behind a leading 1."""

    number: str
    payer: str = ""
    supplement: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of money on the account."""

    posted_on: date
    amount: Decimal
    description: str = ""
    key: str = ""
    """The bank's own id of the entry (FITID, ACH trace number, bank reference), or the empty string."""
    kind: str = ""
    """The bank's word for what it is: CREDIT, 447, CCD."""
    reference: str = ""
    """Cheque number or customer reference."""
    originator: str = ""
    """Who sent it, by name or company id."""
    trace: Trace | None = None
    start: int = 0
    end: int = 0
    """Bytes of the file, `[start, end)`, where they are known."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The entries of one account over some days, with the balances the bank gives."""

    account: Account
    entries: tuple[Entry, ...] = ()
    key: str = ""
    """The bank's own id of the statement, or the empty string."""
    starts_on: date | None = None
    ends_on: date | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None

    @property
    def moved(self) -> Decimal:
        """Sum of the entries."""
        return sum((entry.amount for entry in self.entries), Decimal(0))


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one file."""

    format: str
    statements: tuple[Statement, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def is_sound(self) -> bool:
        """Whether there is something to keep and no finding forbids it."""
        return bool(self.statements) and not any(f.severity == "error" for f in self.findings)
