"""Files of payers, what was found wrong with them, and the remittances in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openmso.kit.money import Money
from openmso.remittances.contracts.money import Deposit
from openmso.remittances.contracts.payments import ProviderAdjustmentRow
from openmso.remittances.contracts.standing import EobState, FileState, RemittanceState


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something about a file that a person should know, with the place in the file."""

    code: str
    severity: str
    message: str
    fix: str
    segment: int | None = None
    offset: int | None = None
    loop: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file taken in for one practice."""

    file: str
    practice: int
    is_new: bool
    words: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an upload: a file for each practice paid in it, and what was refused."""

    files: tuple[ReceivedFile, ...]
    refused: tuple[FindingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class RemittanceOutcome:
    """What became of one remittance of a file."""

    public_id: str
    state: RemittanceState
    trace: str
    amount: Money
    claims: int
    posted: int
    unmatched: int
    duplicate_of: str
    words: str


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file."""

    file: str
    state: FileState
    words: str
    remittances: tuple[RemittanceOutcome, ...] = ()
    findings: tuple[FindingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as the list of uploads shows it."""

    public_id: str
    practice: int
    name: str
    state: FileState
    size: int
    received_at: datetime
    received_by: str
    document: str
    words: str
    findings: int
    arrival: str
    """The document of the file as it came, sealed at the MSO."""
    is_cut: bool


@dataclass(frozen=True, slots=True)
class RemittanceRow:
    """A remittance as the list shows it."""

    public_id: str
    practice: int
    payer_name: str
    trace: str
    method: str
    paid_on: date | None
    posted_on: date
    amount: Money
    claims: int
    unmatched: int
    denied: int
    state: RemittanceState
    deposit: str
    """`matched`, `open` or `none needed`."""
    file: str


@dataclass(frozen=True, slots=True)
class Remittance:
    """One remittance with all that its page shows at once."""

    id: int
    public_id: str
    practice: int
    entity: int
    file: str
    file_name: str
    document: str
    received_at: datetime
    payer_name: str
    payer_key: str
    payee_npi: str
    payee_tin: str
    trace: str
    trace_payer: str
    method: str
    paid_on: date | None
    posted_on: date
    posted_at: datetime
    posted_by: str
    amount: Money
    charge: Money
    paid: Money
    line_paid: Money
    line_count: int
    provider_adjusted: Money
    claims: int
    unmatched: int
    denied: int
    state: RemittanceState
    duplicate_of: str
    span: tuple[int, int]
    deposit: Deposit | None = None
    adjustments: tuple[ProviderAdjustmentRow, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A paper that is typed, as lists show it."""

    public_id: str
    practice: int
    practice_name: str
    payer: str
    trace: str
    paid_on: date
    amount: Money
    claims: int
    state: EobState
    opened_at: datetime
    opened_by: str
