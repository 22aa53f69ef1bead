"""The small values that every transaction is made of, and how they are read from elements.

Money and quantities are `Decimal`, exactly as written (never a float). Dates are `datetime.date`. Text is as it
stands in the file, trimmed. Nothing here raises for data: what cannot be read is None (but see `decimal_of`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from edi.x12.quick import quick

RawSegment = tuple[str, ...]
"""A segment as its elements, tag first; what we keep of a segment that we have no typed place for."""

ZERO = Decimal(0)


@quick
@dataclass(frozen=True, slots=True)
class Span:
    """Where a record stands in its file: segments `first..last` (from 1) and bytes `[start, end)`."""

    first: int
    last: int
    start: int
    end: int


@quick
@dataclass(frozen=True, slots=True)
class Reference:
    """REF: a qualifier (`6R`, `EA`, `F8`) and the identifier under it."""

    qualifier: str
    value: str


@quick
@dataclass(frozen=True, slots=True)
class Event:
    """DTM or DTP: a qualifier (`472`, `232`) with a day or a closed range of days; `text` is what the file says."""

    qualifier: str
    on: date | None
    through: date | None = None
    text: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Amount:
    """AMT: a qualifier (`B6` allowed, `D` payer paid, `EAF` remaining patient liability) and money."""

    qualifier: str
    amount: Decimal


@quick
@dataclass(frozen=True, slots=True)
class Quantity:
    """QTY: a qualifier and a number."""

    qualifier: str
    quantity: Decimal


@quick
@dataclass(frozen=True, slots=True)
class Adjustment:
    """One reason of a CAS: group (CO, PR, OA, PI), reason code, money and units.

    Positive lowers the payment. A CAS holds up to six of these under one group.
    """

    group: str
    reason: str
    amount: Decimal
    quantity: Decimal | None = None


@quick
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
    """PER: who to ask. `numbers` are (qualifier, number): TE telephone, FX fax, EM e-mail, EX extension."""

    function: str = "IC"
    name: str = ""
    numbers: tuple[tuple[str, str], ...] = ()


@quick
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


Qualified = TypeVar("Qualified", Reference, Event, Amount)


def first_of(records: tuple[Qualified, ...], qualifiers: tuple[str, ...]) -> Qualified | None:
    """The first record under one of the qualifiers."""
    for one in records:
        if one.qualifier in qualifiers:
            return one
    return None


def reference(references: tuple[Reference, ...], *qualifiers: str) -> str:
    """The first value under one of the qualifiers, or the empty string."""
    found = first_of(references, qualifiers)
    return found.value if found is not None else ""


def event(events: tuple[Event, ...], *qualifiers: str) -> Event | None:
    """The first event under one of the qualifiers."""
    return first_of(events, qualifiers)


def amount(amounts: tuple[Amount, ...], *qualifiers: str) -> Decimal | None:
    """The first money under one of the qualifiers."""
    found = first_of(amounts, qualifiers)
    return found.amount if found is not None else None


_DECIMAL = re.compile(r"-?(?:\d{1,15}(?:\.\d{0,6})?|\.\d{1,6})(?:E[0-3])?", re.ASCII)


def to_decimal(text: str) -> Decimal | None:
    """An R (decimal) element, exactly as written; None when it is anything else."""
    try:
        return decimal_of(text)
    except ValueError:
        return None


def decimal_of(text: str) -> Decimal:
    """An R (decimal) element: a leading minus, up to 15 digits, a point, up to 6 more; else ValueError.

    The bounds keep every sum of a file exact in 28 digits, and `1E999999` out; a small positive exponent is allowed
    because X12.6 allows it.
    """
    if len(text) < 10 and text.isascii() and text.replace(".", "", 1).isdigit():  # as most of them are
        return Decimal(text)
    trimmed = text.strip()
    if _DECIMAL.fullmatch(trimmed) is None:
        raise ValueError(text)
    return Decimal(trimmed)


@lru_cache(maxsize=4096)
def to_date(text: str) -> date | None:
    """A D8 (CCYYMMDD) or D6 (YYMMDD, taken as 20YY) date; None when it is no day of the calendar.

    What follows the eighth digit (a DT with hours, the end of an RD8) is left to `to_event`.
    """
    digits = text[:8]
    if len(digits) == 6:
        digits = "20" + digits
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def to_time(text: str) -> time | None:
    """A TM element: HHMM, with seconds or without; None when it is no time of day."""
    if len(text) < 4 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return time(int(text[:2]), int(text[2:4]), int(text[4:6] or 0))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def to_event(qualifier: str, text: str) -> Event:
    """A DTM or DTP: one day (D8), or a range of two with a hyphen (RD8)."""
    first, hyphen, last = text.partition("-")
    return Event(qualifier.strip(), to_date(first), to_date(last) if hyphen else None, text)


@lru_cache(maxsize=4096)
def to_procedure(text: str, separator: str) -> Procedure:
    """A composite medical procedure: qualifier, code, four modifiers, description."""
    parts = [part.strip() for part in text.split(separator)] if separator else [text]
    modifiers = tuple(part for part in parts[2:6] if part)
    return Procedure(parts[0], parts[1] if len(parts) > 1 else "", modifiers, "".join(parts[6:7]))


def to_party(elements: list[str]) -> Party:
    """An NM1, of up to nine elements; what is missing is empty."""
    e = elements + _NINE_EMPTY
    return Party(
        e[1],
        e[3].strip(),
        e[4].strip(),
        e[5],
        e[7],
        e[2] == "1",
        e[8],
        e[9].strip(),
    )


def to_contact(elements: list[str]) -> Contact:
    """A PER: function, name, up to three numbers with their qualifiers."""
    e = elements + _NINE_EMPTY
    numbers = tuple((e[i].strip(), e[i + 1].strip()) for i in (3, 5, 7) if e[i] and e[i + 1])
    return Contact(e[1].strip(), e[2].strip(), numbers)


def to_address(street: list[str] | None, place: list[str] | None) -> Address | None:
    """An N3 and an N4; None when there is neither."""
    if street is None and place is None:
        return None
    n3, n4 = (street or []) + _NINE_EMPTY, (place or []) + _NINE_EMPTY
    return Address(n3[1].strip(), n3[2].strip(), n4[1].strip(), n4[2].strip(), n4[3].strip(), n4[4].strip())


_NINE_EMPTY = [""] * 10
