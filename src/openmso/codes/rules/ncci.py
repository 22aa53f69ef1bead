"""NCCI: procedure-to-procedure edits, medically unlikely edits and add-on code edits, as CMS publishes them.

Sources: the headers of the files themselves; NCCI Policy Manual ch. 1; the notes of cms.gov/ncci-medicare.
Deletion dates are the last day an edit was active; here `ends_on` is the day after, as everywhere in the house.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import dropwhile

import polars as pl
from polars.exceptions import PolarsError

from openmso.codes.contracts import Check, SourceFile
from openmso.codes.rules.reading import CODE, PUBLISHED, Reading, day_named, text_of, under_header, unreadable
from openmso.kit.words import counted

SLICE = "column1,column2,deletion_date_or_last_known,modifier_indicator,rationale"
FIRST_DAY = date(1996, 1, 1)
"""When NCCI began: a pair whose file tells no first day holds from here."""
ALWAYS = date(9999, 12, 31)
FIELDS = ("column1", "column2", "before_1996", "effective", "deletion", "indicator", "rationale")
"""Of the official file; editions of the first years have no rationale."""
ROW = re.compile(rb'"?[0-9A-Z]{5}"?([\t,])[^\t,\n]*\1[^\t,\n]*\1\s*"?\d')
KEY = ("column1", "column2", "starts_on")
HEADER_BYTES_MAX = 20_000


def pairs(files: Sequence[SourceFile]) -> Reading:
    """The procedure-to-procedure edits of one edition, whatever number of files it comes in.

    Of rows with the same two codes and first day, the one still in force counts, else the one that ended last.
    Rows of indicator 9 never were an edit and are left out.
    """
    raw = pl.concat([_slice(file) if _is_slice(file) else _official(file) for file in files])
    edits = raw.filter(pl.col("indicator") != "9")
    kept = edits if _in_order(edits) else _one_a_key(edits)
    words = kept["rationale"].unique().sort()
    rows = kept.with_columns(
        pl.col("rationale").replace_strict(words, pl.int_range(len(words), eager=True, dtype=pl.Int16))
    )
    twice = edits.height - kept.height
    checks = (
        Check(
            "Layout", f"{counted(raw.height, 'row')} with two codes, days of the calendar and an indicator 0, 1 or 9"
        ),
        Check("Never edits", f"{counted(raw.height - edits.height, 'row')} of indicator 9 left out"),
        Check(
            "Keys", f"{counted(twice, 'row')} with a key that stands twice: the one in force, or last to end, counts"
        ),
        Check("In force", f"{counted(int(kept['ends_on'].is_null().sum()), 'pair')} without a deletion date"),
    )
    return Reading(rows, checks, rows["starts_on"].max(), tuple(words))  # type: ignore[arg-type]


def of_practitioners(files: Sequence[SourceFile]) -> Reading:
    """The same for claims of clinicians: CMS's files for outpatient hospitals look alike and hold other edits."""
    for file in files:
        if file.name.lower().startswith("ccioph"):
            raise unreadable(
                file, None, "these are the edits for outpatient hospitals.", "Send those for practitioners (ccipra)."
            )  # fmt: skip
    return pairs(files)


def _in_order(edits: pl.DataFrame) -> bool:
    """Whether each key comes after the one before it, as in a file of CMS; then none stands twice."""
    one, two, day = (pl.col(name) for name in KEY)
    after = (one > one.shift()) | (
        (one == one.shift()) & ((two > two.shift()) | ((two == two.shift()) & (day > day.shift())))
    )
    return bool(edits.select(after.fill_null(True).all()).item())


def _one_a_key(edits: pl.DataFrame) -> pl.DataFrame:
    """The rows in order, of each key the one still in force, else the one that ended last."""
    rows = edits.sort(*KEY, "ends_on", nulls_last=True)
    last = pl.any_horizontal(pl.col(name) != pl.col(name).shift(-1) for name in KEY)
    return rows.filter(last.fill_null(True))


def _is_slice(file: SourceFile) -> bool:
    return b"deletion_date_or_last_known" in file.content[:HEADER_BYTES_MAX].split(b"\n", 1)[0].lower()


