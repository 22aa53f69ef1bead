"""CSV of a bank's web site: no two are alike, so columns are told by a mapping, or found by their headings.

Days and decimal marks are decided once for the whole file, never line by line: a file in which `03/04/2026` could be
either is read the American way. A row with money but without a day is an error, unless it is a balance or total.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from edi.bank.model import Account, Entry, Finding, Reading, Statement, error, warning
from edi.bank.trace import trace_in
from edi.bank.values import words
from edi.text import decoded, separator

HEADINGS: dict[str, tuple[str, ...]] = {
    "date": ("date", "posting date", "posted date", "posted", "post date", "transaction date", "booking date",
             "value date", "as of date", "effective date"),
    "amount": ("amount", "transaction amount", "net amount", "amount (usd)"),
    "credit": ("credit", "credits", "deposit", "deposits", "credit amount", "money in", "paid in"),
    "debit": ("debit", "debits", "withdrawal", "withdrawals", "debit amount", "money out", "paid out"),
    "description": ("description", "label", "memo", "details", "detail", "transaction description", "text", "payee",
                    "name", "narrative"),
    "key": ("fitid", "transaction id", "id", "operation number", "unique id", "bank reference", "ach trace"),
    "reference": ("reference", "check number", "check #", "check or slip #", "customer reference", "cheque number"),
    "addenda": ("addenda", "remittance", "remittance information", "addenda information", "trn"),
    "currency": ("currency", "ccy"),
}  # fmt: skip
DAY_FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d/%m/%Y", "%d/%m/%y", "%Y%m%d", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d")
HEADING_WITHIN = 30
COLUMNS_MAX = 500
ROWS_MAX = 500_000
_POINT = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})?(?:\.\d{1,6})?", re.ASCII)
_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d{1,15})?(?:,\d{1,6})?", re.ASCII)
_TOTALS = re.compile(r"\b(?:balance|total|solde)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CsvMapping:
    """Which column says what, by its heading; what is empty is looked for among the usual headings."""

    date: str = ""
    amount: str = ""
    credit: str = ""
    debit: str = ""
    description: str = ""
    key: str = ""
    reference: str = ""
    addenda: str = ""
    currency: str = ""
    day_form: str = ""
    """As strftime says it: `%m/%d/%Y`."""
    decimal_mark: str = ""
    """`.` or `,`."""


@dataclass(slots=True)
class _Row:
    number: int
    cells: list[str]
    start: int
    end: int

    def at(self, index: int | None) -> str:
        return self.cells[index].strip() if index is not None and index < len(self.cells) else ""


def read_csv(content: bytes, mapping: CsvMapping | None = None) -> Reading:
    """The one statement of a CSV file."""
    mapping = mapping or CsvMapping()
    try:
        rows = list(_rows(content))
    except csv.Error as no:
        return _refuse("csv_broken", f"The file is no CSV: {words(str(no))[:120]}.")
    if len(rows) > ROWS_MAX or any(len(row.cells) > COLUMNS_MAX for row in rows):
        return _refuse("csv_too_wide", f"A statement has at most {ROWS_MAX} rows and {COLUMNS_MAX} columns.")
    found = _heading(rows, mapping)
    if found is None:
        return _refuse(
            "columns_unknown",
            "No row of headings names a day and an amount.",
            "Say which columns hold them: --columns date=Posted,amount=Amount",
        )
    index, columns = found
    return _statement(rows[index + 1 :], columns, mapping)


def _refuse(code: str, message: str, fix: str = "") -> Reading:
    return Reading("CSV", findings=(error(code, message, fix),))


def _rows(content: bytes) -> Iterator[_Row]:
    """Rows with the bytes they stand in; a cell may hold line ends between quotes."""
    lines = decoded(content).splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode("utf-8")))
    reader = csv.reader(lines, delimiter=separator(lines), strict=False)
    before = 0
    for cells in reader:
        start, before = starts[before], reader.line_num
        if any(cell.strip() for cell in cells):
            yield _Row(reader.line_num, cells, start, starts[reader.line_num])


def _heading(rows: Sequence[_Row], mapping: CsvMapping) -> tuple[int, dict[str, int]] | None:
    """The first row that names a day and an amount, and its columns."""
    for index, row in enumerate(rows[:HEADING_WITHIN]):
        names = [cell.strip().casefold() for cell in row.cells]
        columns: dict[str, int] = {}
        for what, usual in HEADINGS.items():
            told = getattr(mapping, what).casefold()
            wanted = (told,) if told else usual
            place = next((names.index(name) for name in wanted if name in names), None)
            if place is not None and (told or place not in columns.values()):
                columns[what] = place
        if "date" in columns and {"amount", "credit", "debit"} & columns.keys():
            return index, columns
    return None


def _statement(rows: Sequence[_Row], columns: dict[str, int], mapping: CsvMapping) -> Reading:
    findings: list[Finding] = []
    form = mapping.day_form or _day_form([row.at(columns["date"]) for row in rows])
    mark = mapping.decimal_mark or _decimal_mark(
        [row.at(columns.get(c)) for row in rows for c in ("amount", "credit", "debit")]
    )
    entries = [entry for row in rows if (entry := _entry(row, columns, form, mark, findings)) is not None]
    currencies = {row.at(columns.get("currency")) for row in rows} - {""}
    if len(currencies) > 1:
        findings.append(error("several_currencies", f"The file mixes currencies: {', '.join(sorted(currencies)[:5])}."))
    if not entries:
        findings.append(error("no_entry", "The file holds no entry."))
    days = [entry.posted_on for entry in entries]
    statement = Statement(
        Account(currency=next(iter(sorted(currencies)), "USD")), tuple(entries),
        starts_on=min(days, default=None), ends_on=max(days, default=None),
    )  # fmt: skip
    return Reading("CSV", (statement,) if entries else (), tuple(findings))


def _entry(row: _Row, columns: dict[str, int], form: str, mark: str, findings: list[Finding]) -> Entry | None:
    amount = _amount(row, columns, mark)
    day = _day(row.at(columns["date"]), form)
    if day is None or amount is None:
        text = " ".join(row.cells)[:2000]
        is_total = bool(_TOTALS.search(text)) or (day is None and not any(c.isdigit() for c in text))
        told = "A balance or total is left out." if is_total else "The row has no readable day or amount."
        findings.append((warning if is_total else error)("row_left_out", told, line=row.number))
        return None
    text, addenda = row.at(columns.get("description")), row.at(columns.get("addenda"))
    return Entry(
        day, amount, words(text, addenda), key=row.at(columns.get("key"))[:100],
        reference=row.at(columns.get("reference"))[:100], originator=words(text)[:100],
        trace=trace_in(addenda) or trace_in(text), start=row.start, end=row.end,
    )  # fmt: skip


def _amount(row: _Row, columns: dict[str, int], mark: str) -> Decimal | None:
    """The signed amount, or credit less debit, whatever sign the bank gives its debits."""
    if "amount" in columns and row.at(columns["amount"]):
        return _number(row.at(columns["amount"]), mark)
    credit, debit = row.at(columns.get("credit")), row.at(columns.get("debit"))
    if not credit and not debit:
        return None
    money_in = _number(credit, mark) if credit else Decimal(0)
    money_out = _number(debit, mark) if debit else Decimal(0)
    return None if money_in is None or money_out is None else money_in - abs(money_out)


def _number(text: str, mark: str) -> Decimal | None:
    """A number with thousands and a currency sign; brackets and a minus behind it mean out."""
    negative = (text.startswith("(") and text.endswith(")")) or text.endswith("-")
    plain = text.strip("()").rstrip("-").replace("$", "").replace("−", "-").replace(" ", "")
    if not any(c.isdigit() for c in plain) or not (_POINT if mark == "." else _COMMA).fullmatch(plain):
        return None
    plain = plain.replace(",", "") if mark == "." else plain.replace(".", "").replace(",", ".")
    return -Decimal(plain) if negative else Decimal(plain)


def _decimal_mark(texts: Sequence[str]) -> str:
    """A comma only where some amount can be read no other way."""
    return "," if any(re.search(r",\d{1,2}$", t) and not re.search(r",\d{3}", t) for t in texts) else "."


def _day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text[:10].strip(), form).date()  # noqa: DTZ007
    except ValueError:
        return None


def _day_form(texts: Sequence[str]) -> str:
    """The first form that most of the days have."""
    days = [text for text in texts if any(c.isdigit() for c in text)]
    return max(DAY_FORMS, key=lambda form: sum(_day(text, form) is not None for text in days[:5000]))
