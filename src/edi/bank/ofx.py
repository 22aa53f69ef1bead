"""OFX and QFX, in SGML (1.x) and XML (2.x): bank and credit card statements.

Leaf elements need no end tag in SGML, so the file is read as a run of tags and texts, never as a document: no
entity is expanded and no depth can hurt. Investment statements are not money in a bank and are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from edi.bank.model import Account, Entry, Finding, Reading, Statement, error, warning
from edi.bank.trace import trace_in
from edi.bank.values import to_amount, to_day, words

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9_.]{0,63})(?:\s[^<>]*)?/?>([^<]*)")
_SILENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_STATEMENTS = {"STMTRS", "CCSTMTRS"}
_GROUPS = {"BANKACCTFROM", "CCACCTFROM", "BANKTRANLIST", "STMTTRN", "LEDGERBAL", "STATUS", "CCACCTTO", "BANKACCTTO"}


def looks_like(head: str) -> bool:
    """Whether the beginning of a file is OFX."""
    upper = head[:4096].upper()
    return "OFXHEADER" in upper or "<OFX>" in upper


def read_ofx(content: bytes) -> Reading:
    """Every bank and card statement of the file."""
    reader = _Reader(content)
    for start, end, closing, name, value in _tags(content):
        reader.take(start, end, closing=closing, name=name, value=value)
    return reader.reading()


def _tags(content: bytes) -> Iterator[tuple[int, int, bool, str, str]]:
    """Tags with the text behind them; offsets are those of the file, as Latin-1 keeps one character a byte."""
    text = content.decode("latin-1")
    text = _SILENT.sub(lambda found: " " * len(found[0]), text)
    text = _CDATA.sub(_plain, text)
    for found in _TAG.finditer(text):
        yield found.start(), found.end(), bool(found[1]), found[2].upper(), _value(found[3])


def _plain(found: re.Match[str]) -> str:
    """A CDATA section without its frame, at the same length."""
    return found[1].replace("<", " ").rjust(len(found[1]) + 9) + "   "


def _value(text: str) -> str:
    raw = text.strip()
    if not raw.isascii():
        octets = raw.encode("latin-1")
        try:
            raw = octets.decode("utf-8")
        except UnicodeDecodeError:
            raw = octets.decode("cp1252", "replace")
    return unescape(raw) if "&" in raw else raw


class _Reader:
    """Gathers leaves under the aggregate that they stand in."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.statements: list[Statement] = []
        self.findings: list[Finding] = []
        self.seen_ofx = False
        self.statement: dict[str, str] | None = None
        self.account: dict[str, str] = {}
        self.days: dict[str, str] = {}
        self.balance: dict[str, str] = {}
        self.entries: list[Entry] = []
        self.movement: dict[str, str] = {}
        self.began = 0
        self.group = ""
        self.outer: list[str] = []

    def take(self, start: int, end: int, *, closing: bool, name: str, value: str) -> None:
        if name == "OFX":
            self.seen_ofx = True
        if name in _STATEMENTS:
            self._close() if closing else self._open()
        elif name in _GROUPS:
            self._group(name, start, end, closing=closing)
        elif not closing and value:
            self._leaf(name, value)

    def _open(self) -> None:
        self.statement, self.account, self.days, self.balance, self.entries = {}, {}, {}, {}, []

    def _group(self, name: str, start: int, end: int, *, closing: bool) -> None:
        if closing:
            if name == "STMTTRN" and self.statement is not None:
                self._movement(end)
            self.group = self.outer.pop() if self.outer else ""
            return
        self.outer.append(self.group)
        self.group = name
        del self.outer[:-8]
        if name == "STMTTRN":
            self.movement, self.began = {}, start

    def _leaf(self, name: str, value: str) -> None:
        if self.group == "STATUS":
            self._status(name, value)
        elif self.statement is None:
            return
        elif self.group == "STMTTRN":
            self.movement[name] = value
        elif self.group in {"BANKACCTFROM", "CCACCTFROM"}:
            self.account[name] = value
        elif self.group == "BANKTRANLIST":
            self.days[name] = value
        elif self.group == "LEDGERBAL":
            self.balance[name] = value
        else:
            self.statement.setdefault(name, value)

    def _status(self, name: str, value: str) -> None:
        if name == "SEVERITY" and value.upper() == "ERROR":
            self.findings.append(error("bank_refused", "The bank answered with an error instead of a statement."))
        elif name == "MESSAGE" and self.findings and self.findings[-1].code == "bank_refused":
            self.findings[-1] = error("bank_refused", f"The bank answered: {words(value)[:200]}")

    def _movement(self, end: int) -> None:
        say = self.movement
        amount, day = to_amount(say.get("TRNAMT", "")), to_day(say.get("DTPOSTED", ""))
        if amount is None:
            self._unreadable("amount_unreadable", "amount", say.get("TRNAMT", ""), "Write TRNAMT as -1234.56.")
            return
        if day is None:
            self._unreadable("date_unreadable", "posting day", say.get("DTPOSTED", ""), "Write DTPOSTED as 20260131.")
            return
        name, memo = say.get("NAME", say.get("PAYEE", "")), say.get("MEMO", "")
        text = words(name, "" if memo == name else memo)
        self.entries.append(
            Entry(
                day, amount, text, key=say.get("FITID", ""), kind=say.get("TRNTYPE", ""),
                reference=say.get("CHECKNUM", "") or say.get("REFNUM", ""), originator=words(name),
                trace=trace_in(memo) or trace_in(text), start=self.began, end=end,
            )
        )  # fmt: skip

    def _unreadable(self, code: str, what: str, found: str, fix: str) -> None:
        """An entry without amount or day: at which line it begins, and what stands there."""
        line = self.content.count(b"\n", 0, self.began) + 1
        self.findings.append(error(code, f"An entry has no readable {what}: {words(found)[:20]!r}.", fix, line))

    def _close(self) -> None:
        if self.statement is None:
            return
        account = Account(
            self.account.get("ACCTID", ""), self.account.get("BANKID", ""), self.account.get("ACCTTYPE", ""),
            self.statement.get("CURDEF", "USD").upper(),
        )  # fmt: skip
        if not account.number:
            self.findings.append(warning("account_missing", "A statement does not say which account it is of."))
        starts, ends = to_day(self.days.get("DTSTART", "")), to_day(self.days.get("DTEND", ""))
        self.statements.append(
            Statement(
                account, tuple(self.entries), starts_on=starts, ends_on=ends,
                closing=to_amount(self.balance.get("BALAMT", "")),
            )
        )  # fmt: skip
        self.statement = None

    def reading(self) -> Reading:
        if self.statement is not None:
            self.findings.append(
                error("file_cut", "The file ends inside a statement.", "Fetch it from the bank again.")
            )
        if not self.statements and not self.findings:
            self.findings.append(
                error(
                    "no_statement",
                    "The file holds no statement of a bank or card account.",
                    fix="Download the transactions of the account for a span of days.",
                )
            )
        return Reading("OFX", tuple(self.statements), tuple(self.findings))
