"""From CSV rows to visits: one row a charge; rows of one visit_id are one visit. A bad row is refused by its line
and field, and the good ones are not lost; the claim of a visit that lacks a row is held, saying so."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from edi import text
from openmso.intake.rules import cells
from openmso.intake.rules.cells import Bad
from openmso.intake.rules.drafts import CoverIn, LineIn, Load, PatientIn, Someone, VisitIn
from openmso.kit.errors import Refused
from openmso.patients.contracts import Person

COLUMNS = (
    "visit_id service_date mrn last_name first_name middle_name birth_date sex address1 address2 city state zip phone "
    "payer_id member_id group_number relationship subscriber_last_name subscriber_first_name subscriber_birth_date "
    "coverage_from coverage_to clinician_npi place_of_service reason diagnoses code modifiers units pointers amount "
    "revenue_code bill_type minutes"
).split()
REQUIRED = ("visit_id", "service_date", "mrn", "last_name", "first_name", "code")
ALIASES = {
    "encounter_id": "visit_id", "encounter": "visit_id", "date_of_service": "service_date", "dos": "service_date",
    "patient_id": "mrn", "medical_record_number": "mrn", "chart_number": "mrn", "patient_last_name": "last_name",
    "patient_first_name": "first_name", "dob": "birth_date", "date_of_birth": "birth_date", "gender": "sex",
    "address": "address1", "address_1": "address1", "address_2": "address2", "zip_code": "zip", "postal_code": "zip",
    "insurance_id": "member_id", "subscriber_id": "member_id", "policy_number": "member_id", "group": "group_number",
    "npi": "clinician_npi", "provider_npi": "clinician_npi", "rendering_npi": "clinician_npi",
    "pos": "place_of_service", "icd10": "diagnoses", "icd_10": "diagnoses", "dx": "diagnoses", "diagnosis": "diagnoses",
    "diagnosis_codes": "diagnoses", "cpt": "code", "cpt_code": "code", "hcpcs": "code", "procedure_code": "code",
    "modifier": "modifiers", "mod": "modifiers", "mods": "modifiers", "quantity": "units", "qty": "units",
    "diagnosis_pointers": "pointers", "charge": "amount", "charge_amount": "amount", "fee": "amount",
}  # fmt: skip
"""What other systems call our columns."""
LENGTHS = {"visit_id": 120, "mrn": 50, "member_id": 80, "group_number": 50, "last_name": 60, "first_name": 35}
SEXES = {"": "U", "f": "F", "female": "F", "m": "M", "male": "M", "u": "U", "unknown": "U", "x": "U", "o": "U"}
RELATIONSHIPS = {"": "18", "self": "18", "18": "18", "spouse": "01", "01": "01", "child": "19", "19": "19"}
ROWS_MAX = 50_000
"""A row holds some 4 KB while its file is read: 200 MB for the largest file."""
MINUTES_MAX = 1440
BYTES_MAX = 32 * 1024 * 1024
"""So many rows are smaller; the file is held while it is read."""
TEMPLATE = ",".join(COLUMNS) + "\n"
"""The first line of a file, as the template has it."""

Cells = dict[str, str]


class NotOurColumns(Refused):
    """The file lacks columns nothing can be built without."""

    code = "columns_missing"


@dataclass(slots=True)
class _Visit:
    """The rows of one visit as they come."""

    rows: list[tuple[int, Cells, LineIn]] = field(default_factory=list)
    named: Counter[str] = field(default_factory=Counter)
    broken: str = ""


def load(content: bytes, today: date) -> Load:
    """The visits of a CSV file, and the account of every row by its line; raises `NotOurColumns`.

    `today` is the practice's day: it tells which century a year of two digits is of.
    """
    found = text.rows(content)
    names = _heading(next(found, text.Row(1)))
    unread = [name for name in names if name and name not in COLUMNS]
    loaded = Load("csv", words=f"Nobody reads the columns {', '.join(unread)[:200]}." if unread else "")
    visits: dict[str, _Visit] = defaultdict(_Visit)
    people: dict[str, tuple[int, Person]] = {}
    seen: dict[tuple[str, ...], int] = {}
    for row in found:
        if len(loaded.items) >= ROWS_MAX:
            loaded.refused(row.line, "row", "", f"A file has at most {ROWS_MAX:,} rows.", fix="Send the rest apart.")
            break
        _take(row, names, seen, visits, people, loaded, today)
    _visits(visits, loaded)
    return loaded


def _heading(row: text.Row) -> list[str]:
    """The columns of the file, as we spell them."""
    spelled = [re.sub(r"[\s\-]+", "_", cell.lower()) for cell in row.cells]
    names = [name if (own := ALIASES.get(name)) is None or own in spelled else own for name in spelled]
    begin = f"Begin with: {','.join(COLUMNS[:6])}, …"
    if row.problem:
        raise NotOurColumns(f"The first line names no columns: {row.problem}.", field="file", fix=begin)
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise NotOurColumns(f"The file has no column {', '.join(missing)}.", field="file", fix=begin)
    twice = next((name for name, count in Counter(names).items() if name and count > 1), None)
    if twice:
        raise NotOurColumns(f"The file has two columns {twice}.", field="file", fix="Remove or rename one of them.")
    return names


def _take(
    row: text.Row, names: Sequence[str], seen: dict[tuple[str, ...], int], visits: dict[str, _Visit],
    people: dict[str, tuple[int, Person]], loaded: Load, today: date,
) -> None:  # fmt: skip
    """Account for one row: kept aside when it says nothing new, used, or refused."""
    if not any(row.cells) and not row.problem:
        loaded.kept(row.line, "row", "", "The line is empty.")
        return
    told = dict(zip(names, row.cells, strict=False))
    visit = told.get("visit_id", "")
    first = seen.setdefault(row.cells, row.line) if row.cells else row.line
    if first != row.line:
        loaded.kept(
            row.line, "row", visit,
            f"Line {row.line} repeats line {first} word for word; what was done twice has more units, or a modifier.",
        )  # fmt: skip
        return
    try:
        told |= cells.whole_years(told, today)
        line = _line(row, told, names, visits)
        _same_person(row.line, told, people)
    except Bad as no:
        words = f"Line {row.line}{f', {no.field}' if no.field else ''}: {no}."
        if visit:
            visits[visit].broken = visits[visit].broken or words
        loaded.refused(row.line, "row", visit, words, field=no.field, fix=no.fix)
        return
    visits[visit].rows.append((row.line, told, line))
    loaded.used(row.line, "row", visit, f"Became charge {line.code} of the visit.")


def _line(row: text.Row, told: Cells, names: Sequence[str], visits: dict[str, _Visit]) -> LineIn:
    """The charge of a row whose every cell can be read; raises `Bad` for the first that cannot."""
    if row.problem:
        raise Bad("", row.problem, "Close the quote, or write a quote in a cell twice.")
    if len(row.cells) > len(names):
        raise Bad("", f"it has {len(row.cells)} cells, the heading has {len(names)}",
                  "Put a cell with a separator in it between quotes.")  # fmt: skip
    for name in REQUIRED:
        if not told.get(name) and not (name == "code" and told.get("revenue_code")):
            raise Bad(name, "is empty", "Fill it in.")
    revenue = told.get("revenue_code", "")
    if revenue and not re.fullmatch(r"\d{4}", revenue, re.ASCII):
        raise Bad("revenue_code", f"{revenue[:20]} is no revenue code", "Write four digits, such as 0521.")
    if not told.get("code") and not told.get("amount"):
        raise Bad("amount", "is empty beside a revenue code without a procedure", "Enter what is charged.")
    for name, length in LENGTHS.items():
        if len(told.get(name, "")) > length:
            raise Bad(name, f"has more than {length} characters", "Shorten it.")
    _person(told)
    _judge_rest(told)
    on = cells.day(told, "service_date")
    assert on is not None
    visit = visits[told["visit_id"]]
    if visit.rows:
        first = visit.rows[0][1]
        for name in ("mrn", "service_date"):
            if first[name] != told[name]:
                raise Bad(name, f"{told[name][:30]} is not that of the first row of the visit, {first[name][:30]}",
                          "Give each visit its own visit_id.")  # fmt: skip
    code, modifiers = cells.code(told) if told.get("code") else "", cells.modifiers(told)
    name = "".join((revenue, code, *modifiers))
    visit.named[name] += 1
    return LineIn(
        f"{told['visit_id']}/{name}/{visit.named[name]}", code, "", on, modifiers, cells.pointers(told),
        cells.number(told, "units") or cells.ONE, cells.money(told, "amount"), position=row.line,
        revenue_code=revenue, minutes=int(cells.number(told, "minutes") or 0) or None,
    )  # fmt: skip


def _same_person(line: int, told: Cells, people: dict[str, tuple[int, Person]]) -> None:
    """A record number is that of one person throughout the file."""
    person = Person(told["last_name"], told["first_name"], born_on=cells.day(told, "birth_date"))
    first, known = people.setdefault(told["mrn"], (line, person))
    if known.is_another(person):
        raise Bad("mrn", f"{told['mrn'][:30]} is that of another person on line {first}",
                  "Correct the record number, or the name and birth date.")  # fmt: skip


def _judge_rest(told: Cells) -> None:
    """The cells that a visit reads later must be readable in every row."""
    for name in cells.DAYS:
        cells.day(told, name)
    cells.npi(told, "clinician_npi")
    cells.diagnoses(told)
    place = told.get("place_of_service", "")
    if place and not re.fullmatch(r"\d{2}", place, re.ASCII):
        raise Bad("place_of_service", f"{place[:20]} is no place of service", "Write two digits, such as 11.")
    bill = told.get("bill_type", "")
    if bill and not re.fullmatch(r"\d{2}", bill, re.ASCII):
        raise Bad("bill_type", f"{bill[:20]} is no type of bill", "Write two digits without zero and frequency: 71.")
    minutes = told.get("minutes", "")
    if minutes and not (re.fullmatch(r"\d{1,4}", minutes, re.ASCII) and 0 < int(minutes) <= MINUTES_MAX):
        raise Bad("minutes", f"{minutes[:20]} are no minutes", "Write how long it took, 1 to 1440.")
    starts, ends = cells.day(told, "coverage_from"), cells.day(told, "coverage_to")
    if starts and ends and ends < starts:
        raise Bad("coverage_to", f"{ends} is before coverage_from, {starts}", "Correct one of them.")


def _visits(found: dict[str, _Visit], loaded: Load) -> None:
    people: dict[str, PatientIn] = {}
    for name, visit in found.items():
        if not visit.rows:
            continue
        number, told, first = visit.rows[0]
        people.setdefault(told["mrn"], PatientIn(told["mrn"], told["mrn"], _person(told), told.get("phone", "")))
        loaded.covers.extend(_covers(visit, first.service_on))
        loaded.visits.append(
            VisitIn(
                name, told["mrn"], first.service_on, told.get("clinician_npi", ""),
                told.get("place_of_service", "") or "11", told.get("reason", ""),
                cells.diagnoses(told), "", tuple(line for _, _, line in visit.rows), number, visit.broken,
                bill_type=next((row["bill_type"] for _, row, _ in visit.rows if row.get("bill_type")), ""),
            )
        )  # fmt: skip
    loaded.patients.extend(people.values())


def _person(told: Cells) -> Someone:
    sex = SEXES.get(told.get("sex", "").lower())
    if sex is None:
        raise Bad("sex", f"{told['sex'][:20]} is none of F, M and U", "Write F, M or U.")
    return Someone(
        told["last_name"], told["first_name"], told.get("middle_name", ""), "", cells.day(told, "birth_date"), sex,
        told.get("address1", ""), told.get("address2", ""), told.get("city", ""), cells.state(told),
        cells.zip_code(told),
    )  # fmt: skip


def _covers(visit: _Visit, on: date) -> Iterator[CoverIn]:
    """The coverage that the visit's rows name first."""
    found = next(((number, told) for number, told, _ in visit.rows if told.get("member_id")), None)
    if found is None:
        return
    number, told = found
    relationship = RELATIONSHIPS.get(told.get("relationship", "").lower(), "G8")
    subscriber = _subscriber(told) if relationship != "18" else None
    payer = told.get("payer_id", "")
    yield CoverIn(
        told["mrn"], payer, payer, told["member_id"], relationship if subscriber else "18", "P",
        cells.day(told, "coverage_from") or date(on.year, 1, 1), cells.day(told, "coverage_to"),
        told.get("group_number", ""), "", subscriber, number,
    )  # fmt: skip


def _subscriber(told: Cells) -> Someone | None:
    """Who holds the coverage, living where the patient lives; nobody when the row does not name them."""
    if not told.get("subscriber_last_name"):
        return None
    return Someone(
        told["subscriber_last_name"], told.get("subscriber_first_name", ""), "", "",
        cells.day(told, "subscriber_birth_date"), "U", told.get("address1", ""), told.get("address2", ""),
        told.get("city", ""), cells.state(told), cells.zip_code(told),
    )  # fmt: skip
