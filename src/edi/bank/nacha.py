"""NACHA files: ACH entries with their addenda, as the receiving bank hands them on.

Records are 94 characters, with line ends or without. What matters here are credits with a CCD+ addenda record (705)
whose text is the TRN segment of the 835. Batch and file totals are checked (NACHA Operating Rules, appendix three).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from edi.bank.model import Account, Entry, Finding, Reading, Statement, error, warning
from edi.bank.trace import trace_in
from edi.bank.values import to_cents, to_short_day, words

SIZE = 94
ZERO = Decimal("0.00")
LAYOUT_OF_ITS_OWN = {"ADV", "IAT"}
PADDING = "9" * SIZE


def looks_like(head: str) -> bool:
    """Whether the beginning of a file is NACHA: a file header record, priority code 01."""
    start = head.lstrip("\r\n")
    return start.startswith("101") and (
        "094101" in start[:60] or len(start.split("\n", 1)[0].rstrip()) in range(80, 96)
    )


@dataclass(slots=True)
class _Batch:
    sec: str
    company: str
    company_id: str
    description: str
    effective_on: date | None
    debits: Decimal = ZERO
    credits: Decimal = ZERO
    records: int = 0
    """Entries and addenda."""
    hash: int = 0
    """Sum of the receiving banks' routing numbers, eight digits each."""


@dataclass(slots=True)
class _Open:
    record: str
    number: int
    start: int
    end: int
    addenda: list[str]


def read_nacha(content: bytes) -> Reading:
    """All entries of the file as one statement for each receiving account."""
    reader = _Reader()
    for number, start, end, record in records(content):
        reader.take(number, start, end, record)
    return reader.reading()


def records(content: bytes) -> Iterator[tuple[int, int, int, str]]:
    """Records with their number and bytes; a file without line ends is cut every 94 characters."""
    text = content.decode("latin-1")
    if "\n" not in text.strip() and len(text) > SIZE + 2:
        text = text.rstrip("\r\n ")
        for number, start in enumerate(range(0, len(text), SIZE), start=1):
            yield number, start, min(start + SIZE, len(text)), text[start : start + SIZE].ljust(SIZE)
        return
    at = 0
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        start, at = at, at + len(line)
        record = line.rstrip("\r\n")
        if record.strip():
            yield number, start, at, record.ljust(SIZE)


