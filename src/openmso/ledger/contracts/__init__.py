"""What enters and leaves the ledger: drafts of entries, references to them, books, accounts, lines, selections.

A line stands on one basis. Lines on `common` are true for every way of accounting; the others adjust one of them:
the accrual statement reads common and accrual lines, the cash statement common and cash lines (26 CFR 1.446-1(c)).
Debits equal credits within each basis of an entry, so that every statement balances by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from openmso.kit.classes import DataClass
from openmso.kit.money import ZERO, Money
from openmso.platform.access.contracts import Permission

_BUSINESS = frozenset({DataClass.BUSINESS})
READ = Permission("ledger.read", "read the books", line="accounting", classes=_BUSINESS)
POST = Permission("ledger.post", "post journal entries", line="accounting", classes=_BUSINESS)
REVERSE = Permission("ledger.reverse", "reverse journal entries", line="accounting", classes=_BUSINESS)
CLOSE = Permission("ledger.close", "open, close and lock periods", line="accounting", classes=_BUSINESS)
PERMISSIONS: Iterable[Permission] = (READ, POST, REVERSE, CLOSE)


class Basis(StrEnum):
    """What a line is true for."""

    COMMON = "common"
    ACCRUAL = "accrual"
    CASH = "cash"
    TAX = "tax"


class Method(StrEnum):
    """The method of accounting a statement is drawn by; a book keeps one as its own."""

    ACCRUAL = "accrual"
    CASH = "cash"
    TAX = "tax"

    def bases(self, own: Method) -> tuple[Basis, ...]:
        """The lines this method reads. Tax starts from the book's own method and adds the tax adjustments."""
        if self is Method.TAX:
            return (*own.bases(own), Basis.TAX) if own is not Method.TAX else (Basis.COMMON, Basis.TAX)
        return (Basis.COMMON, Basis(self.value))


class Side(StrEnum):
    """The side of an account on which its balance normally stands."""

    DEBIT = "debit"
    CREDIT = "credit"


class Kind(StrEnum):
    """What an account is; decides the statement it appears on."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    REVENUE = "revenue"
    CONTRA_REVENUE = "contra_revenue"
    EXPENSE = "expense"

    @property
    def normal(self) -> Side:
        """Where its balance stands unless the account says otherwise (depreciation to date is an asset in credit)."""
        return Side.DEBIT if self in {Kind.ASSET, Kind.CONTRA_REVENUE, Kind.EXPENSE} else Side.CREDIT

    @property
    def is_temporary(self) -> bool:
        """Whether the year's end closes it into retained earnings."""
        return self in {Kind.REVENUE, Kind.CONTRA_REVENUE, Kind.EXPENSE}


BY_HAND = "ledger.by_hand"
"""The kind of source of what a person posted; its id is the public id of their account."""


class Journal(StrEnum):
    """Which kind of business an entry comes from."""

    GENERAL = "GJ"
    OPENING = "OB"
    CHARGES = "CH"
    REMITTANCES = "RM"
    CASH = "CR"
    SETTLEMENT = "ST"
    PURCHASES = "AP"
    PAYROLL = "PR"
    CLOSING = "CL"
    REVERSAL = "RV"


BANK_ACCOUNT = "bank:"
"""Before the public id of a bank account: the party by which lines of operating cash tell in which account it is."""


class Accounts:
    """Codes of the standard charts that other apps post to."""

    OPERATING_CASH = "1000"
    CASH_CLEARING = "1010"
    PATIENT_RECEIPTS = "1020"
    RESERVE_CASH = "1050"
    AR_INSURANCE = "1100"
    AR_PATIENT = "1110"
    DUE_FROM_MSO = "1150"
    FEES_RECEIVABLE = "1200"
    DUE_FROM_PRACTICES = "1250"
    DEFICIT_LOANS = "1260"
    FACILITIES_LENT = "1270"
    RETURNED_TO_COME = "1280"
    PREPAID = "1300"
    EQUIPMENT = "1500"
    DEPRECIATION_TO_DATE = "1590"
    PAYABLES = "2000"
    DUE_TO_MSO = "2010"
    RETURNED_TO_MAKE = "2050"
    PATIENT_CREDITS = "2100"
    PAYER_RECOUPMENTS = "2150"
    UNAPPLIED_CASH = "2190"
    PAYROLL_LIABILITIES = "2200"
    DUE_TO_PRACTICES = "2300"
    REBATES_PAYABLE = "2350"
    DEFICIT_LOAN = "2400"
    FACILITY_OWED = "2410"
    OWNERS_EQUITY = "3000"
    DISTRIBUTIONS = "3100"
    RETAINED_EARNINGS = "3900"
    PATIENT_REVENUE = "4000"
    CONTRACTUAL_ADJUSTMENTS = "4100"
    OTHER_ADJUSTMENTS = "4200"
    BAD_DEBT = "4210"
    CHARITY_CARE = "4220"
    PAYER_INTEREST = "4300"
    FEE_REVENUE = "4500"
    PASS_THROUGH_REVENUE = "4510"
    LOAN_INTEREST = "4600"
    OTHER_INCOME = "4900"
    WAGES = "5000"
    PHYSICIAN_PAY = "5050"
    PAYROLL_TAXES = "5100"
    CLINICAL_SUPPLIES = "5200"
    DRUGS = "5300"
    REBATES = "5900"
    RENT = "6100"
    SOFTWARE = "6200"
    INSURANCE = "6300"
    PROFESSIONAL_FEES = "6400"
    MANAGEMENT_FEE = "6500"
    BANK_FEES = "6600"
    MARKETING = "6700"
    DEPRECIATION = "6800"
    INTEREST_PAID = "6850"
    OTHER_EXPENSE = "6900"


