"""CSV of a bank's web site: no two are alike, so columns are told by a mapping, or found by their headings.

Days, decimal marks and where the sign stands are decided once for the whole file, never line by line: a file in which
`03/04/2026` could be either is read the American way, and where no amount is negative a column that says debit or
credit gives the sign. A year of two digits is one of 1969 to 2068 (POSIX `%y`). A row with money but without a day is
an error, unless it is a balance or total.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from edi.bank.model import Account, Entry, Finding, Reading, Statement, error, warning
from edi.bank.trace import trace_in
from edi.bank.values import words
from edi.text import decoded, separator

HEADINGS: dict[str, tuple[str, ...]] = {
    "date": ("date", "posting date", "posted date", "posted", "post date", "transaction date", "booking date",
             "date posted", "value date", "as of date", "as-of date", "effective date"),
    "amount": ("amount", "transaction amount", "net amount", "amt"),
    "credit": ("credit", "credits", "deposit", "deposits", "credit amount", "credit amt", "deposit amount", "money in",
               "paid in"),
    "debit": ("debit", "debits", "withdrawal", "withdrawals", "debit amount", "debit amt", "withdrawal amount",
              "money out", "paid out"),
    "description": ("description", "transaction description", "tran desc", "label", "payee", "payee name", "name",
                    "memo", "details", "detail", "text", "narrative"),
    "key": ("fitid", "transaction id", "id", "operation number", "unique id", "bank reference", "ach trace"),
    "reference": ("reference", "reference number", "check number", "check #", "check or slip #", "check/serial #",
                  "check serial number", "customer reference", "cheque number"),
    "addenda": ("addenda", "remittance", "remittance information", "addenda information", "trn"),
    "currency": ("currency", "ccy"),
    "direction": ("credit debit indicator", "credit/debit indicator", "credit/debit", "debit/credit", "cr/dr", "dr/cr",
                  "transaction type", "type", "transaction", "details"),
    "status": ("status", "transaction status", "tran status"),
}  # fmt: skip
DAY_FORMS = (
    "%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d/%m/%Y", "%d/%m/%y", "%Y%m%d", "%m-%d-%Y", "%m-%d-%y", "%d.%m.%Y",
    "%Y/%m/%d", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%b %d, %Y", "%B %d, %Y",
)  # fmt: skip
OUT = frozenset({"debit", "dr", "db", "d", "withdrawal"})
IN = frozenset({"credit", "cr", "c", "deposit"})
NOT_POSTED = frozenset({"pending", "failed", "cancelled", "canceled", "declined", "blocked"})
HEADING_WITHIN = 30
COLUMNS_MAX = 500
ROWS_MAX = 200_000
"""A row holds some 700 bytes while its file is read."""
NOT_A_STATEMENT = "Download the statement from the bank as OFX, QFX, BAI2, CAMT, NACHA or CSV."
_POINT = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})?(?:\.\d{1,6})?", re.ASCII)
_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d{1,15})?(?:,\d{1,6})?", re.ASCII)
_REMARK = re.compile(r"\s*\((?:us[d$]|\$|utc|[a-z]{2}t|[mdy/.-]+|\+)\)|[:*]")
"""What a heading says beside its name: `Date (UTC)`, `Amount (USD)`, `Amount*`; never another currency."""
_CLOCK = re.compile(r"[T ]\s*\d{1,2}:\d{2}.*")
_TOTALS = re.compile(r"\b(?:balance|total|solde)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CsvMapping:
    """Which column says what, by its heading; what is empty is looked for among the usual headings.

    In a file without headings columns are told by their place, from 1: `date="1", amount="2"`.
    """

    date: str = ""
    amount: str = ""
    credit: str = ""
    debit: str = ""
    description: str = ""
    key: str = ""
    reference: str = ""
    addenda: str = ""
    currency: str = ""
    direction: str = ""
    """Which says whether an unsigned amount came in (credit) or went out (debit)."""
    status: str = ""
    """Which says whether the row was posted; pending and failed ones are left out."""
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
    if content.count(b"\n") > ROWS_MAX:
        return _too_large()
    try:
        rows = list(islice(_rows(content), ROWS_MAX + 1))
    except csv.Error as no:
        return _refuse("csv_broken", f"The file is no CSV: {words(str(no))[:120]}.", NOT_A_STATEMENT)
    if len(rows) > ROWS_MAX or any(len(row.cells) > COLUMNS_MAX for row in rows):
        return _too_large()
    found = _heading(rows, mapping)
    if found is None:
        return _refuse(
            "columns_unknown",
            "No row of headings names a day and an amount.",
            "Say which columns hold them, by heading or by place: date=Posted,amount=Sum or date=1,amount=2.",
        )
    index, columns = found
    return _statement(rows[index:], columns, mapping)


def _too_large() -> Reading:
    return _refuse(
        "csv_too_wide", f"A statement has at most {ROWS_MAX:,} rows and {COLUMNS_MAX} columns.",
        "Send it in parts, each with the row of headings.",
    )  # fmt: skip


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
    """Where the entries begin, and their columns: told by place, or by the first row that names a day and an amount."""
    told = {what: getattr(mapping, what).strip().casefold() for what in HEADINGS}
    if told["date"].isdecimal():
        return 0, {what: int(place) - 1 for what, place in told.items() if place.isdecimal()}
    for index, row in enumerate(rows[:HEADING_WITHIN]):
        names = [cell.strip().casefold() for cell in row.cells]
        names += [_REMARK.sub("", name) for name in names]  # a second chance, for names with a remark
        columns: dict[str, int] = {}
        for what, usual in HEADINGS.items():
            wanted = (told[what],) if told[what] else usual
            places = (names.index(name) % len(row.cells) for name in wanted if name in names)
            place = next((p for p in places if told[what] or p not in columns.values()), None)
            if place is not None:
                columns[what] = place
        if "date" in columns and {"amount", "credit", "debit"} & columns.keys():
            return index + 1, columns
    return _unheaded(rows) if not any(told.values()) else None


def _unheaded(rows: Sequence[_Row]) -> tuple[int, dict[str, int]] | None:
    """A file of nothing but entries, each beginning with a day and an amount and ending with its text."""
    form = _day_form([row.at(0) for row in rows])
    if rows and all(_day(row.at(0), form) and _number(row.at(1), ".") is not None for row in rows):
        return 0, {"date": 0, "amount": 1, "description": max(2, min(len(row.cells) for row in rows) - 1)}
    return None


def _statement(rows: Sequence[_Row], columns: dict[str, int], mapping: CsvMapping) -> Reading:
    findings: list[Finding] = []
    form = mapping.day_form or _day_form([row.at(columns["date"]) for row in rows])
    mark = mapping.decimal_mark or _decimal_mark(
        [row.at(columns.get(c)) for row in rows for c in ("amount", "credit", "debit")]
    )
    sign = _signs(rows, columns, mark)
    status = columns.get("status")
    posted = [row for row in rows if row.at(status).casefold() not in NOT_POSTED]
    findings += [
        warning("not_posted", f"The row is {row.at(status).casefold()} and left out.", line=row.number)
        for row in rows
        if row.at(status).casefold() in NOT_POSTED
    ]
    entries = [entry for row in posted if (entry := _entry(row, columns, form, mark, sign, findings)) is not None]
    currencies = {row.at(columns.get("currency")).upper() for row in posted} - {""}
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


def _entry(
    row: _Row, columns: dict[str, int], form: str, mark: str, sign: int | None, findings: list[Finding]
) -> Entry | None:
    amount = _amount(row, columns, mark)
    day = _day(row.at(columns["date"]), form)
    direction = row.at(sign).casefold()
    if day is None or amount is None:
        text = " ".join(row.cells)[:2000]
        if _TOTALS.search(text) or (day is None and not any(c.isdigit() for c in text)):
            findings.append(warning("row_left_out", "A balance or total is left out.", line=row.number))
        else:
            what = "day" if day is None else "amount"
            found = words(row.at(columns["date"]))[:40] if day is None else _said(row, columns)[:40]
            fix = "Mend the row, or say which columns they are and how days are written: date=Posted,day_form=%d/%m/%Y."
            findings.append(error("row_left_out", f"The row has no readable {what}: {found!r}.", fix, row.number))
        return None
    if sign is not None and direction not in OUT | IN:
        found = words(row.at(sign))[:40]
        fix = "Write debit or credit there, or give amounts that went out a minus."
        findings.append(error("direction_unknown", f"Did the money come in or go out? {found!r}.", fix, row.number))
        return None
    if sign is not None and direction in OUT:
        amount = -amount
    text, addenda = row.at(columns.get("description")), row.at(columns.get("addenda"))
    return Entry(
        day, amount, words(text, addenda), key=row.at(columns.get("key"))[:100],
        reference=row.at(columns.get("reference"))[:100], originator=words(text)[:100],
        trace=trace_in(addenda) or trace_in(text) or trace_in(words(*row.cells)[:4000]), start=row.start, end=row.end,
    )  # fmt: skip


def _said(row: _Row, columns: dict[str, int]) -> str:
    """What stands where an amount should."""
    return words(*(row.at(columns.get(what)) for what in ("amount", "credit", "debit")))


def _signs(rows: Sequence[_Row], columns: dict[str, int], mark: str) -> int | None:
    """The column that gives the sign: the direction, where amounts have none of their own and some row is a debit."""
    direction = columns.get("direction")
    if direction is None or "amount" not in columns:
        return None
    amounts = (_number(row.at(columns["amount"]), mark) for row in rows)
    if any(amount is not None and amount < 0 for amount in amounts):
        return None
    return direction if any(row.at(direction).casefold() in OUT for row in rows) else None


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
    """A number with thousands and a currency sign; brackets, a minus or `DR` behind it mean out."""
    plain = text.upper().replace("$", "").replace("USD", "").replace("−", "-").replace(" ", "").replace("\xa0", "")
    negative = (plain.startswith("(") and plain.endswith(")")) or plain.endswith(("-", "DR"))
    plain = plain.strip("()").removesuffix("CR").removesuffix("DR").rstrip("-")
    if not any(c.isdigit() for c in plain) or not (_POINT if mark == "." else _COMMA).fullmatch(plain):
        return None
    plain = plain.replace(",", "") if mark == "." else plain.replace(".", "").replace(",", ".")
    return -Decimal(plain) if negative else Decimal(plain)


def _decimal_mark(texts: Sequence[str]) -> str:
    """A comma only where some amount can be read no other way."""
    return "," if any(re.search(r",\d{1,2}$", t) and not re.search(r",\d{3}", t) for t in texts) else "."


def _day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(_CLOCK.sub("", text).strip(), form).date()  # noqa: DTZ007
    except ValueError:
        return None


def _day_form(texts: Sequence[str]) -> str:
    """The first form that most of the days have."""
    days = [text for text in texts if any(c.isdigit() for c in text)]
    return max(DAY_FORMS, key=lambda form: sum(_day(text, form) is not None for text in days[:5000]))
