"""From CSV rows to visits: one row a charge; rows of one visit_id are one visit. A bad row is refused by its line
number and the good ones are not lost; the claim of a visit that lacks a row is held, saying so."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from openmso.intake.rules.drafts import CoverIn, LineIn, Load, PatientIn, Someone, VisitIn
from openmso.kit.errors import Refused

COLUMNS = (
    "visit_id service_date mrn last_name first_name middle_name birth_date sex address1 address2 city state zip phone "
    "payer_id member_id group_number relationship subscriber_last_name subscriber_first_name subscriber_birth_date "
    "coverage_from coverage_to clinician_npi place_of_service reason diagnoses code modifiers units pointers amount"
).split()
REQUIRED = ("visit_id", "service_date", "mrn", "last_name", "first_name", "code")
RELATIONSHIPS = {"": "18", "self": "18", "18": "18", "spouse": "01", "01": "01", "child": "19", "19": "19"}
ROWS_MAX = 200_000
TEMPLATE = ",".join(COLUMNS) + "\n"
"""The first line of a file, as the template has it."""

Row = dict[str, str]


class NotOurColumns(Refused):
    """The file lacks columns nothing can be built without."""

    code = "columns_missing"


class _Bad(ValueError):
    """One field of a row cannot be read."""


def load(content: bytes) -> Load:
    """The visits of a CSV file, and the account of every row by its line number; raises `NotOurColumns`."""
    reader = csv.DictReader(io.StringIO(_text(content)))
    names = {(name or "").strip().lower() for name in reader.fieldnames or ()}
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise NotOurColumns(
            f"The file has no column {missing[0]}.", field="file", fix=f"Begin with: {','.join(COLUMNS[:6])}, …"
        )
    loaded = Load("csv")
    good: dict[str, list[tuple[int, Row, LineIn]]] = defaultdict(list)
    broken: dict[str, str] = {}
    for row in reader:
        plain = {(k or "").strip().lower(): (v or "").strip() for k, v in row.items() if isinstance(v, str | None)}
        number = reader.line_num
        if len(loaded.items) >= ROWS_MAX:
            loaded.refused(number, "row", "", f"A file has at most {ROWS_MAX:,} rows; send the rest in another.")
            break
        _row(number, plain, loaded, good, broken)
    _visits(good, broken, loaded)
    return loaded


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1").replace("\0", "")


def _row(
    number: int, row: Row, loaded: Load, good: dict[str, list[tuple[int, Row, LineIn]]], broken: dict[str, str]
) -> None:
    visit = row.get("visit_id", "")
    try:
        for name in REQUIRED:
            if not row.get(name):
                raise _Bad(f"{name} is empty")
        for name in ("birth_date", "subscriber_birth_date", "coverage_from", "coverage_to"):
            _day(row.get(name, ""), name)
        first = good[visit][0][1] if good[visit] else row
        if (first["mrn"], first["service_date"]) != (row["mrn"], row["service_date"]):
            raise _Bad("mrn and service_date differ from the first row of the visit")
        line = _line(row, f"{visit}/{len(good[visit]) + 1}")
    except _Bad as no:
        words = f"Line {number}: {no}."
        broken.setdefault(visit, words)
        loaded.refused(number, "row", visit, words)
        return
    good[visit].append((number, row, line))
    loaded.used(number, "row", visit, f"Became charge {line.code} of the visit.")


def _line(row: Row, key: str) -> LineIn:
    on = _day(row["service_date"], "service_date")
    assert on is not None
    code = row["code"].upper()
    if not re.fullmatch(r"[A-Z0-9]{3,12}", code):
        raise _Bad(f"code {row['code'][:20]} is no procedure code")
    pointers = row.get("pointers", "").upper() or "A"
    if not re.fullmatch(r"[A-L]{1,4}", pointers):
        raise _Bad(f"pointers {pointers[:10]} are not letters from A to L")
    modifiers = tuple(row.get("modifiers", "").upper().replace(",", " ").replace(";", " ").split())
    if len(modifiers) > 4 or any(len(modifier) != 2 for modifier in modifiers):
        raise _Bad("modifiers are four of two characters at most")
    amount = row.get("amount", "").replace("$", "").replace(",", "")
    return LineIn(
        key,
        code,
        "",
        on,
        modifiers,
        tuple(ord(letter) - 64 for letter in pointers),
        _number(row.get("units", "") or "1", "units"),
        _money(amount) if amount else None,
    )


def _money(text: str) -> Decimal:
    amount = _number(text, "amount")
    if amount != amount.quantize(Decimal("0.01")):
        raise _Bad(f"amount {text[:20]} has a fraction of a cent")
    return amount


def _number(text: str, name: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _Bad(f"{name} {text[:20]} is no number") from None
    if not value.is_finite() or not 0 < value < 1_000_000:
        raise _Bad(f"{name} {text[:20]} is out of range")
    return value


def _day(text: str, name: str) -> date | None:
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%Y%m%d"):
        try:
            return datetime.strptime(text, form).date() if text else None  # noqa: DTZ007
        except ValueError:
            continue
    raise _Bad(f"{name} {text[:20]} is no day; write it as 2026-03-14")


def _visits(good: dict[str, list[tuple[int, Row, LineIn]]], broken: dict[str, str], loaded: Load) -> None:
    people: dict[str, PatientIn] = {}
    for visit, rows in good.items():
        if not rows:
            continue
        number, row, first = rows[0]
        people.setdefault(row["mrn"], _person(row))
        if row.get("member_id"):
            loaded.covers.append(_cover(row, first.service_on, number))
        diagnoses = tuple(dict.fromkeys(re.sub(r"[.]", "", row.get("diagnoses", "").upper()).replace(";", " ").split()))
        place = row.get("place_of_service", "") or "11"
        loaded.visits.append(
            VisitIn(
                visit[:120],
                row["mrn"],
                first.service_on,
                row.get("clinician_npi", ""),
                place if re.fullmatch(r"\d{2}", place) else "11",
                row.get("reason", ""),
                diagnoses,
                "",
                tuple(line for _, _, line in rows),
                number,
                broken.get(visit, ""),
            )
        )
    loaded.patients.extend(people.values())


def _person(row: Row) -> PatientIn:
    sex = row.get("sex", "").upper()[:1]
    who = Someone(
        row["last_name"],
        row["first_name"],
        row.get("middle_name", ""),
        "",
        _day(row.get("birth_date", ""), "birth_date"),
        sex if sex in {"F", "M"} else "U",
        row.get("address1", ""),
        row.get("address2", ""),
        row.get("city", ""),
        row.get("state", "").upper()[:2],
        re.sub(r"\D", "", row.get("zip", ""))[:9],
    )
    return PatientIn(row["mrn"][:50], row["mrn"][:50], who, row.get("phone", ""))


def _cover(row: Row, on: date, number: int) -> CoverIn:
    relationship = RELATIONSHIPS.get(row.get("relationship", "").lower(), "G8")
    subscriber = None
    if relationship != "18":
        patient = _person(row).who
        born = _day(row.get("subscriber_birth_date", ""), "subscriber_birth_date")
        subscriber = replace(
            patient,
            last=row.get("subscriber_last_name", ""),
            first=row.get("subscriber_first_name", ""),
            born_on=born,
            sex="U",
            middle="",
        )
        if not subscriber.last:
            relationship, subscriber = "18", None
    starts = _day(row.get("coverage_from", ""), "coverage_from") or date(on.year, 1, 1)
    return CoverIn(
        row["mrn"][:50],
        row.get("payer_id", ""),
        row.get("payer_id", ""),
        row["member_id"][:80],
        relationship,
        "P",
        starts,
        _day(row.get("coverage_to", ""), "coverage_to"),
        row.get("group_number", "")[:50],
        "",
        subscriber,
        number,
    )
