"""Sheets of relative values, indices and factors as CSV: both amounts of every row, whatever is wrong with others."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openmso.contracting.rules.mpfs import Locality, Row, Setting, fee, why_not_paid
from openmso.kit.errors import Refused
from openmso.kit.money import Money

NUMBER = re.compile(r"\d{1,9}(\.\d{0,30})?|\.\d{1,30}")
DECIMALS_MAX = Decimal("1e-9")
"""What stands behind the ninth decimal is a spreadsheet's or a program's binary noise, as in 0.8690000000000001."""
SHARED = ("gpci_work", "gpci_pe", "gpci_mp", "cf", "work_rvu", "mp_rvu")
EXPENSE = {Setting.NONFACILITY: "pe_nonfac_rvu", Setting.FACILITY: "pe_fac_rvu"}
NUMBERS = (*SHARED, *EXPENSE.values())


class NotASheet(Refused):
    """The file is no CSV with the columns of a fee schedule."""

    code = "not_a_sheet"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a row, where, and what to do."""

    line: int
    column: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Both amounts of one row, as they are published; `None` where it has none, and then `notes` or `findings` say why.

    `notes` tell what a reader should know and need not mend.
    """

    line: int
    code: str
    modifier: str
    nonfacility: Money | None
    facility: Money | None
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]


def answers(text: str) -> Iterator[Answer]:
    """Both amounts of every row, in order; raises `NotASheet` where there is no header to read rows by."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    columns: dict[str, int] = {}
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as no:
            if not columns:
                raise NotASheet(f"Line {line} is not CSV: {no}.", fix="Save the sheet as CSV anew.") from no
            broken = f"Lines {line} to {reader.line_num} are not CSV: {no}."
            yield Answer(line, "", "", None, None, (), (Finding(line, "", broken, "Close the quotes of the line."),))
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if columns:
            yield _answer(line, _Cells(columns, cells))
        else:
            columns = _columns(cells, line)
    if not columns:
        raise NotASheet("The file has no line with names of columns.", fix=_FIX)


_FIX = "Begin the file with a line of the columns hcpcs, mod, status, " + ", ".join(NUMBERS) + "."


def _columns(cells: Sequence[str], line: int) -> dict[str, int]:
    """Where each column stands, the first of a name; a line that names none we know is no header."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        found.setdefault(cell.strip().lower(), place)
    if not found.keys() & {"hcpcs", *NUMBERS}:
        raise NotASheet(f"Line {line} does not name the columns of a fee schedule.", fix=_FIX)
    return found


@dataclass(frozen=True, slots=True)
class _Cells:
    columns: Mapping[str, int]
    cells: Sequence[str]

    def text(self, column: str) -> str:
        place = self.columns.get(column)
        return self.cells[place].strip() if place is not None and place < len(self.cells) else ""


def _answer(line: int, cells: _Cells) -> Answer:
    numbers, findings = {}, []
    for column in NUMBERS:
        said = cells.text(column)
        if NUMBER.fullmatch(said):
            numbers[column] = Decimal(said).quantize(DECIMALS_MAX)
        else:
            findings.append(_bad(line, column, said, is_there=column in cells.columns))
    code, modifier, status = (cells.text(column).upper() for column in ("hcpcs", "mod", "status"))
    if not code:
        findings.append(_bad(line, "hcpcs", "", is_there="hcpcs" in cells.columns))
    zero = Decimal(0)
    row = Row(
        code, modifier, status or "A", work=numbers.get("work_rvu", zero), malpractice=numbers.get("mp_rvu", zero),
        pe_nonfacility=numbers.get("pe_nonfac_rvu", zero), pe_facility=numbers.get("pe_fac_rvu", zero),
        na_nonfacility=cells.text("na_nonfac").upper() == "NA", na_facility=cells.text("na_fac").upper() == "NA",
    )  # fmt: skip
    amounts = {setting: _amount(row, numbers, setting) for setting in Setting}
    return Answer(
        line, code, modifier, amounts[Setting.NONFACILITY], amounts[Setting.FACILITY], tuple(_notes(row, status)),
        tuple(findings),
    )  # fmt: skip


def _amount(row: Row, numbers: Mapping[str, Decimal], setting: Setting) -> Money | None:
    """The amount as published: also in a setting marked NA, where CMS publishes the other setting's."""
    if why_not_paid(row) or not numbers.keys() >= {*SHARED, EXPENSE[setting]}:
        return None
    indices = (numbers[column] for column in ("gpci_work", "gpci_pe", "gpci_mp", "cf"))
    return fee(row, Locality(*indices), setting)


def _notes(row: Row, status: str) -> Iterator[str]:
    if reason := why_not_paid(row):
        yield reason
    elif not status:
        yield "No status is given; it is priced as if it were A."
    for setting, words in ((Setting.NONFACILITY, "outside a facility"), (Setting.FACILITY, "in a facility")):
        if row.is_na(setting):
            yield f"NA {words}: what is published there is the other setting's amount."


def _bad(line: int, column: str, said: str, *, is_there: bool) -> Finding:
    if not is_there:
        return Finding(line, column, f"The file has no column {column}.", f"Add the column {column}.")
    if column == "hcpcs":
        return Finding(line, column, "The row names no code.", "Fill in the code.")
    message = f"{said!r} is not a number." if said else "The number is missing."
    return Finding(line, column, message, f"Write {column} as a number such as 1.42, without signs or letters.")
