"""A claim sheet on the CMS-1500 (02/12): which text stands where on the printed form.

The form is printed in 10 characters an inch and 6 lines an inch; a place is a line and a column counted from 1 at its
upper left corner. Six services fit on a page; each page stands alone with its own total (NUCC instruction manual, items
24 and 28). Only places and values are here: the form's artwork and texts are the NUCC's and are not drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openmso.claims.rules.limits import care_of
from openmso.claims.rules.sheet import Biller, ClaimSheet, Cover, Earlier, Human, Line, Place, Renderer

LINES_OF_PAGE = 6
FIRST_SERVICE = 43
"""The shaded half of the first service; each service has two lines of print."""
ON_FILE = "SIGNATURE ON FILE"
KINDS = {"medicare": 1, "medicaid": 8, "tricare": 15, "champva": 24, "workers_comp": 39}
GROUP_PLAN, OTHER = 31, 45
RELATIONS = {"18": 33, "01": 38, "19": 42}
DIAGNOSES_OF_ROW = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """One text at its place; `item` is the number of the form's field."""

    item: str
    row: int
    column: int
    width: int
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that is filled with what fits into it."""

    item: str
    row: int
    column: int
    width: int

    def of(self, text: str) -> Cell | None:
        """The cell; none for an empty text."""
        clean = " ".join(text.upper().split())[: self.width].rstrip()
        return Cell(self.item, self.row, self.column, self.width, clean) if clean else None


def pages(sheet: ClaimSheet) -> tuple[tuple[Cell, ...], ...]:
    """The pages of a claim: as many as its services fill."""
    parts = [sheet.lines[at : at + LINES_OF_PAGE] for at in range(0, len(sheet.lines), LINES_OF_PAGE)]
    return tuple(_page(sheet, lines) for lines in parts)


def _page(sheet: ClaimSheet, lines: Sequence[Line]) -> tuple[Cell, ...]:
    made = [
        *_payer(sheet), *_people(sheet), *_others(sheet), *_condition(sheet), *_diagnoses(sheet),
        *(cell for number, line in enumerate(lines) for cell in _service(sheet, line, FIRST_SERVICE + 2 * number)),
        *_sums(sheet, lines), *_providers(sheet),
    ]  # fmt: skip
    return tuple(sorted((cell for cell in made if cell is not None), key=lambda cell: (cell.row, cell.column)))


def _payer(sheet: ClaimSheet) -> Iterator[Cell | None]:
    payer, cover = sheet.payer, sheet.cover
    if payer is None or cover is None:
        return
    yield Spot("carrier", 2, 41, 31).of(payer.name)
    yield Spot("carrier", 4, 41, 31).of(payer.address.line1)
    yield Spot("carrier", 5, 41, 31).of(_town(payer.address))
    column = KINDS.get(payer.kind, GROUP_PLAN if cover.group else OTHER)
    yield Spot("1", 8, column, 1).of("X")
    yield Spot("1a", 8, 50, 29).of(cover.member_id.replace("-", ""))


def _people(sheet: ClaimSheet) -> Iterator[Cell | None]:
    patient, cover = sheet.patient, sheet.cover
    yield Spot("2", 10, 1, 28).of(_name(patient))
    yield from _day("3", 10, (31, 34, 37), patient.born_on)
    yield _sex("3", 10, patient.sex, male=42, female=47)
    yield Spot("5", 12, 1, 28).of(patient.address.line1)
    yield Spot("5", 14, 1, 24).of(patient.address.city)
    yield Spot("5", 14, 26, 3).of(patient.address.state)
    yield Spot("5", 16, 1, 12).of(patient.address.zip)
    if cover is None:
        return
    insured = cover.subscriber or patient
    yield Spot("4", 10, 50, 29).of(_name(insured))
    yield Spot("6", 12, RELATIONS.get(cover.relationship, 47), 1).of("X")
    yield Spot("7", 12, 50, 29).of(insured.address.line1)
    yield Spot("7", 14, 50, 23).of(insured.address.city)
    yield Spot("7", 14, 74, 4).of(insured.address.state)
    yield Spot("7", 16, 50, 12).of(insured.address.zip)


def _others(sheet: ClaimSheet) -> Iterator[Cell | None]:
    """Items 9 and 11: the payer before, and the insured's own group; Medicare's reading of item 11 is its own."""
    cover, earlier = sheet.cover, sheet.earlier[0] if sheet.earlier else None
    if cover is None:
        return
    is_medicare = sheet.payer is not None and sheet.payer.kind == "medicare"
    if earlier is not None and not is_medicare:
        yield Spot("9", 18, 1, 28).of(_name(earlier.cover.subscriber or sheet.patient))
        yield Spot("9a", 20, 1, 28).of(earlier.cover.group or earlier.cover.member_id)
        yield Spot("9d", 26, 1, 28).of(earlier.cover.plan_name or earlier.payer.name)
    if is_medicare and earlier is None:
        yield Spot("11", 18, 50, 29).of("NONE")
        return
    told: Cover = earlier.cover if is_medicare and earlier is not None else cover
    insured = told.subscriber or sheet.patient
    yield Spot("11", 18, 50, 29).of(told.group)
    yield from _day("11a", 20, (53, 56, 59), insured.born_on)
    yield _sex("11a", 20, insured.sex, male=68, female=75)
    yield Spot("11c", 24, 50, 29).of(told.plan_name or (earlier.payer.name if is_medicare and earlier else ""))
    if not is_medicare:
        yield Spot("11d", 26, 52 if earlier is not None else 57, 1).of("X")


def _condition(sheet: ClaimSheet) -> Iterator[Cell | None]:
    for item, row, cause in (("10a", 20, "EM"), ("10b", 22, "AA"), ("10c", 24, "OA")):
        yield Spot(item, row, 35 if sheet.accident == cause else 41, 1).of("X")
    yield Spot("10b", 22, 45, 2).of(sheet.accident_state)
    yield Spot("12", 29, 7, 20).of(ON_FILE)
    yield Spot("13", 29, 55, 20).of(ON_FILE)
    yield from _day("14", 32, (2, 5, 8), sheet.accident_on)
    if sheet.accident_on is not None:
        yield Spot("14", 32, 16, 3).of("439")
    if sheet.referring is not None:
        yield Spot("17", 34, 1, 2).of("DN")
        yield Spot("17", 34, 4, 25).of(_called(sheet.referring))
        yield Spot("17b", 34, 33, 10).of(sheet.referring.npi)
    yield Spot("19", 36, 1, 48).of(_care(sheet))
    yield Spot("20", 36, 57, 1).of("X")


def _care(sheet: ClaimSheet) -> str:
    """The days of care after surgery that was taken over and given up, of the first line with 55."""
    care = next((told for line in sheet.lines if (told := care_of(line)) is not None), None)
    if care is None:
        return ""
    until = f" RELINQUISHED {care.relinquished_on:%m%d%Y}" if care.relinquished_on else ""
    return f"ASSUMED {care.assumed_on:%m%d%Y}{until}"


def _diagnoses(sheet: ClaimSheet) -> Iterator[Cell | None]:
    yield Spot("21", 37, 42, 1).of("0")
    for number, code in enumerate(sheet.diagnoses[:12]):
        row, place = divmod(number, DIAGNOSES_OF_ROW)
        yield Spot("21", 38 + row, 3 + 13 * place, 8).of(code.replace(".", ""))
    if sheet.frequency in {"7", "8"}:
        yield Spot("22", 38, 50, 11).of(sheet.frequency)
        yield Spot("22", 38, 62, 17).of(sheet.payer_control)
    yield Spot("23", 40, 50, 29).of(sheet.prior_authorization or sheet.referral_number or sheet.clia)


def _service(sheet: ClaimSheet, line: Line, shaded: int) -> Iterator[Cell | None]:
    row = shaded + 1
    if line.drug is not None:
        yield Spot("24", shaded, 1, 61).of(f"N4{line.drug.ndc} {line.drug.unit}{line.drug.quantity.normalize():f}")
    elif line.note:
        yield Spot("24", shaded, 1, 61).of(f"ZZ{line.note}")
    for columns, day in (((1, 4, 7), line.service_on), ((10, 13, 16), line.service_through or line.service_on)):
        yield from _day("24A", row, columns, day, short=True)
    yield Spot("24B", row, 19, 2).of(line.place_of_service or sheet.place_of_service)
    yield Spot("24D", row, 25, 6).of(line.code)
    yield Spot("24D", row, 33, 11).of(" ".join(line.modifiers))
    yield Spot("24E", row, 45, 4).of("".join(chr(64 + pointer) for pointer in line.pointers))
    yield _money("24F", row, 50, line.charge)
    yield Spot("24G", row, 59, 3).of(f"{line.units.normalize():f}")
    if sheet.rendering is not None:
        yield Spot("24J", row, 68, 10).of(sheet.rendering.npi)


def _sums(sheet: ClaimSheet, lines: Sequence[Line]) -> Iterator[Cell | None]:
    if sheet.biller is not None:
        yield Spot("25", 56, 1, 15).of(sheet.biller.tax_id.replace("-", ""))
        yield Spot("25", 56, 17 if sheet.biller.is_person else 19, 1).of("X")
    yield Spot("26", 56, 23, 14).of(sheet.control)
    yield Spot("27", 56, 38, 1).of("X")
    yield _money("28", 56, 52, sum((line.charge for line in lines), Decimal("0.00")))
    is_first = bool(lines) and lines[0].number == sheet.lines[0].number
    paid = _paid_before(sheet.earlier, lines) + (sheet.patient_paid if is_first else Decimal("0.00"))
    if paid:
        yield _money("29", 56, 62, paid)


def _paid_before(earlier: Sequence[Earlier], lines: Sequence[Line]) -> Decimal:
    numbers = {line.number for line in lines}
    return sum(
        (found.paid for one in earlier for found in one.decision.lines if found.line in numbers), Decimal("0.00")
    )


def _providers(sheet: ClaimSheet) -> Iterator[Cell | None]:
    biller: Biller | None = sheet.biller
    if biller is None:
        return
    phone = "".join(digit for digit in biller.phone if digit.isdigit())[-10:]
    if len(phone) == 10:
        yield Spot("33", 57, 66, 3).of(phone[:3])
        yield Spot("33", 57, 70, 8).of(f"{phone[3:6]}-{phone[6:]}")
    name = f"{biller.name}, {biller.first}" if biller.is_person and biller.first else biller.name
    where = biller.pay_to if biller.pay_to.is_whole else biller.address
    yield Spot("33", 58, 50, 29).of(name)
    yield Spot("33", 59, 50, 29).of(where.line1)
    yield Spot("33", 60, 50, 29).of(_town(where))
    yield Spot("33a", 61, 50, 10).of(biller.npi)
    place = sheet.facility.address if sheet.facility is not None else biller.address
    yield Spot("32", 58, 23, 26).of(sheet.facility.name if sheet.facility is not None else biller.name)
    yield Spot("32", 59, 23, 26).of(place.line1)
    yield Spot("32", 60, 23, 26).of(_town(place))
    if sheet.facility is not None:
        yield Spot("32a", 61, 23, 10).of(sheet.facility.npi)
    yield Spot("31", 60, 1, 21).of(ON_FILE)


def _name(who: Human) -> str:
    return ", ".join(part for part in (who.last, who.suffix, who.first, who.middle[:1]) if part)


def _called(who: Renderer) -> str:
    return " ".join(part for part in (who.first, who.middle[:1], who.last) if part)


def _town(place: Place) -> str:
    return " ".join(part for part in (place.city, place.state, place.zip) if part)


def _day(
    item: str, row: int, columns: tuple[int, int, int], day: date | None, *, short: bool = False
) -> Iterator[Cell | None]:
    if day is not None:
        year = f"{day:%y}" if short else f"{day:%Y}"
        for column, text in zip(columns, (f"{day:%m}", f"{day:%d}", year), strict=True):
            yield Spot(item, row, column, len(text)).of(text)


def _sex(item: str, row: int, sex: str, *, male: int, female: int) -> Cell | None:
    column = {"M": male, "F": female}.get(sex)
    return Spot(item, row, column, 1).of("X") if column else None


def _money(item: str, row: int, column: int, amount: Decimal) -> Cell:
    """Dollars to the right, the cents after a blank: the form has the line between them."""
    dollars, cents = f"{amount:.2f}".split(".")
    return Cell(item, row, column, 8, f"{dollars:>5} {cents}")
