"""Pairs asked of a file of NCCI edits, without any database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from openmso.codes.contracts import SourceFile
from openmso.codes.rules import ncci
from openmso.codes.rules.kinds import kind
from openmso.codes.rules.reading import CODE, opened, records, unreadable

DAY_COLUMNS = ("service_date", "service_on", "date_of_service", "dos")
DAY_FORMATS = ("%Y-%m-%d", "%Y%m%d", "%m/%d/%Y", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")
FIX = "Name the columns column1, column2 and, where days differ, service_date."


@dataclass(frozen=True, slots=True)
class Answer:
    """What holds for two codes, in this direction, on a day; no indicator where no edit is in force.

    `last_active_day` is as CMS says it: the last day on which the edit was active.
    """

    column1: str
    column2: str
    service_date: date
    modifier_indicator: str | None = None
    last_active_day: date | None = None
    rationale: str = ""


def answers(asked: SourceFile, edits: Sequence[SourceFile], *, on: date) -> list[Answer]:
    """An answer for each pair, in the order asked. Raises `FileRefused`."""
    pairs = _pairs(asked, on)
    read = ncci.pairs(opened(edits, kind("ncci-ptp").member))
    wanted = pl.DataFrame({"column1": [one for one, _, _ in pairs], "column2": [two for _, two, _ in pairs]}).unique()
    found: dict[tuple[str, str], list[tuple[date, date | None, str, int]]] = {}
    for column1, column2, *rest in read.rows.join(wanted, on=["column1", "column2"], how="semi").iter_rows():
        found.setdefault((column1, column2), []).append(tuple(rest))
    return [_answer(pair, found.get(pair[:2], ()), read.words) for pair in pairs]


def _answer(
    pair: tuple[str, str, date], edits: Sequence[tuple[date, date | None, str, int]], words: Sequence[str]
) -> Answer:
    day = pair[2]
    for starts_on, ends_on, indicator, rationale in sorted(edits, key=lambda edit: edit[0], reverse=True):
        if starts_on <= day and (ends_on is None or day < ends_on):
            last = ends_on - timedelta(days=1) if ends_on else None
            return Answer(*pair, indicator, last, words[rationale])
    return Answer(*pair)


def _pairs(asked: SourceFile, on: date) -> list[tuple[str, str, date]]:
    rows = records(asked)
    _, head = next(rows, (0, []))
    names = [re.sub(r"\W+", "", name.lower().replace(" ", "")) for name in head]
    if "column1" not in names or "column2" not in names:
        raise unreadable(asked, 1, "the columns column1 and column2 are not there.", FIX)
    day_at = next((names.index(name) for name in DAY_COLUMNS if name in names), None)
    pairs = []
    for line, record in rows:
        if not any(record):
            continue
        if len(record) <= max(names.index("column1"), names.index("column2")):
            raise unreadable(asked, line, "there are fewer fields than columns.", FIX)
        one, two = record[names.index("column1")].upper(), record[names.index("column2")].upper()
        said = record[day_at] if day_at is not None and day_at < len(record) else ""
        if not (re.match(CODE, one) and re.match(CODE, two)):
            raise unreadable(asked, line, f"{one!r} and {two!r} are not two codes.", "Write codes of five characters.")
        pairs.append((one, two, _day(asked, line, said) if said else on))
    return pairs


def _day(asked: SourceFile, line: int, text: str) -> date:
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day of service has no zone
        except ValueError:
            continue
    raise unreadable(asked, line, f"{text!r} is not a day.", "Write it as YYYY-MM-DD.")
