"""The physician fee schedule's files: relative values, geographic indices, places of service, telehealth services.

Sources: the headers of CMS's own files. Descriptions of procedures are the AMA's; they are passed over, never kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

import polars as pl

from openmso.codes.contracts import Check, SourceFile
from openmso.codes.rules import fixed
from openmso.codes.rules.reading import CODE, PUBLISHED, Reading, day_named, records, text_of, under_header, unreadable
from openmso.kit.words import counted

Values = dict[str, str | bool | None]
WIDTHS = {31: 0, 32: 1}
"""Columns of a file, and how many of them are PRIC IND (since 2026), after which the rest moves right."""
HEADS = {0: "HCPCS", 1: "MOD", 3: "CODE", 5: "RVU", 6: "PE RVU", 8: "PE RVU", 10: "RVU", 14: "DAYS", 18: "PROC"}
"""What stands over columns in the last line of the header; names repeat, so that the place counts."""
NUMBERS = {"work": 5, "pe_nonfacility": 6, "pe_facility": 8, "mp": 10, "pre": 15, "intra": 16, "post": 17}
MARKS = {
    "status": 3, "pctc": 13, "global_days": 14, "mult_proc": 18, "bilateral": 19, "asst_surg": 20, "co_surg": 21,
    "team_surg": 22,
}  # fmt: skip
TOTALS = {"non-facility": (11, 6), "facility": (12, 8)}
CAPS = {"opps_pe_nonfacility": 28, "opps_pe_facility": 29, "opps_mp": 30}
"""What makes the amount that imaging is never paid more than: that of a hospital's outpatients; 0 where none binds."""


def relative_values(files: Sequence[SourceFile]) -> Reading:
    """One release: relative values and policy indicators by code and modifier, with the conversion factor.

    Since 2026 a release comes twice, for clinicians in advanced payment models (QPP) and for all others; the two must
    say the same but for the factor, and a release without the first has one factor.
    """
    others: dict[tuple[str, str], Values] = {}
    qualifying: dict[tuple[str, str], Values] = {}
    for file in files:
        read = dict(_relative_values(file))
        (qualifying if re.search(r"(?<!non)qpp", file.name, re.IGNORECASE) else others).update(read)
    if not others:
        raise unreadable(
            files[0], None, "this is the file for clinicians in advanced payment models alone.",
            "Give it together with the release for all others (nonQPP).",
        )  # fmt: skip
    if qualifying:
        _same_but_factor(files, others, qualifying)
    rows = [
        {**row, "conversion_factor_qp": qualifying.get(key, {}).get("conversion_factor")}
        for key, row in others.items()
    ]  # fmt: skip
    factors = sorted({str(row["conversion_factor"]) for row in rows if Decimal(str(row["conversion_factor"]))})
    if len(factors) != 1:
        raise unreadable(files[0], None, f"there are {len(factors)} conversion factors, not one.", PUBLISHED)
    paid = sum(1 for row in rows if row["status"] in {"A", "R", "T"})
    more = sorted({str(row["conversion_factor_qp"]) for row in rows if row["conversion_factor_qp"]})
    checks = (
        Check("Layout", f"{counted(len(rows), 'code')} with its modifier, each once; {paid:,} paid by relative values"),
        Check("Totals", "work, practice expense and malpractice come to the totals of both settings in every row"),
        Check(
            "Conversion factor", f"{factors[0]}" + (f"; {', '.join(more)} for qualifying participants" if more else "")
        ),
    )
    return Reading(pl.DataFrame(rows, infer_schema_length=None), checks, day_named(*(file.name for file in files)))


def _relative_values(file: SourceFile) -> Iterator[tuple[tuple[str, str], Values]]:
    by_position = fixed.is_values(file)
    shift, seen = 0 if by_position else None, set()
    for line, record in fixed.values(file) if by_position else records(file):
        if shift is None:
            if record[:2] == ["HCPCS", "MOD"]:
                shift = _shift(file, line, record)
            continue
        if not any(record):
            continue
        row = _relative_value(file, line, record, shift)
        key = (str(row["code"]), str(row["modifier"]))
        if key in seen:
            raise unreadable(file, line, f"{' '.join(key).strip()} stands twice.", PUBLISHED)
        seen.add(key)
        yield key, row
    if not seen:
        raise unreadable(file, None, "this is no file of relative values: no row begins with HCPCS, MOD.", PUBLISHED)


