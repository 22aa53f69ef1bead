"""Files that go to agencies and come from them: CSV in UTF-8 with a heading line (docs/how-to/agencies.md)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money

OUT_COLUMNS = (
    "placement", "account", "last_name", "first_name", "born_on", "phone", "line1", "line2", "city", "state", "zip",
    "amount", "oldest_service_on", "final_notice_on", "collect_not_before", "act",
)  # fmt: skip
"""Of a file that hands over (`act` place) or takes back (`act` recall)."""
IN_COLUMNS = ("placement", "type", "amount", "fee", "on", "reference")
"""Of a file that an agency sends: `type` is payment, adjustment or return."""
TYPES = frozenset({"payment", "adjustment", "return"})
ROWS_MAX = 20_000


class Unreadable(Refused):
    """The agency's file cannot be taken; nothing of it was."""

    code = "agency_file_unreadable"


@dataclass(frozen=True, slots=True)
class Said:
    """A line of an agency's file."""

    line: int
    placement: str
    type: str
    amount: Money
    fee: Money
    on: date | None
    reference: str


def write(rows: Iterable[Iterable[str]]) -> bytes:
    """A file for an agency; the values of each row in the order of `OUT_COLUMNS`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(OUT_COLUMNS)
    writer.writerows([_harmless(one) for one in row] for row in rows)
    return out.getvalue().encode()


def read(content: bytes) -> list[Said]:
    """The lines of an agency's file; raises `Unreadable` with the line and what is wrong with it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as no:
        raise Unreadable("The file is not UTF-8 text.", field="file", fix="Save it as CSV in UTF-8.") from no
    reader = csv.DictReader(io.StringIO(text))
    lacking = [one for one in IN_COLUMNS if one not in (reader.fieldnames or ())]
    if lacking:
        raise Unreadable(f"Line 1: the column {lacking[0]} is missing.", field="file",
                         fix=f"The columns are {', '.join(IN_COLUMNS)}.")  # fmt: skip
    found = list(_lines(reader))
    if not found:
        raise Unreadable("The file has no line below its headings.", field="file")
    return found


def _lines(reader: csv.DictReader[str]) -> Iterator[Said]:
    for number, row in enumerate(reader, start=2):
        if number > ROWS_MAX:
            raise Unreadable(f"The file has more than {ROWS_MAX:,} lines.", field="file", fix="Send it in parts.")
        said = {name: (row.get(name) or "").strip() for name in IN_COLUMNS}
        if said["type"] not in TYPES:
            raise _no(number, f"the type {said['type'][:20]!r} is none of {', '.join(sorted(TYPES))}")
        amount, fee = _money(number, "amount", said["amount"]), _money(number, "fee", said["fee"])
        if said["type"] != "return" and amount <= ZERO:
            raise _no(number, "an amount is more than nothing")
        if fee > amount:
            raise _no(number, "the fee is more than the amount")
        yield Said(number, said["placement"], said["type"], amount, fee, _day(number, said["on"]), said["reference"])


def _money(line: int, name: str, text: str) -> Money:
    try:
        return Money.of(Decimal(text or "0").quantize(Decimal("0.01"))) if Decimal(text or "0") >= 0 else _minus(line)
    except (InvalidOperation, ValueError) as no:
        raise _no(line, f"the {name} {text[:20]!r} is no amount") from no


def _minus(line: int) -> Money:
    raise _no(line, "an amount is negative")


def _day(line: int, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as no:
        raise _no(line, f"{text[:20]!r} is no day: write 2026-10-30") from no


def _no(line: int, words: str) -> Unreadable:
    return Unreadable(f"Line {line}: {words}.", field="file", fix="Mend the line and send the file again.")


def _harmless(text: str) -> str:
    """No cell begins what a spreadsheet would take for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
