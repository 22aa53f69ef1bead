"""The small values that every transaction is made of, and how they are read from elements.

Money and quantities are `Decimal`, exactly as written (never a float). Dates are `datetime.date`. Text is as it
stands in the file, trimmed. Nothing here raises for data: what cannot be read is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

RawSegment = tuple[str, ...]
"""A segment as its elements, tag first; what we keep of a segment that we have no typed place for."""

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a record stands in its file: segments `first..last` (from 1) and bytes `[start, end)`."""

    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reference:
    """REF: a qualifier (`6R`, `EA`, `F8`) and the identifier under it."""

    qualifier: str
    value: str


@dataclass(frozen=True, slots=True)
class Event:
    """DTM or DTP: a qualifier (`472`, `232`) with a day or a closed range of days; `text` is what the file says."""

    qualifier: str
    on: date | None
    through: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """AMT: a qualifier (`B6` allowed, `D` payer paid, `EAF` remaining patient liability) and money."""

    qualifier: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """QTY: a qualifier and a number."""

    qualifier: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One reason of a CAS: group (CO, PR, OA, PI), reason code, money and units.

    Positive lowers the payment. A CAS holds up to six of these under one group.
    """

    group: str
    reason: str
    amount: Decimal
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """A composite medical procedure (SV101, SVC01, SVD03): qualifier (`HC`), code, up to four modifiers."""

    qualifier: str
    code: str
    modifiers: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """PER: who to ask. `numbers` are (qualifier, number): TE telephone, FX fax, EM e-mail, UR web page, EX extension."""

    function: str = "IC"
    name: str = ""
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """NM1 or N1 with all that follows it: who, in which role, known by which ids, where.

    `last` is the organization's name when `is_person` is false.
    """

    role: str
    """Entity code: QC patient, IL subscriber, 82 rendering, DN referring, 77 facility, PR payer, PE payee ..."""
    last: str = ""
    first: str = ""
    middle: str = ""
    suffix: str = ""
    is_person: bool = False
    id_qualifier: str = ""
    """XX NPI, MI member id, PI or XV payer id, FI or 24 tax id, 46 electronic transmitter id ..."""
    id: str = ""
    address: Address | None = None
    taxonomy: str = ""
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @property
    def npi(self) -> str:
        """The NPI, or the empty string."""
        return self.id if self.id_qualifier == "XX" else ""

    def reference(self, *qualifiers: str) -> str:
        """The first REF value under one of the qualifiers, or the empty string."""
        return reference(self.references, *qualifiers)


def reference(references: tuple[Reference, ...], *qualifiers: str) -> str:
    """The first value under one of the qualifiers, or the empty string."""
    return next((r.value for r in references if r.qualifier in qualifiers), "")


def event(events: tuple[Event, ...], *qualifiers: str) -> Event | None:
    """The first event under one of the qualifiers."""
    return next((e for e in events if e.qualifier in qualifiers), None)


def amount(amounts: tuple[Amount, ...], *qualifiers: str) -> Decimal | None:
    """The first money under one of the qualifiers."""
    return next((a.amount for a in amounts if a.qualifier in qualifiers), None)


def to_decimal(text: str) -> Decimal | None:
    """An R (decimal) element: digits, a point, a leading minus; None when it is anything else.

    An exponent is allowed by X12.6 and refused here: no payer sends one, and `1E999999` is an attack.
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite() or len(text) > 24 or "E" in text or "e" in text or "_" in text:
        return None
    return value


def to_date(text: str) -> date | None:
    """A D8 (CCYYMMDD) or D6 (YYMMDD, taken as 20YY) date; None when it is no day of the calendar."""
    if not text.isascii() or not text.isdigit():
        return None
    if len(text) == 6:
        text = "20" + text
    if len(text) < 8:
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