def _shift(file: SourceFile, line: int, head: Sequence[str]) -> int:
    """By how much the columns after the surgery indicators stand to the right; refuses a header it does not know."""
    shift = WIDTHS.get(len(head))
    if shift is not None:
        wanted = HEADS | {23 + shift: "BASE", 24 + shift: "FACTOR", 26 + shift: "FLAG"}
        wrong = next((place for place, name in wanted.items() if head[place] != name), None)
        if wrong is None:
            return shift
        words = f"column {wrong + 1} is {head[wrong]!r}, not {wanted[wrong]!r}."
    else:
        words = f"the header has {len(head)} columns; CMS's has 31, or 32 since 2026."
    raise unreadable(file, line, words, PUBLISHED)


def _relative_value(file: SourceFile, line: int, record: Sequence[str], shift: int) -> Values:
    if len(record) != 31 + shift or not re.match(CODE, record[0]):
        raise unreadable(file, line, f"{len(record)} columns that begin with {record[0]!r} are no row.", PUBLISHED)
    numbers = {name: _number(file, line, record[place]) for name, place in NUMBERS.items()}
    for setting, (total, expense) in TOTALS.items():
        parts = [Decimal(record[place] or 0) for place in (5, expense, 10)]
        if sum(parts) != _number(file, line, record[total]):
            raise unreadable(
                file, line, f"{record[0]}: {' + '.join(map(str, parts))} is not the {setting} total {record[total]}.",
                PUBLISHED,
            )  # fmt: skip
    row: Values = {"code": record[0], "modifier": record[1]}
    return (
        row
        | {name: str(value) for name, value in numbers.items()}
        | {"na_nonfacility": record[7] == "NA", "na_facility": record[9] == "NA"}
        | {name: record[place] for name, place in MARKS.items()}
        | {
            "endo_base": record[23 + shift],
            "conversion_factor": str(_number(file, line, record[24 + shift])),
            "imaging_family": record[27 + shift],
        }
        | {name: str(_number(file, line, record[place + shift])) for name, place in CAPS.items()}
    )


def _number(file: SourceFile, line: int, text: str) -> Decimal:
    try:
        value = Decimal(text or 0)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or value >= 10_000:
        raise unreadable(file, line, f"{text!r} is not a number from 0 to 9,999.", PUBLISHED)
    return value


def _same_but_factor(
    files: Sequence[SourceFile], others: dict[tuple[str, str], Values], qualifying: dict[tuple[str, str], Values]
) -> None:
    """Refuse a release whose two files differ in anything but the factor."""
    file = next(one for one in files if re.search(r"(?<!non)qpp", one.name, re.IGNORECASE))
    for key in others.keys() | qualifying.keys():
        one, two = ({**side.get(key, {}), "conversion_factor": ""} for side in (others, qualifying))
        if one != two:
            raise unreadable(
                file, None, f"{' '.join(key).strip()} is not the same as in the file for all others.",
                "Give two files of one release.",
            )  # fmt: skip


GPCI_COLUMNS = {
    "Medicare Administrative Contractor (MAC)": r"\(mac\)$|^mac$", "State": r"^state$",
    "Locality Number": r"^locality number$|^locality$", "Locality Name": r"^locality[ _]name$",
    "PW GPCI": r"pw gpci(?!.*without)|^gpci_work$", "PE GPCI": r"pe gpci|^gpci_pe$", "MP GPCI": r"mp gpci|^gpci_mp$",
}  # fmt: skip


