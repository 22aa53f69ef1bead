"""Payment runs as CSV: one line a payment, in UTF-8, with the columns of `COLUMNS` in any order.

`payee`, `amount` are always there; `period_start` and `period_end` are the first and the last day that is paid
(`2026-10-01`) and are needed of whoever refers; `npi`, `ein` name the payee, never a Social Security number; `hours`
with `time_record`, or `units`, show the work; `arrangement` (ARR-...) and `reference` may be empty. Other columns are
kept with the file and not read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from openmso.compliance.contracts import Payment, UnreadablePayments
from openmso.kit.ids import is_public_id, npi_is_valid
from openmso.kit.money import CENT, Money
from openmso.platform.ui.harmless import harmless

NEEDED = ("payee", "amount")
COLUMNS = (
    *NEEDED, "npi", "ein", "period_start", "period_end", "hours", "units", "time_record", "arrangement", "reference",
)  # fmt: skip
ROWS_MAX, TOLD_MAX, TEXT_MAX, AMOUNT_MAX, COUNT_MAX = 20_000, 50, 120, Decimal(100_000_000), Decimal(100_000)
HOURS = Decimal("0.01")


def read(content: bytes) -> list[Payment]:
    """The payments of a file; raises `UnreadablePayments` with the line and field of each fault."""
    rows = _rows(content)
    faults: list[str] = []
    found = [_payment(number, row, faults) for number, row in rows]
    if faults:
        raise UnreadablePayments(faults[:TOLD_MAX])
    return [one for one in found if one is not None]


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        head = [name.strip().lower() for name in next(reader, [])]
        lacking = [name for name in NEEDED if name not in head]
        if lacking:
            raise UnreadablePayments([f"Line 1: the column {lacking[0]} is missing."], f"Name {', '.join(COLUMNS)}.")
        if twice := next((name for name in COLUMNS if head.count(name) > 1), ""):
            raise UnreadablePayments([f"Line 1: the column {twice} stands twice."])
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except (UnicodeDecodeError, csv.Error) as no:
        raise UnreadablePayments(["The file is not CSV in UTF-8."], "Save it as CSV in UTF-8.") from no
    if not 0 < len(rows) <= ROWS_MAX:
        raise UnreadablePayments([f"The file has {len(rows):,} payments; from 1 to {ROWS_MAX:,} are taken."])
    if odd := next((number for number, row in rows if len(row) != len(head)), 0):
        raise UnreadablePayments([f"Line {odd}: it has not as many fields as the head has columns."])
    return [(number, dict(zip(head, (cell.strip() for cell in row), strict=True))) for number, row in rows]


def _payment(number: int, row: Mapping[str, str], faults: list[str]) -> Payment | None:
    """A line as a payment; what is wrong with it is added to the faults, all of it."""
    before = len(faults)

    def field(name: str, parse: Callable[[str], Any], otherwise: Any = None) -> Any:
        text = row.get(name, "")
        try:
            if "\x00" in text:
                raise ValueError("it holds a character that no text has")
            return parse(text) if text else otherwise
        except ValueError as no:
            faults.append(f"Line {number}, {name}: {no}.")
            return otherwise

    faults += [f"Line {number}, {name}: it is empty." for name in NEEDED if not row.get(name)]
    starts_on, through = field("period_start", day_of), field("period_end", day_of)
    if (starts_on is None) != (through is None) and len(faults) == before:
        name = "period_end" if through is None else "period_start"
        faults.append(f"Line {number}, {name}: it is empty, though the period has its other end.")
    elif starts_on and through and through < starts_on:
        faults.append(f"Line {number}, period_end: the period ends before it begins.")
    found = Payment(
        number, field("payee", text_of, ""), field("amount", _amount, Money.cents(1)), field("npi", npi_of, ""),
        field("ein", ein_of, ""), starts_on, through, field("hours", _count), field("units", _count),
        field("time_record", text_of, ""), field("arrangement", _arrangement, ""), field("reference", text_of, ""),
    )  # fmt: skip
    return found if len(faults) == before else None


def text_of(text: str) -> str:
    """A short text; raises `ValueError` in words."""
    if len(text) > TEXT_MAX:
        raise ValueError(f"it has {len(text)} characters, {TEXT_MAX} at most are taken")
    return text


def dollars_of(text: str) -> Decimal:
    """Dollars and cents; raises `ValueError` in words."""
    words = f"{text[:20]!r} is no amount in dollars and cents"
    return decimal_of(text.removeprefix("$").replace(",", ""), CENT, words)


def _amount(text: str) -> Money:
    value = dollars_of(text)
    if not 0 < value <= AMOUNT_MAX:
        raise ValueError(f"{text[:20]!r} is not paid: more than nothing and at most {AMOUNT_MAX:,} dollars is")
    return Money.of(value)


def _count(text: str) -> Decimal:
    value = decimal_of(text, HOURS, f"{text[:20]!r} is no number with at most two decimal places")
    if not 0 < value <= COUNT_MAX:
        raise ValueError(f"{text[:20]!r} is not more than nothing and at most {COUNT_MAX:,}")
    return value


def decimal_of(text: str, step: Decimal, otherwise: str) -> Decimal:
    """A number to a step; raises `ValueError` with `otherwise`."""
    try:
        if not re.fullmatch(r"-?\d{1,12}(\.\d*)?", text, re.ASCII):
            raise ValueError(otherwise)
        value = Decimal(text)
        if value.quantize(step) != value:
            raise ValueError(otherwise)
    except InvalidOperation as no:
        raise ValueError(otherwise) from no
    return value.quantize(step)


def day_of(text: str) -> date:
    """A day as 2026-10-31; raises `ValueError` in words."""
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            raise ValueError
        found = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:20]!r} is no day: write 2026-10-31") from None
    if not 2000 <= found.year <= 2100:
        raise ValueError(f"{text} is not a day of these years")
    return found


def npi_of(text: str) -> str:
    """An NPI by its check digit; raises `ValueError` in words."""
    if not npi_is_valid(text):
        raise ValueError(f"{text[:20]!r} is no NPI: ten digits, the last of which checks the others")
    return text


def ein_of(text: str) -> str:
    """An EIN as nine digits, never a Social Security number; raises `ValueError` in words."""
    digits = text.replace("-", "")
    if not re.fullmatch(r"\d{9}", digits, re.ASCII) or ("-" in text and text[2:3] != "-"):
        raise ValueError(f"{text[:20]!r} is no EIN: write 01-2345678; a Social Security number is not taken")
    return digits


def _arrangement(text: str) -> str:
    if not (text.startswith("ARR-") and is_public_id(text)):
        raise ValueError(f"{text[:20]!r} names no arrangement: write it as the register does, ARR-...")
    return text


def written(payments: Iterable[Payment]) -> str:
    """Payments as a file that `read` takes, and that no spreadsheet takes for formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in payments:
        ein = f"{one.ein[:2]}-{one.ein[2:]}" if one.ein else ""
        counts = ["" if count is None else f"{count.normalize():f}" for count in (one.hours, one.units)]
        writer.writerow([
            harmless(one.payee), str(one.amount), one.npi, ein, one.starts_on or "", one.through or "", *counts,
            harmless(one.time_record), one.arrangement, harmless(one.reference),
        ])  # fmt: skip
    return out.getvalue()
