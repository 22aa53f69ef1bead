"""BAI2 (Cash Management Balance Reporting, version 2): prior-day and intra-day reports of a bank.

Records 01 file, 02 group, 03 account, 16 detail, 88 continuation, 49/98/99 totals. Amounts are whole cents; a detail
is money in for type codes under 400, money out from there. Totals of accounts are checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from edi.bank.model import Account, Entry, Finding, Reading, Statement, error, warning
from edi.bank.trace import trace_in
from edi.bank.values import to_cents, to_short_day, words

CODES = {"01", "02", "03", "16", "49", "88", "98", "99"}
DEBITS_FROM = 400
OPENING, CLOSING = "010", "015"
MARK = "ï»¿"
"""A byte order mark, read as Latin-1."""
_BEGINS = re.compile(r"01,[^,\n]*,[^,\n]*,\s*\d{6}(?:\d\d)?,")
_NEXT = re.compile(rb"(?<=/)[ \t]+(?=(?:0[123]|16|49|88|9[89]),)")
"""Where another record begins in the same line: some banks part them by blanks."""


def looks_like(head: str) -> bool:
    """Whether the beginning of a file is BAI2."""
    return _BEGINS.match(head.removeprefix(MARK).lstrip()) is not None


@dataclass(slots=True)
class _Record:
    number: int
    code: str
    text: str
    start: int
    end: int
    parts: list[str] = field(default_factory=list)


def read_bai2(content: bytes) -> Reading:
    """One statement for each account and group of the file."""
    reader = _Reader()
    for record in _records(content):
        reader.take(record)
    return reader.reading()


def _records(content: bytes) -> Iterator[_Record]:
    """Records with their continuations folded in: `text` is joined, `parts` are the pieces."""
    held: _Record | None = None
    at = 0
    for number, line in _lines(content):
        start, at = at, at + len(line)
        text = line.decode("latin-1").removeprefix(MARK).strip()
        if not text:
            continue
        code, rest = text[:2], text[2:].removeprefix(",").removesuffix("/")
        if code == "88" and held is not None:
            held.parts.append(rest)
            held.end = at
            continue
        if held is not None:
            yield held
        held = _Record(number, code, rest, start, at, [rest])
    if held is not None:
        yield held


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers, each cut where another record begins in it; together they are the content."""
    for number, line in enumerate(content.splitlines(keepends=True), start=1):
        begun = 0
        for found in _NEXT.finditer(line):
            yield number, line[begun : found.end()]
            begun = found.end()
        yield number, line[begun:]


class _Reader:
    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.findings: list[Finding] = []
        self.group_day: date | None = None
        self.currency = "USD"
        self.open: list[str] | None = None
        self.entries: list[Entry] = []
        self.sum = Decimal(0)
        self.balances: dict[str, Decimal] = {}
        self.ended = False

    def take(self, record: _Record) -> None:
        step = {"02": self._group, "03": self._account, "16": self._detail, "49": self._total}.get(record.code)
        if step is not None:
            step(record)
        elif record.code == "99":
            self.ended = True
        elif record.code not in CODES:
            self.findings.append(
                error("record_unknown", f"{record.code[:10]!r} is no record of BAI2.", line=record.number)
            )

    def _group(self, record: _Record) -> None:
        fields = record.text.split(",")
        self.group_day = to_short_day(fields[3]) if len(fields) > 3 else None
        self.currency = (fields[5] if len(fields) > 5 else "") or "USD"
        if self.group_day is None:
            self.findings.append(error("date_unreadable", "A group does not say its day.", line=record.number))

    def _account(self, record: _Record) -> None:
        fields = ",".join(record.parts).split(",")
        self.open = [fields[0], (fields[1] if len(fields) > 1 else "") or self.currency]
        self.entries, self.sum, self.balances = [], Decimal(0), {}
        at = 2
        while at + 1 < len(fields):
            code, amount = fields[at], to_cents(fields[at + 1]) if fields[at + 1].strip() else None
            if amount is not None:
                self.sum += amount
                self.balances[code] = amount
            at += 4 + _extra(fields, at + 3)

    def _detail(self, record: _Record) -> None:
        fields = record.text.split(",")
        amount = to_cents(fields[1]) if len(fields) > 1 and fields[1].strip() else Decimal(0)
        code = fields[0].strip()
        if amount is None or not code.isdigit() or self.open is None or self.group_day is None:
            self.findings.append(
                error("detail_unreadable", "A detail has no readable type, amount, account or day.", line=record.number)
            )
            return
        self.sum += amount
        rest = fields[3 + _extra(fields, 2) :]
        bank, customer = (*rest[:2], "", "")[:2]
        text = words(",".join(rest[2:]), *record.parts[1:])
        signed = -amount if int(code) >= DEBITS_FROM else amount
        self.entries.append(
            Entry(
                self.group_day, signed, text, key=bank.strip(), kind=code, reference=customer.strip(),
                trace=trace_in(text), start=record.start, end=record.end,
            )
        )  # fmt: skip

    def _total(self, record: _Record) -> None:
        if self.open is None:
            self.findings.append(error("total_alone", "A total stands outside an account.", line=record.number))
            return
        told = to_cents(record.text.split(",")[0])
        if told != self.sum:
            said = "missing" if told is None else str(told)
            self.findings.append(
                warning(
                    "total_differs", f"The bank's account total is {said}, we add up {self.sum}.", line=record.number
                )
            )
        number, currency = self.open
        self.statements.append(
            Statement(
                Account(number, currency=currency), tuple(self.entries), ends_on=self.group_day,
                starts_on=self.group_day, opening=self.balances.get(OPENING), closing=self.balances.get(CLOSING),
            )
        )  # fmt: skip
        self.open = None

    def reading(self) -> Reading:
        if self.open is not None or not self.ended:
            self.findings.append(error("file_cut", "The file ends before its totals.", "Fetch it from the bank again."))
        return Reading("BAI2", tuple(self.statements), tuple(self.findings))


def _extra(fields: list[str], at: int) -> int:
    """How many fields follow a funds type: availability by day (S, D) or a value date (V)."""
    kind = fields[at].strip().upper() if at < len(fields) else ""
    if kind == "S":
        return 3
    if kind == "V":
        return 2
    if kind == "D" and at + 1 < len(fields) and fields[at + 1].strip().isdigit():
        return 1 + 2 * int(fields[at + 1][:3])
    return 0
