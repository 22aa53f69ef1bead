"""Code sets: HCPCS Level II, ICD-10-CM, provider taxonomy, CPT by licence, X12's external lists, RBCS families.

Each gives rows of one shape: a code, what group of its set it is in, a short label, the whole words, its days, and
whether it can be billed. Sources: the headers of the files; CMS's note on TERM DT: the last day a code is used.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

import polars as pl

from openmso.codes.contracts import Check, SourceFile
from openmso.codes.rules.reading import PUBLISHED, Reading, day_named, records, text_of, under_header, unreadable
from openmso.kit.words import counted

SCHEMA = {
    "code": pl.String, "category": pl.String, "label": pl.String, "words": pl.String, "starts_on": pl.Date,
    "ends_on": pl.Date, "is_billable": pl.Boolean,
}  # fmt: skip
LABEL, WORDS, CATEGORY = 120, 2_000, 80
FOREVER = date(9999, 12, 31)
Row = tuple[str, str, str, str, date | None, date | None, bool]
MODIFIER = "Modifier"


def entry(
    code: str, label: str, *, category: str = "", words: str = "", starts_on: date | None = None,
    last_on: date | None = None, is_billable: bool = True,
) -> Row:  # fmt: skip
    """A row; `last_on` is the last day the code is used, as files say it."""
    ends_on = last_on + timedelta(days=1) if last_on and last_on < FOREVER else None
    said = " ".join(words.split())
    return code, category[:CATEGORY], (label or said)[:LABEL], said[:WORDS], starts_on, ends_on, is_billable


def reading_of(
    files: Sequence[SourceFile], rows: Iterable[tuple[int, Row]], since: date | None, *checks: Check
) -> Reading:
    """The rows, each code once in its category; a second one is refused by its line."""
    kept: dict[tuple[str, str], Row] = {}
    for line, row in rows:
        if row[:2] in kept:
            raise unreadable(files[0], line, f"{row[0]} stands twice.", PUBLISHED)
        kept[row[:2]] = row
    if not kept:
        raise unreadable(files[0], None, "no row was found.", PUBLISHED)
    found = pl.DataFrame(list(kept.values()), schema=SCHEMA, orient="row")
    ended = int(found["ends_on"].is_not_null().sum())
    billable = int(found["is_billable"].sum())
    layout = Check("Layout", f"{counted(found.height, 'code')}, each once in its group; {billable:,} can be billed")
    return Reading(found, (layout, Check("Ended", f"{counted(ended, 'code')} with a last day"), *checks), since)


def _day(file: SourceFile, line: int, text: str) -> date | None:
    """`20191231` or `2019-12-31`; nothing where nothing stands."""
    if not text:
        return None
    try:
        return datetime.strptime(text.replace("-", ""), "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise unreadable(file, line, f"{text!r} is not a day, YYYYMMDD.", PUBLISHED) from None


HCPCS_COLUMNS = {
    "HCPC": r"^hcpc$|^code$", "RECID": r"^recid$|^code$", "SHORT DESCRIPTION": r"^short[ _]description$",
    "LONG DESCRIPTION": r"^long[ _]description$",
}  # fmt: skip
HCPCS_DAYS = HCPCS_COLUMNS | {"ADD DT": r"^add dt$", "TERM DT": r"^term dt$"}
CONTINUES = {"4", "8"}
"""Record ids of lines that go on with the words of the line before."""


def hcpcs(files: Sequence[SourceFile]) -> Reading:
    """HCPCS Level II with its modifiers, from the alpha-numeric file as CSV or workbook."""
    rows = [row for file in files for row in _hcpcs(_as_csv(file))]
    modifiers = sum(row[1] == MODIFIER for _, row in rows)
    check = Check("Modifiers", counted(modifiers, "modifier"))
    return reading_of(files, rows, day_named(*(file.name for file in files)), check)


def _hcpcs(file: SourceFile) -> Iterator[tuple[int, Row]]:
    official = b"TERM DT" in file.content[:2_000]
    found: tuple[int, list[str]] | None = None
    for line, values in under_header(file, HCPCS_DAYS if official else HCPCS_COLUMNS, "HCPCS Level II"):
        code, record = values[0], values[1]
        if not re.fullmatch(r"[A-Z][0-9]{4}|[A-Z0-9]{2}", code):
            raise unreadable(file, line, f"{code!r} is no HCPCS code and no modifier.", PUBLISHED)
        if found and official and record in CONTINUES and found[1][0] == code:
            found[1][3] += f" {values[3]}"
            continue
        if found:
            yield found[0], _hcpcs_row(file, *found)
        found = line, values
    if found:
        yield found[0], _hcpcs_row(file, *found)


def _hcpcs_row(file: SourceFile, line: int, values: Sequence[str]) -> Row:
    code, _, short, long, starts, last = (*values, "", "")[:6]
    return entry(
        code, short, category=MODIFIER if len(code) == 2 else "", words=long, starts_on=_day(file, line, starts),
        last_on=_day(file, line, last),
    )  # fmt: skip


def _as_csv(file: SourceFile) -> SourceFile:
    """The first sheet of a workbook as CSV; any other file as it is."""
    if not file.name.lower().endswith(".xlsx"):
        return file
    try:
        frame = pl.read_excel(io.BytesIO(file.content), engine="openpyxl", infer_schema_length=0)
    except (zipfile.BadZipFile, KeyError, ValueError, pl.exceptions.PolarsError) as no:
        raise unreadable(file, None, f"the workbook does not open: {no}.", PUBLISHED) from None
    return SourceFile(file.name, frame.write_csv().encode())


def icd10cm(files: Sequence[SourceFile]) -> Reading:
    """ICD-10-CM of a fiscal year, without points, headings too: from the order file or `code,billable,description`."""
    rows = [row for file in files for row in (_icd_plain(file) if _is_plain(file) else _icd_order(file))]
    year = next((found for file in files if (found := re.search(r"20\d\d", file.name))), None)
    since = None
    if year:
        april = any("apr" in file.name.lower() for file in files)
        since = date(int(year[0]), 4, 1) if april else date(int(year[0]) - 1, 10, 1)
    headings = sum(not row[-1] for _, row in rows)
    return reading_of(files, rows, since, Check("Headings", f"{counted(headings, 'heading')} that cannot be billed"))


def _is_plain(file: SourceFile) -> bool:
    return file.content[:200].lstrip(b"\xef\xbb\xbf").startswith(b"code,")


def _icd_order(file: SourceFile) -> Iterator[tuple[int, Row]]:
    """Order 1-5, code 7-13, whether it can be billed 15, short words 17-76, long words from 78."""
    for line, text in enumerate(text_of(file).splitlines(), start=1):
        if not text.strip():
            continue
        if not re.match(r"\d{5} [A-Z]\d[0-9A-Z]{1,5} {0,4} [01] \S", text):
            raise unreadable(file, line, "the line has no order number, code and 0 or 1 in their places.", PUBLISHED)
        yield line, entry(text[6:13].strip(), text[16:76].strip(), words=text[77:], is_billable=text[14] == "1")


def _icd_plain(file: SourceFile) -> Iterator[tuple[int, Row]]:
    columns = {"code": "^code$", "billable": "^billable$", "description": "^description$"}
    for line, (code, billable, words) in under_header(file, columns, "ICD-10-CM"):
        plain = code.replace(".", "")
        if not re.fullmatch(r"[A-Z]\d[0-9A-Z]{1,5}", plain) or billable not in {"0", "1"}:
            raise unreadable(file, line, f"{code!r} and {billable!r} are not a code and 0 or 1.", PUBLISHED)
        yield line, entry(plain, words, words=words, is_billable=billable == "1")


NUCC = {name: f"^{name.lower()}$" for name in ("Code", "Grouping", "Classification", "Specialization")}
MEDICARE = {
    "MEDICARE SPECIALTY CODE": "^medicare specialty code", "PROVIDER TAXONOMY CODE": "^provider taxonomy code$",
    "MEDICARE PROVIDER/SUPPLIER TYPE DESCRIPTION": "supplier type description",
}  # fmt: skip


def taxonomy(files: Sequence[SourceFile]) -> Reading:
    """Provider taxonomy codes of NUCC, by grouping; their definitions are not kept."""

    def rows() -> Iterator[tuple[int, Row]]:
        for file in files:
            for line, (code, grouping, classification, special) in under_header(file, NUCC, "provider taxonomy"):
                if not re.fullmatch(r"[0-9A-Z]{9}X", code):
                    raise unreadable(file, line, f"{code!r} is no taxonomy code.", PUBLISHED)
                words = " / ".join(part for part in (classification, special) if part)
                yield line, entry(code, words, category=grouping, words=words)

    return reading_of(files, rows(), day_named(*(file.name for file in files)))


def specialties(files: Sequence[SourceFile]) -> Reading:
    """Medicare's specialty codes to taxonomy codes: the group of a row is the specialty, two characters first."""

    def rows() -> Iterator[tuple[int, Row]]:
        seen = set()
        for file in files:
            for line, (specialty, code, words) in under_header(file, MEDICARE, "the Medicare specialty crosswalk"):
                if not re.fullmatch(r"[0-9A-Z]{9}X", code):
                    continue  # specialties without a taxonomy, and footnotes
                row = entry(code, words, category=f"{specialty.split('[')[0].strip()} {words}")
                if row[:2] not in seen:
                    seen.add(row[:2])
                    yield line, row

    return reading_of(files, rows(), day_named(*(file.name for file in files)))


