"""Tables of rules as files: read whole and checked, or refused with line and fix; and what one changes of another.

Two kinds: what law and policy ask of collecting (`medical_debt`), and the poverty guidelines (`charity`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from importlib import resources
from typing import Any

from openmso.billing.rules.charity import REGIONS, Guideline
from openmso.billing.rules.medical_debt import CONFIDENCE, EVERYWHERE, RULES
from openmso.billing.rules.medical_debt import Row as DebtRow
from openmso.billing.states import TableKind
from openmso.kit.errors import Refused
from openmso.kit.words import counted, day

ROWS_MAX = 5_000
STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA PR RI SC SD TN TX UT VT VA WA WV WI WY GU VI AS MP".split()
)
Row = Mapping[str, str]


class Unreadable(Refused):
    """The file fails a check, so nothing of it is loaded; the sentence names the line."""

    code = "table_refused"


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is new, gone, or says something else; `before` and `after` are its words, if there are any."""

    what: str
    key: str
    before: str
    after: str
    about: str = ""
    """What the row is about, as people say it."""


def read(kind: TableKind, content: bytes) -> tuple[list[dict[str, str]], list[str]]:
    """The rows of a file, and what its checks found in words. Raises `Unreadable`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _no(1, "the file is not UTF-8.", "Save it as CSV in UTF-8.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    missing = [one for one in COLUMNS[kind] if one not in (reader.fieldnames or ())]
    if missing:
        raise _no(1, f"the column {missing[0]} is missing.", f"The columns are {', '.join(COLUMNS[kind])}.")
    rows: list[dict[str, str]] = []
    seen: dict[str, int] = {}
    try:
        for found in reader:
            row = {one: (found[one] or "").strip() for one in COLUMNS[kind]}
            if words := next(_CHECKS[kind](row), ""):
                raise _no(reader.line_num, words, "Mend the line, and send the whole file again.")
            if (key := key_of(kind, row)) in seen:
                raise _no(reader.line_num, f"{key} stands in line {seen[key]} already.", "Keep one of them.")
            seen[key] = reader.line_num
            rows.append(row)
    except csv.Error as no:
        raise _no(reader.line_num, f"it is not CSV: {no}.", "Save it as CSV.") from None
    if not 0 < len(rows) <= ROWS_MAX:
        raise _no(1, f"the file has {len(rows):,} rows.", f"A table has 1 to {ROWS_MAX:,} rows.")
    return rows, list(_whole(kind, rows))


def shipped(kind: TableKind) -> list[dict[str, str]]:
    """The rows that come with the product."""
    name = {TableKind.DEBT: "medical_debt.csv", TableKind.POVERTY: "poverty_guidelines.csv"}[kind]
    return read(kind, resources.files("openmso.billing.rules").joinpath(name).read_bytes())[0]


def written(kind: TableKind, rows: Sequence[Row]) -> bytes:
    """Rows as a file that can be changed and loaded."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS[kind], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def changes(kind: TableKind, before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    """What a table changes of another one, by the keys of their rows."""
    old, new = ({key_of(kind, row): row for row in rows} for rows in (before, after))
    found = []
    for key in sorted({*old, *new}):
        was, is_now = old.get(key), new.get(key)
        if was is None and is_now is not None:
            found.append(Change("New", key, "", _words(is_now), about(kind, is_now)))
        elif is_now is None and was is not None:
            found.append(Change("Gone", key, _words(was), "", about(kind, was)))
        elif was is not None and is_now is not None and was != is_now:
            told = [place for place, one in enumerate(COLUMNS[kind]) if was[one] != is_now[one]]
            words = [
                "; ".join(f"{heads(kind)[place]}: {said(kind, row)[place]}" for place in told) for row in (was, is_now)
            ]
            found.append(Change("Changed", key, words[0], words[1], about(kind, is_now)))
    return found


def debt_row(row: Row) -> DebtRow:
    """A row of the first kind as rules take it."""
    return DebtRow(
        row["state"], row["rule"], int(row["number"]), row["basis"], row["words"], row["source"],
        date.fromisoformat(row["effective_on"]), date.fromisoformat(row["as_of"]), row["confidence"],
    )  # fmt: skip


def guideline_row(row: Row) -> Guideline:
    """A row of the second kind as rules take it."""
    return Guideline(
        int(row["year"]), row["region"], int(row["first"]), int(row["additional"]),
        date.fromisoformat(row["effective_on"]), row["source"],
    )  # fmt: skip


def key_of(kind: TableKind, row: Row) -> str:
    """What a row is about."""
    if kind is TableKind.DEBT:
        return f"{row['state']} {row['rule']} {row['effective_on']}"
    return f"{row['year']} {row['region']}"


def about(kind: TableKind, row: Row) -> str:
    """What a row is about, as people say it."""
    told = said(kind, row)
    if kind is TableKind.DEBT:
        return f"{told[0]}: {told[1].lower()}, from {day(date.fromisoformat(row['effective_on']))}"
    return f"{told[0]}, {told[1].lower()}"


def _words(row: Row) -> str:
    if "words" in row:
        return f"{row['number']}: {row['words']} ({row['source']})"
    return f"{row['first']} and {row['additional']} for each further person ({row['source']})"


def _debt(row: Row) -> Iterator[str]:
    if row["state"] not in STATES | {*EVERYWHERE}:
        yield f"{row['state']!r} is no state; US and * mean all of them."
    if row["rule"] not in RULES:
        yield f"{row['rule']!r} is none of {', '.join(RULES)}."
    if not re.fullmatch(r"\d{1,5}", row["number"]):
        yield f"{row['number']!r} is no number of days, or percent."
    if row["basis"] not in {"law", "policy"}:
        yield f"{row['basis']!r} is neither law nor policy."
    if row["confidence"] not in CONFIDENCE:
        yield f"{row['confidence']!r} is none of {', '.join(CONFIDENCE)}."
    is_policy = row["basis"] == "policy"
    if is_policy != (row["confidence"] == "house") or is_policy != (row["state"] == "*"):
        yield "policy is the house's, of all states (*); law is somebody else's."
    for name, most in (("words", 200), ("source", 120)):
        if not 0 < len(row[name]) <= most:
            yield f"{name} has 1 to {most} characters."
    for name in ("effective_on", "as_of"):
        if _day(row[name]) is None:
            yield f"{row[name]!r} is no day; write 2026-11-30."


def _poverty(row: Row) -> Iterator[str]:
    if not re.fullmatch(r"20\d\d", row["year"]):
        yield f"{row['year']!r} is no year."
    if row["region"] not in REGIONS:
        yield f"{row['region']!r} is none of {', '.join(REGIONS)}."
    for name in ("first", "additional"):
        if not re.fullmatch(r"[1-9]\d{2,5}", row[name]):
            yield f"{name} {row[name]!r} is no amount in whole dollars."
    if int(row["additional"]) >= int(row["first"]):
        yield "a further person adds less than the first."
    if (day := _day(row["effective_on"])) is None or str(day.year) != row["year"]:
        yield f"{row['effective_on']!r} is no day of {row['year']}."
    if not row["source"]:
        yield "the notice in the Federal Register is not named."


def _whole(kind: TableKind, rows: Sequence[Row]) -> Iterator[str]:
    """Checks of a table as a whole; what they found, in words."""
    if kind is TableKind.DEBT:
        states = sorted({row["state"] for row in rows} - {*EVERYWHERE})
        yield f"{counted(len(rows), 'rule')}, {counted(len(states), 'state')}: {', '.join(states)}"
        yield "Every rule names a source, a first day and how sure it is"
        return
    years = sorted({row["year"] for row in rows})
    for year in years:
        if len([row for row in rows if row["year"] == year]) != len(REGIONS):
            raise _no(1, f"{year} does not have {', '.join(REGIONS)}.", "A year has one row for each of them.")
    yield f"{counted(len(years), 'year')}: {', '.join(years)}"
    yield "Every year has its three regions"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _no(line: int, words: str, fix: str) -> Unreadable:
    return Unreadable(f"Line {line}: {words}", field="file", fix=fix)


COLUMNS: Mapping[TableKind, tuple[str, ...]] = {
    TableKind.DEBT: tuple(one.name for one in fields(DebtRow)),
    TableKind.POVERTY: tuple(one.name for one in fields(Guideline)),
}
_CHECKS: Mapping[TableKind, Callable[[Any], Iterator[str]]] = {TableKind.DEBT: _debt, TableKind.POVERTY: _poverty}

_HEADS: Mapping[TableKind, tuple[str, ...]] = {
    TableKind.DEBT: ("Whose", "What it is about", "Number", "By", "In words", "Source", "From", "Read on", "How sure"),
    TableKind.POVERTY: ("Year", "Where", "One person", "Each further person", "From", "Source"),
}


def heads(kind: TableKind) -> tuple[str, ...]:
    """What the columns of a table are called for people."""
    return _HEADS[kind]


def said(kind: TableKind, row: Row) -> tuple[str, ...]:
    """A row as people read it, in the order of `heads`: words for codes, days as days, dollars as dollars."""
    if kind is TableKind.DEBT:
        one = debt_row(row)
        return (
            one.where, RULES[one.rule], f"{one.number:,}", "Law" if one.is_law else "Policy", one.words, one.source,
            day(one.effective_on), day(one.as_of), CONFIDENCE[one.confidence],
        )  # fmt: skip
    line = guideline_row(row)
    return (
        str(line.year), line.region.capitalize(), f"${line.first:,}", f"${line.additional:,}", day(line.effective_on),
        line.source,
    )  # fmt: skip