def localities(files: Sequence[SourceFile]) -> Reading:
    """The geographic practice cost indices of a year by contractor and locality; the work index with its floor."""
    rows: dict[tuple[str, str], Values] = {}
    year = None
    for file in files:
        year = year or re.search(r"\b(20\d\d) (?:pw )?gpci|cy (20\d\d)", text_of(file)[:2_000].lower())
        rows_of = fixed.localities(file) if fixed.is_localities(file) else _under_gpci(file)
        for line, (mac, state, locality, name, *indices) in rows_of:
            if not re.fullmatch(r"\d{4,5}", mac):
                continue  # footnotes
            mac, locality = mac.zfill(5), locality.zfill(2)  # a spreadsheet drops the zeros before a number
            if not re.fullmatch(r"\d{2}", locality):
                raise unreadable(file, line, f"the locality {locality!r} has not two digits.", PUBLISHED)
            if (mac, locality) in rows:
                raise unreadable(file, line, f"locality {locality} of contractor {mac} stands twice.", PUBLISHED)
            work, pe, mp = (_number(file, line, index).quantize(Decimal("0.001")) for index in indices)
            if not all(Decimal("0.1") < one < 5 for one in (work, pe, mp)):
                raise unreadable(file, line, f"{work}, {pe} and {mp} are no indices.", PUBLISHED)
            rows[mac, locality] = {
                "mac": mac, "state": state, "locality": locality, "name": name.strip(" *")[:80],
                "gpci_work": str(work), "gpci_pe": str(pe), "gpci_mp": str(mp),
            }  # fmt: skip
    if not rows:
        raise unreadable(files[0], None, "no row was found.", PUBLISHED)
    checks = (
        Check("Layout", f"{counted(len(rows), 'locality', 'localities')}, each once, with three indices"),
        Check("States", f"{len({row['state'] for row in rows.values()}):,} states and territories"),
    )
    since = date(int(year[1] or year[2]), 1, 1) if year else day_named(*(file.name for file in files))
    return Reading(pl.DataFrame(list(rows.values())), checks, since)


def _under_gpci(file: SourceFile) -> Iterator[tuple[int, list[str]]]:
    return under_header(file, GPCI_COLUMNS, "geographic indices")


PLACE_COLUMNS = {"pos_code": "code", "pos_type": "type", "pos_name": "name$"}


def places(files: Sequence[SourceFile]) -> Reading:
    """Place of service codes, and whether Medicare pays there at its facility rate."""
    rows: dict[str, Values] = {}
    for file in files:
        for line, (code, kind, name) in under_header(file, PLACE_COLUMNS, "places of service"):
            facility = {"facility": True, "non-facility": False}.get(kind.lower())
            if not re.fullmatch(r"\d{2}", code) or facility is None or code in rows:
                raise unreadable(
                    file, line, f"{code!r} and {kind!r} are not two digits, once, and Facility or Non-Facility.",
                    PUBLISHED,
                )  # fmt: skip
            rows[code] = {"code": code, "name": name[:80], "is_facility": facility}
    if not rows:
        raise unreadable(files[0], None, "no row was found.", PUBLISHED)
    facilities = sum(bool(row["is_facility"]) for row in rows.values())
    checks = (Check("Layout", f"{counted(len(rows), 'place')}, each once, {facilities} at the facility rate"),)
    return Reading(pl.DataFrame(list(rows.values())), checks, day_named(*(file.name for file in files)))


TELEHEALTH_COLUMNS = {"HCPCS": r"^hcpcs|^code$", "Action": r"action|status"}


def telehealth(files: Sequence[SourceFile]) -> Reading:
    """The services that Medicare pays by telehealth in a year; what a list says it removes is not among them."""
    rows: dict[str, Values] = {}
    removed = 0
    for file in files:
        separator = "\t" if "\t" in text_of(file)[:2_000] else ","
        listed = under_header(file, TELEHEALTH_COLUMNS, "telehealth services", separator=separator)
        for line, (code, action) in listed:
            if not re.match(CODE, code):
                if rows and not re.match(r"\S{1,7}$", code):
                    continue  # notes at the end
                raise unreadable(file, line, f"{code!r} is no code of five letters and digits.", PUBLISHED)
            if re.match(r"delet|remov", action, re.IGNORECASE):
                removed += 1
                continue
            rows[code] = {"code": code, "action": action[:80]}
    if not rows:
        raise unreadable(files[0], None, "no row was found.", PUBLISHED)
    checks = (
        Check("Layout", f"{counted(len(rows), 'service')}, by code alone"),
        Check("Removed", f"{counted(removed, 'code')} that the list takes out"),
    )
    year = re.search(r"cy ?(20\d\d)|calendar year (20\d\d)", text_of(files[0])[:2_000].lower())
    since = date(int(year[1] or year[2]), 1, 1) if year else day_named(*(file.name for file in files))
    return Reading(pl.DataFrame(list(rows.values())), checks, since)
