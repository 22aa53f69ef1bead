"""NACHA files to write: credits to the accounts of companies (CCD) and of people (PPD), and the returns that come back.

Fixed records of 94 characters in blocks of ten, credits only, each entry with at most one addenda record (705). Control
records count entries, sum amounts, and hash the receiving banks' routing numbers (NACHA Operating Rules, appendix
three). Returns (addenda 99, appendix four) and notifications of change (addenda 98, appendix five) name the trace
number of the entry that they are about. Nothing here raises for a file; what cannot be written raises `CannotWrite`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from edi.bank.nacha import PADDING, SIZE, records
from edi.bank.values import to_cents

BLOCK = 10
CREDITS_ONLY = "220"
CHECKING_CREDIT = "22"
MODIFIERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
"""What tells apart the files of one origin of one day."""
AMOUNT_MAX = Decimal("99999999.99")
ADDENDA_MAX = 80
_ALLOWED = re.compile(r"[^ A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\]\\^_`{|}~]")
_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)


class CannotWrite(ValueError):
    """A file that the rules forbid; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who sends, through which bank: `company_id` is 1 and the EIN, `routing` the bank that originates."""

    routing: str
    bank_name: str
    company_id: str
    company: str


@dataclass(frozen=True, slots=True)
class Credit:
    """Money to one account. `trace` numbers it within the origin's bank, `addenda` says what it is for."""

    routing: str
    account: str
    amount: Decimal
    name: str
    reference: str
    trace: int
    addenda: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Credits of one class and one description, settled on one day."""

    sec: str
    description: str
    effective_on: date
    credits: tuple[Credit, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A file and what its control record says of it."""

    content: bytes
    entries: int
    amount: Decimal
    hash: int
    batches: int