# ---- what others post -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from: `Source("remittances.payment", "PAY-7K2P9M4X")`; never a key into another app."""

    kind: str
    id: str

    @property
    def app(self) -> str:
        """The app that owns it."""
        return self.kind.partition(".")[0]


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A line to be posted: a positive debit or a positive credit, exactly one; made by `debit` and `credit`."""

    account: str
    debit: Money = ZERO
    credit: Money = ZERO
    basis: Basis = Basis.COMMON
    source: Source | None = None
    party: str = ""
    memo: str = ""


def debit(
    account: str, amount: Money, *, basis: Basis = Basis.COMMON, source: Source | None = None, party: str = "",
    memo: str = "",
) -> LineDraft:  # fmt: skip
    """A line that debits the account of a code."""
    return LineDraft(account, amount, ZERO, basis, source, party, memo)


def credit(
    account: str, amount: Money, *, basis: Basis = Basis.COMMON, source: Source | None = None, party: str = "",
    memo: str = "",
) -> LineDraft:  # fmt: skip
    """A line that credits the account of a code."""
    return LineDraft(account, ZERO, amount, basis, source, party, memo)


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """An entry to be posted. `key` makes a retry safe: the same key and content is the same entry."""

    entity: int
    posted_on: date
    memo: str
    lines: tuple[LineDraft, ...]
    key: str
    source: Source | None = None
    journal: Journal = Journal.GENERAL


@dataclass(frozen=True, slots=True)
class EntryRef:
    """An entry that stands in the books; `replayed` when an earlier post of the same key had made it."""

    public_id: str
    entity: int
    fiscal_year: int
    number: int
    replayed: bool = False

    @property
    def name(self) -> str:
        """What accountants call it: fiscal year and number, `2026-00042`."""
        return f"{self.fiscal_year}-{self.number:05d}"


@dataclass(frozen=True, slots=True)
class Posted:
    """What a batch became. `numbers` maps a book and fiscal year to the first and last number it was given."""

    entries: int
    lines: int
    replayed: int
    numbers: Mapping[tuple[int, int], tuple[int, int]]


# ---- the books ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Book:
    """The books of one legal entity. `fiscal_year_start` is a month number; `practice` is the tenant it belongs to."""

    public_id: str
    entity: int
    practice: int
    name: str
    method: Method
    fiscal_year_start: int


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a book's chart."""

    code: str
    name: str
    kind: Kind
    normal: Side
    parent: str
    postable: bool
    active: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A posted line, with the source its figure comes from."""

    number: int
    account: str
    account_name: str
    basis: Basis
    debit: Money
    credit: Money
    source: Source | None
    party: str
    memo: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A posted entry with its lines. `reverses` and `reversed_by` are public ids, or empty."""

    public_id: str
    entity: int
    fiscal_year: int
    number: int
    posted_on: date
    posted_at: datetime
    posted_by: str
    journal: Journal
    memo: str
    source: Source | None
    lines: tuple[Line, ...]
    reverses: str
    reversed_by: str
    closing: bool

    @property
    def name(self) -> str:
        """Fiscal year and number, `2026-00042`."""
        return f"{self.fiscal_year}-{self.number:05d}"

    @property
    def total(self) -> Money:
        """The sum of its debits."""
        return Money.total(line.debit for line in self.lines)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A line of an account's general ledger, with the balance after it (debits less credits)."""

    entry: str
    name: str
    number: int
    posted_on: date
    journal: Journal
    memo: str
    basis: Basis
    debit: Money
    credit: Money
    balance: Money
    source: Source | None
    party: str


# ---- any figure as the lines behind it -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Selection:
    """Lines of one book: on accounts, on bases, within days (`ends_on` excluded, `starts_on` open for balances).

    `kinds` keeps only lines from these kinds of source, `but` leaves kinds out, `parties` keeps only these parties;
    `side` keeps only debits or only credits.
    """

    entity: int
    accounts: tuple[str, ...]
    bases: tuple[Basis, ...]
    ends_on: date
    starts_on: date | None = None
    kinds: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    side: str = ""

    def as_json(self) -> dict[str, Any]:
        """The selection as plain data, to be kept beside the figure."""
        return asdict(self) | {"ends_on": str(self.ends_on), "starts_on": str(self.starts_on or "")}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Selection:
        """The selection that was kept."""
        return cls(
            entity=data["entity"],
            accounts=tuple(data["accounts"]),
            bases=tuple(Basis(basis) for basis in data["bases"]),
            ends_on=date.fromisoformat(data["ends_on"]),
            starts_on=date.fromisoformat(data["starts_on"]) if data["starts_on"] else None,
            kinds=tuple(data["kinds"]),
            but=tuple(data["but"]),
            parties=tuple(data["parties"]),
            side=data["side"],
        )


@dataclass(frozen=True, slots=True)
class Total:
    """What a selection adds up to: debits, credits, how many lines of how many sources."""

    debits: Money
    credits: Money
    lines: int
    sources: int

    @property
    def net(self) -> Money:
        """Debits less credits."""
        return self.debits - self.credits