def _official(file: SourceFile) -> pl.DataFrame:
    """The tab-delimited file, or the same saved as CSV: a header wrapped over lines, then seven fields a row."""
    body, before, separator = _past_header(file)
    has_rationale = body.split(b"\n", 1)[0].count(separator.encode()) != len(FIELDS) - 2
    fields = FIELDS if has_rationale else FIELDS[:-1]
    frame = _table(file, body, before, separator, fields)
    if not has_rationale:
        frame = frame.with_columns(rationale=pl.lit(""))
    effective = pl.col("effective").str.to_date("%Y%m%d", strict=False)
    deletion = pl.col("deletion").str.to_date("%Y%m%d", strict=False)
    frame = frame.with_columns(starts_on=effective, last=deletion)
    _demand(file, frame, before, pl.col("starts_on").is_not_null(), "the effective date is not a day, YYYYMMDD")
    _demand(
        file, frame, before, pl.col("last").is_not_null() | (pl.col("deletion") == "*"),
        "the deletion date is neither a day, YYYYMMDD, nor *",
    )  # fmt: skip
    _demand(
        file, frame, before, (pl.col("last") >= pl.col("starts_on")).fill_null(True),
        "the pair is deleted before it is effective",
    )  # fmt: skip
    return _edits(file, frame, before)


def _slice(file: SourceFile) -> pl.DataFrame:
    """The columns of `SLICE`, in any order. There is no first day: a pair begins when the one with its codes before it
    ended.
    """
    head, _, body = file.content.partition(b"\n")
    (said,) = csv.reader([head.strip().removeprefix(b"\xef\xbb\xbf").decode("latin-1").lower()])
    columns = [cell.strip() for cell in said]
    if missing := [name for name in SLICE.split(",") if columns.count(name) != 1]:
        raise unreadable(file, 1, f"the column {missing[0]} is not there, or twice.", f"Name the columns {SLICE}.")
    short = {"deletion_date_or_last_known": "deletion", "modifier_indicator": "indicator"}
    frame = _table(file, body, 1, ",", [short.get(name, name) for name in columns])
    frame = frame.with_columns(last=pl.col("deletion").str.to_date("%Y-%m-%d", strict=False))
    _demand(file, frame, 1, pl.col("last").is_not_null(), "the last day is not a day, YYYY-MM-DD")
    frame = frame.with_columns(starts_on=pl.lit(FIRST_DAY))
    edits = _edits(file, frame.with_columns(last=pl.when(pl.col("last") < ALWAYS).then("last")), 1)
    before = pl.col("ends_on").shift(1).over("column1", "column2", order_by=pl.col("ends_on").fill_null(ALWAYS))
    begun = edits.filter(pl.col("indicator") != "9").with_columns(starts_on=before.fill_null(FIRST_DAY))
    return pl.concat([begun, edits.filter(pl.col("indicator") == "9")])


def _edits(file: SourceFile, frame: pl.DataFrame, before: int) -> pl.DataFrame:
    """Codes and indicators as they must be; the columns of the table, the rationale in words."""
    for column in ("column1", "column2"):
        if not frame[column].unique().str.contains(CODE).all():
            _demand(file, frame, before, pl.col(column).str.contains(CODE), "a code has not five letters and digits")
    _demand(file, frame, before, pl.col("indicator").is_in(["0", "1", "9"]), "the modifier indicator is not 0, 1 or 9")
    return frame.select(
        "column1", "column2", "starts_on", ends_on=pl.col("last").dt.offset_by("1d"), indicator="indicator",
        rationale=pl.col("rationale").fill_null(""),
    )  # fmt: skip


def _past_header(file: SourceFile) -> tuple[bytes, int, str]:
    """The rows of an official file, how many lines stand before them, and what separates their fields."""
    lines = file.content[:HEADER_BYTES_MAX].split(b"\n")
    first = next((number for number, line in enumerate(lines) if ROW.match(line)), None)
    head = re.sub(rb"[\s\",]+", b" ", b" ".join(lines[: first or 0]).lower())
    if first is None or not (b"column 1" in head and b"column 2" in head and b"modifier" in head):
        raise unreadable(
            file, None, "this is no file of procedure-to-procedure edits: its header is not there.",
            "Send ccipra-v...TXT as CMS published it, or a CSV with the columns " + SLICE + ".",
        )  # fmt: skip
    offset = sum(len(line) + 1 for line in lines[:first])
    found = ROW.match(lines[first])
    return file.content[offset:], first, found[1].decode() if found else "\t"