@dataclass(frozen=True, slots=True)
class Returned:
    """An entry that came back: the reason, and the trace number under which it had left."""

    code: str
    trace: str
    amount: Decimal
    information: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What the bank of a receiver says is right of an account: the code, the trace of the entry, the data that changed.

    `routing` and `account` are empty where the code leaves them as they are; a code that tells neither has only `data`.
    """

    code: str
    trace: str
    data: str
    routing: str = ""
    account: str = ""


def check_digit(eight: str) -> str:
    """The ninth digit of a routing number (ABA)."""
    return str(-sum(int(digit) * weight for digit, weight in zip(eight, _WEIGHTS, strict=True)) % 10)


def is_routing(number: str) -> bool:
    """Whether it is a routing number by its own check digit."""
    return len(number) == 9 and number.isascii() and number.isdigit() and check_digit(number[:8]) == number[8]


def trace_number(origin: Origin, number: int) -> str:
    """Fifteen digits: the first eight of the originating bank, then the number of the entry."""
    return f"{origin.routing[:8]}{number % 10**7:07}"


def write(origin: Origin, batches: Sequence[Batch], *, made_at: datetime, modifier: str) -> Written:
    """The file of an origin; raises `CannotWrite`. `made_at` is told as it stands, without a zone."""
    _refuse(origin, batches, modifier)
    lines = [_header(origin, made_at, modifier)]
    entries, hashed, amount = 0, 0, Decimal(0)
    for number, batch in enumerate(batches, 1):
        made = list(_entries(origin, batch))
        of_batch = sum(int(one.routing[:8]) for one in batch.credits)
        total = sum((one.amount for one in batch.credits), Decimal(0))
        lines += [_batch(origin, batch, number), *made, _closing(origin, number, len(made), of_batch, total)]
        entries, hashed, amount = entries + len(made), hashed + of_batch, amount + total
    blocks = -(-(len(lines) + 1) // BLOCK)
    lines.append(
        f"9{len(batches):06}{blocks:06}{entries:08}{hashed % 10**10:010}{0:012}{_cents(amount):012}{'':39}"
    )  # fmt: skip
    lines += [PADDING] * (blocks * BLOCK - len(lines))
    assert all(len(line) == SIZE for line in lines), "every record has 94 characters"
    content = "".join(f"{line}\r\n" for line in lines).encode("ascii")
    return Written(content, sum(len(batch.credits) for batch in batches), amount, hashed % 10**10, len(batches))


def _refuse(origin: Origin, batches: Sequence[Batch], modifier: str) -> None:
    if not batches or not all(batch.credits for batch in batches):
        raise CannotWrite("There is nothing to pay.")
    if modifier not in MODIFIERS or len(modifier) != 1:
        raise CannotWrite("More files of a day than letters and digits can tell apart.")
    for batch in batches:
        if batch.sec not in {"CCD", "PPD"}:
            raise CannotWrite(f"Entries of class {batch.sec} are not written.")
        for one in batch.credits:
            if not is_routing(one.routing):
                raise CannotWrite(f"{one.routing} is no routing number: its check digit is wrong.")
            if not Decimal(0) < one.amount <= AMOUNT_MAX:
                raise CannotWrite(f"{one.amount} cannot be paid by one entry.")
            if not 0 < len(one.account) <= 17:
                raise CannotWrite("An account number has up to 17 characters.")
            if len(one.addenda) > ADDENDA_MAX:
                raise CannotWrite(f"The words with an entry have {ADDENDA_MAX} characters at most.")
    if not is_routing(origin.routing):
        raise CannotWrite(f"{origin.routing} is no routing number: its check digit is wrong.")


def _header(origin: Origin, made_at: datetime, modifier: str) -> str:
    return (
        f"101 {origin.routing}{origin.company_id:>10}{made_at:%y%m%d%H%M}{modifier}094101"
        f"{_text(origin.bank_name, 23)}{_text(origin.company, 23)}{'':8}"
    )


def _batch(origin: Origin, batch: Batch, number: int) -> str:
    return (
        f"5{CREDITS_ONLY}{_text(origin.company, 16)}{'':20}{_text(origin.company_id, 10)}{batch.sec}"
        f"{_text(batch.description, 10)}{'':6}{batch.effective_on:%y%m%d}{'':3}1{origin.routing[:8]}{number:07}"
    )


def _entries(origin: Origin, batch: Batch) -> Iterator[str]:
    for one in batch.credits:
        trace = trace_number(origin, one.trace)
        yield (
            f"6{CHECKING_CREDIT}{one.routing}{_text(one.account, 17)}{_cents(one.amount):010}"
            f"{_text(one.reference, 15)}{_text(one.name, 22)}{'':2}{1 if one.addenda else 0}{trace}"
        )
        if one.addenda:
            yield f"705{_text(one.addenda, ADDENDA_MAX)}{1:04}{trace[-7:]}"


def _closing(origin: Origin, number: int, entries: int, hashed: int, amount: Decimal) -> str:
    return (
        f"8{CREDITS_ONLY}{entries:06}{hashed % 10**10:010}{0:012}{_cents(amount):012}"
        f"{_text(origin.company_id, 10)}{'':25}{origin.routing[:8]}{number:07}"
    )


def _cents(amount: Decimal) -> int:
    return int(amount.scaleb(2).to_integral_exact())


def _text(words: str, size: int) -> str:
    """Words as the rules allow them, cut or filled to a size."""
    return _ALLOWED.sub(" ", words)[:size].ljust(size)


def read_corrections(content: bytes) -> list[Correction]:
    """The notifications of change of a file (addenda 98), in its order; returns and all else are passed over."""
    return [
        _correction(record[3:6], record[6:21].strip(), record[35:64])
        for _, _, _, record in records(content)
        if record.startswith("798")
    ]


def _correction(code: str, trace: str, data: str) -> Correction:
    """What the corrected data mean, by the code (appendix five): account, routing number, or both."""
    match code:
        case "C01" | "C06":
            return Correction(code, trace, data.strip(), account=data[:17].strip())
        case "C02":
            return Correction(code, trace, data.strip(), routing=data[:9].strip())
        case "C03":
            return Correction(code, trace, data.strip(), data[:9].strip(), data[12:29].strip())
        case "C07":
            return Correction(code, trace, data.strip(), data[:9].strip(), data[9:26].strip())
        case _:
            return Correction(code, trace, data.strip())


def read_returns(content: bytes) -> list[Returned]:
    """The entries of a file that came back, in its order; corrections (addenda 98) and all else are passed over."""
    found, amount = [], None
    for _, _, _, record in records(content):
        if record[0] == "6":
            amount = to_cents(record[29:39])
        elif record.startswith("799") and amount is not None:
            found.append(Returned(record[3:6], record[6:21].strip(), amount, record[35:79].strip()))
    return found
