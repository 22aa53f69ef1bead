"""Fee schedules of payers as people paste or send them: CSV with or without a header, or columns of a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from openmso.contracting.contracts import RATES_MAX, RateLine
from openmso.contracting.rules.terms import BadTerms
from openmso.kit.money import Money

HEADERS = {
    "code": "code", "hcpcs": "code", "cpt": "code", "procedure": "code", "modifier": "modifier", "mod": "modifier",
    "amount": "nonfacility", "rate": "nonfacility", "fee": "nonfacility", "allowed": "nonfacility",
    "non-facility": "nonfacility", "nonfacility": "nonfacility", "office": "nonfacility", "facility": "facility",
}  # fmt: skip
AMOUNT = re.compile(r"\$?(\d{1,3}(?:,\d{3})+|\d{1,7})(\.\d{1,2})?")
TOLD_MAX = 5
FIX = "Write a line as 99213, 92.40, or as code, modifier, non-facility, facility."


def read(text: str) -> tuple[RateLine, ...]:
    """The amounts of a schedule; raises `BadTerms` that names the first lines that say none."""
    text = text.removeprefix("\ufeff")
    separator = next((one for one in ("\t", ";") if one in text.partition("\n")[0]), ",")
    columns: dict[str, int] | None = None
    found: list[RateLine] = []
    wrong: list[str] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1):
            said = [cell.strip() for cell in cells]
            if not any(said):
                continue
            if columns is None and (named := _header(said)):
                columns = named
                continue
            columns = columns or {}
            line = _line(said, columns)
            if line is None:
                wrong.append(f"Line {number}, {', '.join(said)[:40]}, is no amount.")
            else:
                found.append(line)
    except csv.Error as no:
        raise BadTerms(f"The fee schedule is not CSV: {no}.", field="rates", fix=FIX) from no
    if wrong:
        more = f" {len(wrong) - TOLD_MAX:,} more are none." if len(wrong) > TOLD_MAX else ""
        raise BadTerms(" ".join(wrong[:TOLD_MAX]) + more, field="rates", fix=FIX)
    if len(found) > RATES_MAX:
        raise BadTerms(f"A fee schedule has {RATES_MAX:,} amounts at most.", field="rates", fix="Leave out what ended.")
    return tuple(found)


def written(rates: Sequence[RateLine]) -> str:
    """A schedule as it may be pasted again."""
    return "\n".join(f"{one.code}, {one.modifier}, {one.nonfacility}, {one.facility}" for one in rates)


def _header(cells: Sequence[str]) -> dict[str, int]:
    """Where each column stands, if these cells are names of columns."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if name := HEADERS.get(cell.lower()):
            found.setdefault(name, place)
    return found if {"code", "nonfacility"} <= found.keys() else {}


def _line(cells: Sequence[str], columns: dict[str, int]) -> RateLine | None:
    if columns:
        by_name = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
        code, modifier = by_name["code"], by_name.get("modifier", "")
        amounts = [by_name["nonfacility"], by_name.get("facility", "")]
    else:
        code, *rest = cells
        has_modifier = len(rest) > 1 and (not rest[0] or (len(rest[0]) == 2 and len(cells) > 2))
        modifier, amounts = (rest[0], rest[1:]) if has_modifier else ("", rest)
    if "-" in code and not modifier:
        code, _, modifier = code.partition("-")
    money = [_amount(one) for one in amounts if one]
    if not re.fullmatch(r"[A-Za-z0-9]{5}", code) or not 1 <= len(money) <= 2 or None in money:
        return None
    known = [one for one in money if one is not None]
    return RateLine(code.upper(), modifier.upper(), known[0], known[-1])


def _amount(said: str) -> Money | None:
    found = AMOUNT.fullmatch(said)
    return Money.of(f"{found[1].replace(',', '')}{found[2] or ''}") if found else None