def cpt(files: Sequence[SourceFile]) -> Reading:
    """CPT by licence: a code, then tab, comma or blank, then its words, a line each, as the AMA distributes it."""

    def rows() -> Iterator[tuple[int, Row]]:
        for file in files:
            for line, text in enumerate(text_of(file).splitlines(), start=1):
                found = re.match(r'"?([0-9]{4}[0-9A-Z])"?[\t, ]+"?(.*?)"?\s*$', text)
                if found:
                    yield line, entry(found[1], "", words=found[2])
                elif re.match(r"[0-9]", text):
                    raise unreadable(file, line, "the line begins with no CPT code.", PUBLISHED)

    return reading_of(files, rows(), day_named(*(file.name for file in files)))


EXTERNAL = {"list": "^list$", "code": "^code$"}
WORDED = {"words": "^words$"}


def external(files: Sequence[SourceFile]) -> Reading:
    """X12's external code lists, by list: the values, each once, and words where the licensee's file has them."""

    def rows() -> Iterator[tuple[int, Row]]:
        seen = set()
        for file in files:
            worded = "words" in next(records(file), (0, [""]))[1]
            for line, (named, code, *words) in under_header(
                file, EXTERNAL | (WORDED if worded else {}), "external codes"
            ):
                if not named or not code or len(code) > 10:
                    raise unreadable(file, line, f"{named!r} and {code!r} are not a list and a code.", PUBLISHED)
                if (named, code) not in seen:
                    seen.add((named, code))
                    yield line, entry(code, "", category=named, words="".join(words))

    return reading_of(files, rows(), day_named(*(file.name for file in files)))


RBCS = {
    "hcpcs_code": "hcpcs_c", "category": r"rbcs_cat(egory|_desc)$", "subcategory": r"rbcs_(subcategory|subcat_desc)$",
    "family": r"rbcs_fam(ily|_desc)?$", "effective": r"date_effective|rbcs_latest|eff_dt",
    "ended": r"hcpcs_date_ended|hcpcs_cd_end_dt",
}  # fmt: skip


def families(files: Sequence[SourceFile]) -> Reading:
    """CMS's own families of procedures (RBCS), the latest of each code: labels that need nobody's licence."""

    def rows() -> Iterator[tuple[int, Row]]:
        latest: dict[str, tuple[str, int, Row]] = {}
        for file in files:
            for line, (code, category, part, family, since, last) in under_header(file, RBCS, "RBCS families"):
                label = part if family.startswith("No RBCS") or not family else family
                row = entry(code, label, category=f"{category}: {part}", last_on=_day(file, line, last))
                if code not in latest or latest[code][0] <= since:
                    latest[code] = since, line, row
        yield from ((line, row) for _, line, row in latest.values())

    return reading_of(files, rows(), day_named(*(file.name for file in files)))
