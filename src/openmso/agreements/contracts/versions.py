"""Agreements with what was signed: versions, drafts, notices, business associate agreements, lines of lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openmso.agreements.contracts.states import InForce, Mode, S, Side
from openmso.agreements.contracts.terms import Line, Terms
from openmso.kit.periods import DayRange


@dataclass(frozen=True, slots=True)
class Notice:
    """Notice by a side that a term is not renewed; `ends_on` is the first day after that term."""

    side: Side
    ends_on: date
    given_on: date
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, for whom, in what role, when."""

    side: Side
    name: str
    title: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """A signed paper, as it was scanned or exported: a PDF."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Version:
    """An executed version: its terms hold from `starts_on`, as the signed document with this SHA-256 says."""

    public_id: str
    agreement: str
    number: int
    starts_on: date
    terms: Terms
    summary: str
    document: str
    document_sha256: str
    executed_at: datetime
    signers: tuple[Signer, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: of a new agreement, or of an amendment of an executed one, to hold from `starts_on`."""

    agreement: str
    number: int
    starts_on: date
    terms: Terms
    summary: str
    revised_at: datetime
    drafted_by: str
    """Public id of the account that wrote it, as it stands."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A service agreement with its versions, oldest first; `draft` is the one being written, if any."""

    public_id: str
    practice: int
    mso: int
    state: S
    versions: tuple[Version, ...]
    draft: Draft | None
    terminated_on: date | None = None
    terminated_why: str = ""
    winds_down_until: date | None = None
    wind_down_lines: tuple[str, ...] = ()

    def version_on(self, on: date) -> Version | None:
        """The version that holds on a day; none before the start, after the end, or once terminated."""
        if self.terminated_on is not None and on >= self.terminated_on:
            return None
        begun = [version for version in self.versions if version.starts_on <= on]
        return begun[-1] if begun and on in begun[-1].terms.days else None

    @property
    def latest(self) -> Version | None:
        """The version signed last, whenever it holds."""
        return self.versions[-1] if self.versions else None


@dataclass(frozen=True, slots=True)
class Baa:
    """A business associate agreement of a practice (45 CFR 164.504(e)); `days` already knows an early end."""

    public_id: str
    practice: int
    days: DayRange
    incident_notice_hours: int
    document: str
    document_sha256: str
    ended_why: str = ""


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """A line of the list of agreements."""

    public_id: str
    practice_name: str
    practice_code: str
    mode: Mode
    standing: InForce
    version: int
    starts_on: date
    ends_on: date | None
    lines: int
    fee: str
    patient_data: bool


@dataclass(frozen=True, slots=True)
class LineToday:
    """A row of the matrix: a line, what of it is open today and why not."""

    line: Line
    words: str
    open: bool
    reason: str
    opens: tuple[str, ...]
    grant: str


@dataclass(frozen=True, slots=True)
class Move:
    """A step in the life of an agreement, for its timeline."""

    to: S
    at: datetime
    by: str
    why: str
