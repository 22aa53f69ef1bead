"""What payers ask of a service besides edits: age and sex, waived tests, frequency, covered diagnoses, thresholds.

Nobody publishes these in one layout, so that each is a CSV whose header names its columns; codes and numbers only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

import polars as pl

from openmso.codes.contracts import Check, SourceFile
from openmso.codes.rules.reading import CODE, PUBLISHED, Reading, code_of, day_named, day_of, under_header, unreadable
from openmso.kit.words import counted

ICD10 = r"^[A-Z]\d[0-9A-Z]{0,5}$"
DISCIPLINES = ("PT-SLP", "OT")
KINDS = frozenset({"", "medicare", "medicaid", "tricare", "commercial", "blues", "vision", "workers_comp", "auto"})
Row = dict[str, Any]
Reads = Callable[[SourceFile, int, Sequence[str]], Row]


def _columns(names: str) -> Mapping[str, str]:
    return {name: f"^{name}$" for name in names.split()}


def _rows(files: Sequence[SourceFile], columns: str, what: str, reads: Reads) -> Iterator[tuple[int, Row]]:
    for file in files:
        for line, values in under_header(file, _columns(columns), what):
            yield line, reads(file, line, values)


def _reading(
    files: Sequence[SourceFile], rows: Iterable[tuple[int, Row]], schema: Mapping[str, Any], key: str, words: str
) -> Reading:
    """The rows, each once by the columns of its `key`."""
    kept: dict[tuple[Any, ...], Row] = {}
    for line, row in rows:
        name = tuple(row[part] for part in key.split())
        if name in kept:
            raise unreadable(files[0], line, f"{name[0]} stands twice.", PUBLISHED)
        kept[name] = row
    if not kept:
        raise unreadable(files[0], None, "no row was found.", PUBLISHED)
    found = pl.DataFrame(list(kept.values()), schema=dict(schema), orient="row")
    layout = Check("Layout", f"{counted(found.height, 'row')}, each once; {words}")
    return Reading(found, (layout,), day_named(*(file.name for file in files)))


def _count(file: SourceFile, line: int, text: str) -> int | None:
    """A number from 0 to 1,200; nothing where nothing stands."""
    if not text:
        return None
    if not re.fullmatch(r"\d{1,4}", text) or int(text) > 1_200:
        raise unreadable(file, line, f"{text!r} is not a number from 0 to 1,200.", PUBLISHED)
    return int(text)


def _payer(file: SourceFile, line: int, kind: str, payer: str, document: str) -> Row:
    if kind not in KINDS or len(payer) > 15:
        raise unreadable(
            file, line, f"{kind or payer!r} is no kind of payer or payer id.",
            f"Kinds: {', '.join(sorted(KINDS - {''}))}; empty for every one.",
        )  # fmt: skip
    if not document:
        raise unreadable(file, line, "nothing says who asks for it.", "Name the determination or policy.")
    return {"payer_kind": kind, "payer": payer, "document": document[:120]}


def _range(file: SourceFile, line: int, first: str, last: str, pattern: str) -> tuple[str, str]:
    first, last = first.replace(".", ""), (last or first).replace(".", "")
    if not (re.match(pattern, first) and re.match(pattern, last)) or last < first[: len(last)]:
        raise unreadable(file, line, f"{first!r} to {last!r} is no range of codes.", PUBLISHED)
    return first, last


# ---- ages and sexes -------------------------------------------------------------------------------------------

AGE_SEX = {
    "is_diagnosis": pl.Boolean, "first": pl.String, "last": pl.String, "sex": pl.String, "age_first": pl.Int32,
    "age_last": pl.Int32,
}  # fmt: skip


def ages_and_sexes(files: Sequence[SourceFile]) -> Reading:
    """`system,first,last,sex,age_first,age_last`: whom procedures (HCPCS) and diagnoses (ICD10) are for.

    Ranges of one system may not overlap: a code has one answer.
    """
    found = sorted(
        _rows(files, "system first last sex age_first age_last", "ages and sexes", _age_sex),
        key=lambda one: (one[1]["is_diagnosis"], one[1]["first"]),
    )
    for (_, before), (line, after) in pairwise(found):
        if before["is_diagnosis"] == after["is_diagnosis"] and after["first"][: len(before["last"])] <= before["last"]:
            words = f"{after['first']} is also within {before['first']} to {before['last']}."
            raise unreadable(files[0], line, words, "Say each code once, with sex and ages in one row.")
    diagnoses = sum(row["is_diagnosis"] for _, row in found)
    return _reading(files, found, AGE_SEX, "first is_diagnosis", f"{diagnoses:,} of diagnoses")


def _age_sex(file: SourceFile, line: int, values: Sequence[str]) -> Row:
    system, first, last, sex, *ages = values
    years = [_count(file, line, age) for age in ages]
    if system not in {"HCPCS", "ICD10"} or sex not in {"", "F", "M"} or (not sex and years == [None, None]):
        raise unreadable(file, line, f"{system!r}, {sex!r} and ages say nothing of a code.", PUBLISHED)
    if years[0] is not None and years[1] is not None and years[0] > years[1]:
        raise unreadable(file, line, f"from {years[0]} to {years[1]} years is nobody.", PUBLISHED)
    first, last = _range(file, line, first, last, CODE if system == "HCPCS" else ICD10)
    return {
        "is_diagnosis": system == "ICD10", "first": first, "last": last, "sex": sex, "age_first": years[0],
        "age_last": years[1],
    }  # fmt: skip


# ---- frequency ------------------------------------------------------------------------------------------------

FREQUENCY = {
    "code": pl.String, "family": pl.String, "most": pl.Int32, "months": pl.Int32, "payer_kind": pl.String,
    "payer": pl.String, "document": pl.String,
}  # fmt: skip


def frequencies(files: Sequence[SourceFile]) -> Reading:
    """`code,family,most,months,payer_kind,payer,document`: at most so many of a family in so many full months."""
    rows = _rows(files, "code family most months payer_kind payer document", "frequencies", _frequency)
    return _reading(files, rows, FREQUENCY, "code family payer_kind payer", "each names who asks for it")


def _frequency(file: SourceFile, line: int, values: Sequence[str]) -> Row:
    code, family, most, months, *payer = values
    if not family or len(family) > 40 or not _count(file, line, most):
        raise unreadable(file, line, f"{family!r} and {most!r} are no family and count.", PUBLISHED)
    return {
        "code": code_of(file, line, code), "family": family, "most": int(most), "months": _count(file, line, months),
        **_payer(file, line, *payer),
    }  # fmt: skip


# ---- covered diagnoses ----------------------------------------------------------------------------------------

COVERAGE = {
    "code": pl.String, "first": pl.String, "last": pl.String, "payer_kind": pl.String, "payer": pl.String,
    "document": pl.String, "state": pl.String, "starts_on": pl.Date, "ends_on": pl.Date,
}  # fmt: skip


def coverage(files: Sequence[SourceFile]) -> Reading:
    """`code,first,last,payer_kind,payer,state,document,first_day,last_day`: diagnoses a service is covered for.

    Local determinations are a contractor's: its states are a row each.
    """
    columns = "code first last payer_kind payer state document first_day last_day"
    rows = list(_rows(files, columns, "covered diagnoses", _covered))
    codes = len({row["code"] for _, row in rows})
    documents = len({row["document"] for _, row in rows})
    words = f"{counted(codes, 'service')} by {counted(documents, 'determination')}"
    return _reading(files, rows, COVERAGE, "code first payer_kind payer state document starts_on", words)


def _covered(file: SourceFile, line: int, values: Sequence[str]) -> Row:
    code, first, last, kind, payer, state, document, since, until = values
    if not re.fullmatch(r"([A-Z]{2})?", state):
        raise unreadable(file, line, f"{state!r} is no state of two letters.", PUBLISHED)
    low, high = _range(file, line, first, last, ICD10)
    last_on = day_of(file, line, until)
    return {
        "code": code_of(file, line, code), "first": low, "last": high, **_payer(file, line, kind, payer, document),
        "state": state, "starts_on": day_of(file, line, since),
        "ends_on": last_on + timedelta(days=1) if last_on else None,
    }  # fmt: skip


# ---- therapy --------------------------------------------------------------------------------------------------

THERAPY = {"year": pl.Int32, "discipline": pl.String, "amount": pl.String}


def therapy_thresholds(files: Sequence[SourceFile]) -> Reading:
    """`year,discipline,amount`: dollars of a calendar year for PT-SLP together and for OT (42 USC 1395l(g))."""
    rows = list(_rows(files, "year discipline amount", "therapy thresholds", _threshold))
    years = sorted({row["year"] for _, row in rows})
    read = _reading(files, rows, THERAPY, "year discipline", f"{years[0]} to {years[-1]}" if years else "no year")
    return Reading(read.rows, read.checks, date(years[0], 1, 1))


def _threshold(file: SourceFile, line: int, values: Sequence[str]) -> Row:
    year, discipline, amount = values
    try:
        dollars = Decimal(amount)
    except InvalidOperation:
        dollars = Decimal(0)
    if not re.fullmatch(r"20\d\d", year) or discipline not in DISCIPLINES or not 0 < dollars < 100_000:
        raise unreadable(file, line, f"{year!r}, {discipline!r} and {amount!r} are no threshold.", PUBLISHED)
    return {"year": int(year), "discipline": discipline, "amount": str(dollars.quantize(Decimal("0.01")))}
