"""Billing and coding articles of Medicare's contractors: the diagnoses for which they cover services.

The Medicare Coverage Database is exported by CMS as `current_article.zip`, in which `current_article_csv.zip` holds a
CSV for each table (downloads page of the database; columns as public loaders of the export name them). Either archive
is loaded as it is; of its tables these are used:

    article                          article_id, article_version, status (A, R, F), article_eff_date, article_end_date,
                                     last_updated
    article_x_hcpc_code              article_id, article_version, hcpc_code_id
    article_x_icd10_covered          article_id, article_version, icd10_code_id, icd10_covered_group
    article_x_icd10_covered_group    article_id, article_version, icd10_covered_group, paragraph (optional)
    article_x_contractor             article_id, article_version, contractor_id, contractor_type_id, contractor_version
    contractor_jurisdiction          contractor_id, contractor_type_id, contractor_version, state_id, term_date
    state_lookup                     state_id, state_abbrev
    article_related_documents        article_id, article_version, r_lcd_id (optional)

Services and diagnoses stand in groups that are numbered apart; only the words above a group of diagnoses say for which
services it is. A group whose words name codes of the article is for those; every other is for all of them. Where
several groups are asked for together, any of their diagnoses is taken: what is held back by these lists has none of
them. An article that covers any diagnosis (XX000) limits nothing. Titles, descriptions and words are not kept.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import polars as pl

from openmso.codes.contracts import Check, SourceFile
from openmso.codes.rules.limits import COVERAGE, ICD10
from openmso.codes.rules.reading import CODE, PUBLISHED, Reading, under_header, unreadable
from openmso.kit.words import counted

LISTED = "codes_listeddiagnosis"
MEMBERS = (
    r"(^|/)(article(_x_hcpc_code|_x_icd10_covered|_x_icd10_covered_group|_x_contractor|_related_documents)?"
    r"|contractor_jurisdiction|state_lookup)\.csv$"
)
PARTS = {"NF": "CA", "SF": "CA", "DN": "NY", "QN": "NY", "UN": "NY", "EM": "MO", "WM": "MO"}
"""Parts of states that the database names for themselves."""
IN_FORCE = frozenset({"A", "F", "R"})
"""Active, to come, retired on a day that is told."""
WHOLE = "Send CMS's current_article.zip, the current_article_csv.zip in it, or all of its tables."
TAGS = re.compile(r"<[^>]*>")
SPAN = re.compile(r"\b([0-9A-Z]\d{3}[0-9A-Z])\b(?:\s*(?:-|–|through|to)\s*([0-9A-Z]\d{3}[0-9A-Z])\b)?")
Key = tuple[str, str]
"""An article and its version."""


@dataclass(slots=True)
class _Article:
    """An article in the making."""

    starts_on: date
    ends_on: date | None
    codes: set[str] = field(default_factory=set)
    groups: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Diagnoses by group; one without a limit has the empty text."""
    words: dict[str, str] = field(default_factory=dict)
    states: set[str] = field(default_factory=set)
    lcds: set[str] = field(default_factory=set)


def covered_diagnoses(files: Sequence[SourceFile]) -> Reading:
    """The services of articles with the diagnoses they are covered for, by the states of their contractors."""
    tables = {file.name.rsplit("/", 1)[-1].lower().removesuffix(".csv"): file for file in files}
    articles, known, since = _articles(_table(tables, "article", files))
    for name, column, keep in (
        ("article_x_hcpc_code", "hcpc_code_id", _service),
        ("article_x_icd10_covered", "icd10_code_id icd10_covered_group", _diagnosis),
        ("article_x_icd10_covered_group", "icd10_covered_group paragraph", _words),
        ("article_related_documents", "r_lcd_id", _lcd),
    ):
        if name in tables or keep in {_service, _diagnosis}:
            _tell(_table(tables, name, files), f"article_id article_version {column}", articles, known, keep)
    _place(tables, files, articles, known)
    return _reading(files, articles, since)


def _table(tables: Mapping[str, SourceFile], name: str, files: Sequence[SourceFile]) -> SourceFile:
    if name not in tables:
        raise unreadable(files[0], None, f"the table {name} is missing.", WHOLE)
    return tables[name]


def _rows(file: SourceFile, columns: str) -> Iterator[tuple[int, list[str]]]:
    return under_header(file, {name: f"^{name}$" for name in columns.split()}, "the coverage database")


def _articles(file: SourceFile) -> tuple[dict[Key, _Article], set[Key], date | None]:
    """Those that hold on some day; all that the file knows, and the day of the export."""
    found, known, days = {}, set(), set()
    columns = "article_id article_version status article_eff_date article_end_date last_updated"
    for line, (name, version, status, first, last, updated) in _rows(file, columns):
        if (name, version) in known:
            raise unreadable(file, line, f"article {name}, version {version}, stands twice.", PUBLISHED)
        known.add((name, version))
        days.add(_day(file, line, updated))
        starts_on, last_on = _day(file, line, first), _day(file, line, last)
        if status.upper() not in IN_FORCE:
            raise unreadable(file, line, f"{status!r} is no status of an article.", PUBLISHED)
        if starts_on is not None and (last_on is not None or status.upper() != "R"):
            found[name, version] = _Article(starts_on, last_on + timedelta(days=1) if last_on else None)
    told = [day for day in days if day is not None]
    return found, known, max(told, default=None)


