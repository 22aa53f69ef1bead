"""A claim sheet on the UB-04 (CMS-1450): which text stands where on the printed form.

The form is printed in 10 characters an inch and 6 lines an inch, 66 lines from edge to edge; a place is a line and a
column counted from 1 at its upper left corner. Lines 1 to 4 have the facility, 8 the admission, 10 and 11 occurrences,
13 to 16 value codes, 18 to 39 the services and 40 their total, 42 to 44 the payers, 46 to 48 the insured, 50 to 52
authorizations, 53 to 55 diagnoses, 57 and 59 procedures, 56 to 63 the people. Twenty-two services fit on a page, the
last page has the total (revenue code 0001, FL 47). Only
places and values are here: the form's artwork and texts are the NUBC's and are not drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from openmso.charges.contracts import Stay
from openmso.claims.rules.cms1500 import Cell, Spot
from openmso.claims.rules.sheet import ClaimSheet, Human, Line, Place, Renderer

LINES_OF_PAGE = 22
FIRST_SERVICE, TOTAL_ROW = 18, 40
CONDITIONS_MAX, OCCURRENCES_MAX, SPANS_MAX, VALUES_MAX = 11, 8, 4, 12
PROCEDURES_MAX = 6
DIAGNOSES_OF_ROW, DIAGNOSES_MAX = 9, 18
TOTAL = "0001"
RELATIONS = {"18": "18", "01": "01", "19": "19"}


def pages(sheet: ClaimSheet) -> tuple[tuple[Cell, ...], ...]:
    """The pages of a claim: as many as its services fill."""
    parts = [sheet.lines[at : at + LINES_OF_PAGE] for at in range(0, len(sheet.lines), LINES_OF_PAGE)]
    return tuple(_page(sheet, lines, number, len(parts)) for number, lines in enumerate(parts, start=1))


def _page(sheet: ClaimSheet, lines: Sequence[Line], number: int, of: int) -> tuple[Cell, ...]:
    made = [
        *_facility(sheet), *_patient(sheet), *_stay(sheet), *_codes(sheet),
        *(cell for row, line in enumerate(lines, start=FIRST_SERVICE) for cell in _service(line, row)),
        *_total(sheet, number, of), *_payers(sheet), *_diagnoses(sheet), *_people(sheet),
    ]  # fmt: skip
    return tuple(sorted((cell for cell in made if cell is not None), key=lambda cell: (cell.row, cell.column)))


def _facility(sheet: ClaimSheet) -> Iterator[Cell | None]:
    biller, stay = sheet.biller, sheet.stay
    if biller is not None:
        yield Spot("1", 1, 1, 25).of(biller.name)
        yield Spot("1", 2, 1, 25).of(biller.address.line1)
        yield Spot("1", 3, 1, 25).of(_town(biller.address))
        yield Spot("1", 4, 1, 25).of(biller.phone)
        if biller.pay_to.is_whole:
            yield Spot("2", 1, 27, 25).of(biller.name)
            yield Spot("2", 2, 27, 25).of(biller.pay_to.line1)
            yield Spot("2", 3, 27, 25).of(_town(biller.pay_to))
        yield Spot("5", 4, 51, 10).of(biller.tax_id.replace("-", ""))
    yield Spot("3a", 1, 55, 22).of(sheet.control)
    yield Spot("3b", 2, 55, 22).of(sheet.record_number)
    if stay is not None:
        yield Spot("4", 2, 78, 4).of(f"0{stay.bill_type}{sheet.frequency}")
    yield from _day("6", 4, 61, sheet.service_on)
    yield from _day("6", 4, 68, sheet.last_service_on)


def _patient(sheet: ClaimSheet) -> Iterator[Cell | None]:
    patient = sheet.patient
    yield Spot("8b", 6, 3, 28).of(_name(patient))
    yield Spot("9a", 5, 42, 39).of(patient.address.line1)
    yield Spot("9b", 6, 32, 30).of(patient.address.city)
    yield Spot("9c", 6, 65, 2).of(patient.address.state)
    yield Spot("9d", 6, 69, 9).of(patient.address.zip)
    if patient.born_on is not None:
        yield Spot("10", 8, 1, 8).of(f"{patient.born_on:%m%d%Y}")
    yield Spot("11", 8, 11, 1).of(patient.sex)


def _stay(sheet: ClaimSheet) -> Iterator[Cell | None]:
    stay = sheet.stay
    if stay is None:
        return
    yield from _day("12", 8, 13, stay.admitted_on)
    yield Spot("13", 8, 20, 2).of(stay.admitted_hour)
    yield Spot("14", 8, 23, 1).of(stay.admission_type)
    yield Spot("15", 8, 26, 1).of(stay.admission_source)
    yield Spot("16", 8, 29, 2).of(stay.discharged_hour)
    yield Spot("17", 8, 31, 2).of(stay.patient_status)
    for place, code in enumerate(stay.conditions[:CONDITIONS_MAX]):
        yield Spot(str(18 + place), 8, 34 + 3 * place, 2).of(code)
    if sheet.accident_state:
        yield Spot("29", 8, 68, 2).of(sheet.accident_state)


def _codes(sheet: ClaimSheet) -> Iterator[Cell | None]:
    stay: Stay | None = sheet.stay
    if stay is None:
        return
    days = [one for one in stay.occurrences if one.through is None][:OCCURRENCES_MAX]
    for place, one in enumerate(days):
        row, column = 10 + place // 4, 1 + 10 * (place % 4)
        yield Spot("31", row, column, 2).of(one.code)
        yield from _day("31", row, column + 3, one.on)
    spans = [one for one in stay.occurrences if one.through is not None][:SPANS_MAX]
    for place, one in enumerate(spans):
        row, column = 10 + place // 2, 41 + 17 * (place % 2)
        yield Spot("35", row, column, 2).of(one.code)
        yield from _day("35", row, column + 3, one.on)
        yield from _day("35", row, column + 10, one.through)
    if sheet.payer is not None:
        for row, text in enumerate((sheet.payer.name, sheet.payer.address.line1, _town(sheet.payer.address)), start=12):
            yield Spot("38", row, 3, 38).of(text)
    for place, value in enumerate(stay.values[:VALUES_MAX]):
        row, column = 13 + place // 3, 45 + 13 * (place % 3)
        yield Spot("39", row, column, 2).of(value.code)
        yield _money("39", row, column + 2, value.amount)


def _service(line: Line, row: int) -> Iterator[Cell | None]:
    yield Spot("42", row, 1, 4).of(line.revenue_code)
    if line.drug is not None:
        yield Spot("43", row, 6, 24).of(f"N4{line.drug.ndc}{line.drug.unit}{line.drug.quantity.normalize():f}")
    elif line.note:
        yield Spot("43", row, 6, 24).of(line.note)
    yield Spot("44", row, 31, 14).of(" ".join((line.code, *line.modifiers)))
    yield from _day("45", row, 46, line.service_on)
    yield Spot("46", row, 53, 7).of(f"{line.units.normalize():f}")
    yield _money("47", row, 61, line.charge)


def _total(sheet: ClaimSheet, number: int, of: int) -> Iterator[Cell | None]:
    yield Spot("page", TOTAL_ROW, 12, 3).of(str(number))
    yield Spot("page", TOTAL_ROW, 18, 3).of(str(of))
    if number == of:
        yield Spot("42", TOTAL_ROW, 1, 4).of(TOTAL)
        yield _money("47", TOTAL_ROW, 61, sheet.total)


def _payers(sheet: ClaimSheet) -> Iterator[Cell | None]:
    """FL 50 to 66: the payers in their order, the one that is asked last; what the earlier ones paid before."""
    if sheet.biller is not None:
        yield Spot("56", 41, 69, 10).of(sheet.biller.npi)
    asked = [(one.payer, one.cover, one.decision.paid) for one in sheet.earlier]
    if sheet.payer is not None and sheet.cover is not None:
        asked.append((sheet.payer, sheet.cover, sheet.patient_paid))
    for place, (payer, cover, paid) in enumerate(asked[:3]):
        yield Spot("50", 42 + place, 1, 22).of(payer.name)
        yield Spot("51", 42 + place, 25, 14).of(payer.edi_id)
        yield Spot("52", 42 + place, 39, 1).of("Y")
        yield Spot("53", 42 + place, 42, 1).of("Y")
        if paid:
            yield _money("54", 42 + place, 44, paid)
        yield Spot("58", 46 + place, 1, 25).of(_name(cover.subscriber or sheet.patient))
        yield Spot("59", 46 + place, 27, 2).of(RELATIONS.get(cover.relationship, "G8"))
        yield Spot("60", 46 + place, 30, 20).of(cover.member_id.replace("-", ""))
        yield Spot("61", 46 + place, 51, 14).of(cover.plan_name)
        yield Spot("62", 46 + place, 66, 16).of(cover.group)
    last = 50 + max(len(asked[:3]) - 1, 0)
    yield Spot("63", last, 1, 30).of(sheet.prior_authorization or sheet.referral_number)
    if sheet.frequency in {"7", "8"}:
        yield Spot("64", last, 33, 26).of(sheet.payer_control)


def _diagnoses(sheet: ClaimSheet) -> Iterator[Cell | None]:
    yield Spot("66", 54, 1, 1).of("0")
    for place, code in enumerate(sheet.diagnoses[:DIAGNOSES_MAX]):
        row, column = 53 + place // DIAGNOSES_OF_ROW, 3 + 8 * (place % DIAGNOSES_OF_ROW)
        yield Spot("67", row, column, 7).of(code.replace(".", ""))
    if sheet.stay is not None:
        yield Spot("69", 55, 6, 7).of(sheet.stay.admitting_diagnosis.replace(".", ""))
        for place, code in enumerate(sheet.stay.visit_reasons):
            yield Spot("70", 55, 18 + 7 * place, 7).of(code.replace(".", ""))
        for place, done in enumerate(sheet.stay.procedures[:PROCEDURES_MAX]):
            row, column = 57 + 2 * (place // 3), 1 + 15 * (place % 3)
            yield Spot("74", row, column, 7).of(done.code)
            yield from _day("74", row, column + 9, done.on)


def _people(sheet: ClaimSheet) -> Iterator[Cell | None]:
    for item, row, who in (("76", 56, sheet.attending), ("77", 58, sheet.operating)):
        yield from _person(item, row, who)
    if sheet.referring is not None:
        yield Spot("78", 60, 56, 2).of("DN")
        yield from _person("78", 60, sheet.referring)


def _person(item: str, row: int, who: Renderer | None) -> Iterator[Cell | None]:
    if who is not None:
        yield Spot(item, row, 60, 10).of(who.npi)
        yield Spot(item, row + 1, 54, 16).of(who.last)
        yield Spot(item, row + 1, 72, 10).of(who.first)


def _name(who: Human) -> str:
    return ", ".join(part for part in (who.last, who.suffix, who.first, who.middle[:1]) if part)


def _town(place: Place) -> str:
    return " ".join(part for part in (place.city, place.state, place.zip) if part)


def _day(item: str, row: int, column: int, day: date | None) -> Iterator[Cell | None]:
    if day is not None:
        yield Spot(item, row, column, 6).of(f"{day:%m%d%y}")


def _money(item: str, row: int, column: int, amount: Decimal) -> Cell:
    """Dollars to the right, the cents after a blank: the form has the line between them."""
    dollars, cents = f"{amount:.2f}".split(".")
    return Cell(item, row, column, 10, f"{dollars:>7} {cents}")