def _table(file: SourceFile, body: bytes, before: int, separator: str, names: Sequence[str]) -> pl.DataFrame:
    """All fields as texts without blanks around; a row with other than these fields is refused by its line."""
    body = body.rstrip(b"\r\n\t, ")
    if not body.isascii():
        body = body.decode("latin-1").encode()
    is_quoted = separator == "," or body.startswith(b'"')
    try:
        frame = pl.read_csv(
            io.BytesIO(body), separator=separator, has_header=False, new_columns=list(names), infer_schema=False,
            quote_char='"' if is_quoted else None, raise_if_empty=False,
        )  # fmt: skip
    except PolarsError:
        frame = pl.DataFrame()
    if frame.width != len(names):
        for number, line in enumerate(body.decode().splitlines(), start=before + 1):
            if line.count(separator) != len(names) - 1:
                raise unreadable(file, number, f"there are not {len(names)} fields.", PUBLISHED)
        raise unreadable(file, None, "no row was found.", PUBLISHED)
    if any(blank.encode() in body for blank in (f"{separator} ", f" {separator}", " \n", " \r")):
        frame = frame.with_columns(pl.all().str.strip_chars())
    _demand(file, frame, before, pl.col("indicator").is_not_null(), f"there are not {len(names)} fields")
    return frame


def _demand(file: SourceFile, frame: pl.DataFrame, before: int, holds: pl.Expr, words: str) -> None:
    """Refuse the file by its first row for which this does not hold."""
    bad = frame.select(row=pl.arg_where(holds.fill_null(False).not_()))["row"]
    if bad.len():
        more = f" ({counted(bad.len(), 'row')} like this)" if bad.len() > 1 else ""
        raise unreadable(file, before + 1 + int(bad[0]), f"{words}{more}.", PUBLISHED)


UNIT_COLUMNS = {
    "HCPCS/CPT Code": r"^hcpcs/cpt code$|^hcpcs_code$",
    "Practitioner Services MUE Values": r"^(practitioner (services )?)?mue values$|^mue_units$",
    "MUE Adjudication Indicator": r"^mue adjudication indicator$|^mue_mai$",
    "MUE Rationale": r"^mue rationale$|^mue_rationale$",
}


def units(files: Sequence[SourceFile]) -> Reading:
    """The medically unlikely edits of a quarter: one value a code. Their first day stands only in the file's name."""
    rows: dict[str, tuple[str, int, str, str]] = {}
    for file in files:
        for line, (code, value, indicator, rationale) in under_header(file, UNIT_COLUMNS, "medically unlikely edits"):
            if not re.match(CODE, code):
                raise unreadable(file, line, f"{code!r} is no code of five letters and digits.", PUBLISHED)
            if code in rows:
                raise unreadable(file, line, f"{code} stands twice.", PUBLISHED)
            if not value.isdigit() or indicator[:1] not in {"1", "2", "3"}:
                raise unreadable(
                    file, line, f"{code} has the units {value!r} and the indicator {indicator!r}; units are a whole "
                    "number, the indicator begins with 1, 2 or 3.", PUBLISHED,
                )  # fmt: skip
            rows[code] = (code, int(value), indicator[0], rationale[:120])
    if not rows:
        raise unreadable(files[0], None, "no row was found.", PUBLISHED)
    frame = pl.DataFrame(list(rows.values()), schema=["code", "units", "indicator", "rationale"], orient="row")
    by = {one: sum(1 for row in rows.values() if row[2] == one) for one in "123"}
    zero = sum(1 for row in rows.values() if row[1] == 0)
    checks = (
        Check("Layout", f"{counted(len(rows), 'code')}, each once, with units and an indicator"),
        Check("Indicators", f"{by['1']:,} of a line (1), {by['2']:,} of a day by policy (2), {by['3']:,} clinical (3)"),
        Check("Zero units", f"{counted(zero, 'code')} that Medicare does not pay at all"),
    )
    return Reading(frame, checks, day_named(*(file.name for file in files)))


ADD_ON_WIDTHS = (1, 5, 7, 5, 7, 7, 7)
"""Edit type, add-on code and its deletion, primary code and its deletion, first and last day of the edit."""
ADD_ON_COLUMNS = {name: f"^{name}$" for name in ("aoc_edit_type", "add_on_code", "primary_code")}
ADD_ON_SCHEMA = {
    "code": pl.String, "primary": pl.String, "edit_type": pl.String, "starts_on": pl.Date, "ends_on": pl.Date,
}  # fmt: skip
CONTRACTOR = "CCCCC"
AddOnRow = tuple[str, str, str, date | None, date | None]