def _day(file: SourceFile, line: int, text: str) -> date | None:
    """`2026-04-01 00:00:00` or `04/01/2026`; nothing where nothing stands."""
    said = text[:10].strip()
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(said, form).date() if said else None  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise unreadable(file, line, f"{text!r} is no day.", PUBLISHED)


def _tell(file: SourceFile, columns: str, articles: Mapping[Key, _Article], known: set[Key], keep: object) -> None:
    """Give each row to its article; one of an article that nobody knows contradicts the export."""
    for line, (name, version, *values) in _rows(file, columns):
        if (name, version) not in known:
            raise unreadable(file, line, f"article {name}, version {version}, is not in the table of articles.", WHOLE)
        if (name, version) in articles:
            keep(articles[name, version], file, line, *values)  # type: ignore[operator]


def _service(one: _Article, file: SourceFile, line: int, code: str) -> None:
    if re.match(CODE, code) and not code.startswith("XX"):
        one.codes.add(code)


def _diagnosis(one: _Article, file: SourceFile, line: int, code: str, group: str) -> None:
    plain = code.upper().replace(".", "")
    if not re.match(ICD10, plain) and not plain.startswith("XX"):
        raise unreadable(file, line, f"{code!r} is no diagnosis of ICD-10-CM.", PUBLISHED)
    one.groups[group].add("" if plain.startswith("XX") else plain)


def _words(one: _Article, file: SourceFile, line: int, group: str, paragraph: str) -> None:
    one.words[group] = html.unescape(TAGS.sub(" ", html.unescape(paragraph)))


def _lcd(one: _Article, file: SourceFile, line: int, lcd: str) -> None:
    if re.fullmatch(r"[1-9]\d*", lcd):
        one.lcds.add(lcd)


def _place(
    tables: Mapping[str, SourceFile], files: Sequence[SourceFile], articles: Mapping[Key, _Article], known: set[Key]
) -> None:
    """Say in which states each article binds: those of its contractors."""
    names = {key: abbrev for _, (key, abbrev) in _rows(_table(tables, "state_lookup", files), "state_id state_abbrev")}
    where: dict[tuple[str, ...], set[str]] = defaultdict(set)
    columns = "contractor_id contractor_type_id contractor_version"
    for _, (*whom, state, ended) in _rows(
        _table(tables, "contractor_jurisdiction", files), f"{columns} state_id term_date"
    ):
        abbrev = PARTS.get(names.get(state, ""), names.get(state, ""))
        if not ended and re.fullmatch(r"[A-Z]{2}", abbrev):
            where[tuple(whom)].add(abbrev)

    def bind(one: _Article, file: SourceFile, line: int, *whom: str) -> None:
        one.states |= where.get(whom, set())

    file = _table(tables, "article_x_contractor", files)
    _tell(file, f"article_id article_version {columns}", articles, known, bind)


def _scope(one: _Article, group: str) -> set[str]:
    """The services that a group of diagnoses is for."""
    named: set[str] = set()
    for first, last in SPAN.findall(one.words.get(group, "").upper()):
        named |= {code for code in one.codes if first <= code <= (last or first)}
    return named or one.codes


def _reading(files: Sequence[SourceFile], articles: Mapping[Key, _Article], since: date | None) -> Reading:
    services, listed, numbers = [], [], 0
    nowhere = sum(not one.states for one in articles.values())
    for (name, _), one in sorted(articles.items()):
        free = {code for group, codes in one.groups.items() if "" in codes for code in _scope(one, group)}
        lcds = ", ".join(f"LCD L{lcd}" for lcd in sorted(one.lcds))
        for group, codes in sorted(one.groups.items()):
            bound = sorted(_scope(one, group) - free) if one.states else []
            if not bound:
                continue
            numbers += 1
            listed += [(numbers, code) for code in sorted(codes)]
            document = f"{lcds or 'Article'} (A{name})"[:120]
            services += [
                (code, "", "", "medicare", "", document, " ".join(sorted(one.states)), one.starts_on, one.ends_on,
                 numbers)
                for code in bound
            ]  # fmt: skip
    if not services:
        raise unreadable(files[0], None, "no article covers a service for some diagnoses.", WHOLE)
    rows = pl.DataFrame(services, schema=COVERAGE | {"listed": pl.Int32}, orient="row")
    checks = (
        Check("Articles", f"{counted(len(articles), 'article')} that hold on some day; of contractors without a state, "
              f"which bind nobody: {nowhere:,}"),
        Check("Joins", f"{counted(len(listed), 'diagnosis', 'diagnoses')} in {counted(numbers, 'list')}, each of a "
              "known article"),
    )  # fmt: skip
    beside = {LISTED: pl.DataFrame(listed, schema={"listed": pl.Int32, "code": pl.String}, orient="row")}
    return Reading(rows, checks, since, beside=beside)