class _Reader:
    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.batch: _Batch | None = None
        self.open: _Open | None = None
        self.accounts: dict[tuple[str, str], list[Entry]] = {}
        self.debits = self.credits = ZERO
        self.has_header = self.has_control = False
        self.file_day: date | None = None

    def take(self, number: int, start: int, end: int, record: str) -> None:
        if record == PADDING:
            return
        kind = record[0]
        if kind != "7":
            self._close_entry()
        if kind in "67" and self.batch is not None:
            self.batch.records += 1
        if kind == "1":
            self.has_header, self.file_day = True, to_short_day(record[23:29])
        elif kind == "5":
            self._open_batch(record)
        elif kind == "6":
            self.open = _Open(record, number, start, end, [])
        elif kind == "7":
            self._addenda(number, end, record)
        elif kind == "8":
            self._close_batch(number, record)
        elif kind == "9":
            self._control(number, record)
        else:
            self.findings.append(error("record_unknown", f"Record type {kind!r} is none of NACHA's.", line=number))

    def _open_batch(self, record: str) -> None:
        self.batch = _Batch(
            record[50:53], record[4:20].strip(), record[40:50].strip(), record[53:63].strip(),
            to_short_day(record[69:75]) or to_short_day(record[63:69]) or self.file_day,
        )  # fmt: skip

    def _addenda(self, number: int, end: int, record: str) -> None:
        if self.open is None:
            self.findings.append(error("addenda_alone", "An addenda record stands without its entry.", line=number))
        else:
            self.open.addenda.append(record[3:83] if record[1:3] == "05" else record[3:79])
            self.open.end = end

    def _close_entry(self) -> None:
        held, batch, self.open = self.open, self.batch, None
        if held is None:
            return
        if batch is None:
            self.findings.append(error("entry_alone", "An entry stands outside a batch.", line=held.number))
            return
        if batch.sec in LAYOUT_OF_ITS_OWN:
            return
        record = held.record
        amount = to_cents(record[29:39])
        if amount is None:
            self.findings.append(error("amount_unreadable", "An entry has no readable amount.", line=held.number))
            return
        batch.hash += int(record[3:11]) if record[3:11].isdigit() else 0
        is_debit = record[2] in "6789"
        if is_debit:
            batch.debits += amount
        else:
            batch.credits += amount
        if batch.effective_on is None:
            self.findings.append(warning("date_unreadable", "A batch has no readable day.", line=held.number))
            return
        self._keep(held, batch, amount if not is_debit else -amount)

    def _keep(self, held: _Open, batch: _Batch, amount: Decimal) -> None:
        """Seen from the receiving account: a credit entry brings money in."""
        record, addenda = held.record, " ".join(held.addenda)
        day = batch.effective_on
        assert day is not None
        account = (record[3:12].strip(), record[12:29].strip())
        self.accounts.setdefault(account, []).append(
            Entry(
                day, amount, words(batch.company, batch.description, record[54:76], addenda),
                key=record[79:94].strip(), kind=batch.sec, reference=record[39:54].strip(),
                originator=words(batch.company, batch.company_id), trace=trace_in(addenda),
                start=held.start, end=held.end,
            )
        )  # fmt: skip

    def _close_batch(self, number: int, record: str) -> None:
        batch, self.batch = self.batch, None
        if batch is None:
            self.findings.append(error("control_alone", "A batch control stands without its batch.", line=number))
            return
        self.debits += batch.debits
        self.credits += batch.credits
        if batch.sec in LAYOUT_OF_ITS_OWN:
            self.findings.append(warning("layout_not_read", f"Entries of class {batch.sec} are not read.", line=number))
            self.debits = self.credits = Decimal("NaN")
            return
        told = (to_cents(record[20:32]), to_cents(record[32:44]))
        if told != (batch.debits, batch.credits):
            self._differs("batch", told, batch.debits, batch.credits, number)
        counted = (f"{batch.records:06}", f"{batch.hash % 10**10:010}")
        if (record[4:10], record[10:20]) != counted:
            self.findings.append(
                warning(
                    "batch_count_differs", "A batch control disagrees with its entries' count or hash.", line=number
                )
            )

    def _control(self, number: int, record: str) -> None:
        self.has_control = True
        told = (to_cents(record[31:43]), to_cents(record[43:55]))
        if not self.debits.is_nan() and told != (self.debits, self.credits):
            self._differs("file", told, self.debits, self.credits, number)

    def _differs(
        self, what: str, told: tuple[Decimal | None, Decimal | None], debits: Decimal, credits: Decimal, number: int
    ) -> None:
        self.findings.append(
            error(
                f"{what}_total_differs",
                f"The {what} control says {told[0]} out and {told[1]} in, the entries come to {debits} and {credits}.",
                "Fetch the file from the bank again.",
                number,
            )
        )

    def reading(self) -> Reading:
        self._close_entry()
        if self.batch is not None:
            self.findings.append(error("file_cut", "A batch has no control record."))
        if not self.accounts:
            self.findings.append(error("no_entry", "The file holds no entry that can be kept."))
        if not self.has_header or not self.has_control:
            missing = "header" if not self.has_header else "control"
            self.findings.append(error("file_cut", f"The file has no {missing} record."))
        statements = tuple(
            Statement(
                Account(number, routing), tuple(entries), starts_on=min(e.posted_on for e in entries),
                ends_on=max(e.posted_on for e in entries),
            )
            for (routing, number), entries in self.accounts.items()
        )  # fmt: skip
        return Reading("NACHA", statements, tuple(self.findings))