def add_ons(files: Sequence[SourceFile]) -> Reading:
    """Add-on codes with their primaries; days are written as year and day of the year, and end with their last day.

    The code CCCCC stands for the primaries that a contractor chooses; such a row has none here.
    """
    rows = [row for file in files for row in _add_ons_of(file)]
    found = pl.DataFrame(rows, schema=ADD_ON_SCHEMA, orient="row")
    kept = found.unique(maintain_order=True)
    checks = (
        Check("Layout", f"{counted(found.height, 'row')} with an add-on code, a primary and a type 1, 2 or 3"),
        Check("Types", ", ".join(
            f"{kept.filter(pl.col('edit_type') == one)['code'].n_unique():,} codes of type {one}" for one in "123"
        )),
        Check("Contractors", f"{counted(kept.filter(pl.col('primary') == '').height, 'code')} whose primaries a "
              "contractor chooses"),
    )  # fmt: skip
    return Reading(kept, checks, day_named(*(file.name for file in files)))


def _add_ons_of(file: SourceFile) -> list[AddOnRow]:
    if file.name.lower().endswith(".xlsx"):
        return [_add_on(file, line, cells) for line, cells in _sheet(file)] or _no_add_ons(file)
    if file.content[:200].lower().lstrip(b"\xef\xbb\xbf").startswith(b"primary_code,"):
        return [
            _add_on(file, line, (edit_type, code, "", primary))
            for line, (edit_type, code, primary) in under_header(file, ADD_ON_COLUMNS, "add-on code edits")
        ]
    lines = enumerate(text_of(file).splitlines(), start=1)
    rows = dropwhile(lambda line: not re.match(r"[123]\s*[0-9A-Z]{5}", line[1]), lines)
    return [
        _add_on(file, line, _fixed(text) if "\t" not in text else [cell.strip() for cell in text.split("\t")])
        for line, text in rows
        if text.strip()
    ] or _no_add_ons(file)


def _no_add_ons(file: SourceFile) -> list[AddOnRow]:
    raise unreadable(
        file, None, "this is no file of add-on code edits: no line begins with a type and a code.", PUBLISHED
    )


def _fixed(text: str) -> list[str]:
    cells, at = [], 0
    for width in ADD_ON_WIDTHS:
        cells.append(text[at : at + width].strip())
        at += width
    return cells


def _sheet(file: SourceFile) -> list[tuple[int, list[str]]]:
    """The rows of the official workbook: a notice, a header, then eight columns in the order of the text file."""
    import openpyxl  # here: it is slow to import, and text files need none of it

    try:
        sheet = openpyxl.load_workbook(io.BytesIO(file.content), read_only=True, data_only=True).active
    except (zipfile.BadZipFile, KeyError, ValueError) as no:
        raise unreadable(file, None, f"the workbook does not open: {no}.", PUBLISHED) from None
    rows = enumerate(sheet.iter_rows(values_only=True, max_col=7), start=1) if sheet is not None else ()
    told = ((line, ["" if cell is None else str(cell).strip() for cell in row]) for line, row in rows)
    return [(line, cells) for line, cells in told if re.fullmatch(r"[123]", cells[0])]


def _add_on(file: SourceFile, line: int, cells: Sequence[str]) -> AddOnRow:
    edit_type, code, code_gone, primary, primary_gone, starts, ends = (*cells, *[""] * 7)[:7]
    if edit_type not in {"1", "2", "3"} or not re.match(CODE, code) or not re.match(CODE, primary):
        raise unreadable(
            file, line, f"type {edit_type!r}, add-on {code!r} and primary {primary!r} are not a type 1, 2 or 3 and two "
            "codes.", PUBLISHED,
        )  # fmt: skip
    last = [_ordinal(file, line, day) for day in (code_gone, primary_gone, ends) if day]
    return (
        code,
        "" if primary == CONTRACTOR else primary,
        edit_type,
        _ordinal(file, line, starts) if starts else None,
        min(last) + timedelta(days=1) if last else None,
    )


def _ordinal(file: SourceFile, line: int, text: str) -> date:
    """`2026091` is 1 April 2026."""
    if re.fullmatch(r"\d{7}", text) and 1 <= int(text[4:]) <= 366 and int(text[:4]) >= 1900:
        return date(int(text[:4]), 1, 1) + timedelta(days=int(text[4:]) - 1)
    raise unreadable(file, line, f"{text!r} is not a year and a day of the year, YYYYDDD.", PUBLISHED)
