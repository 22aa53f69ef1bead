"""Tables: the question is read, the data classes are obeyed, every form of the answer agrees."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from openmso.kit.classes import DataClass
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.platform.tenancy.scope import scope
from openmso.platform.ui import tables
from openmso.platform.ui.contracts import Column, Filter, Page, PageAsk, TableSpec, Tally

ROCKLAND, CEDAR = 1, 2


@dataclass(frozen=True)
class Patient:
    key: str
    name: str
    practice: int
    open: Money = field(default_factory=lambda: Money.of("1.00"))


ROWS = [Patient("P1", "Okafor", ROCKLAND), Patient("P2", "Holt", CEDAR), Patient("P3", "=cmd|' /C calc'!A0", ROCKLAND)]
SPEC = TableSpec(
    name="test.patients", noun=("patient", "patients"), sort="key", row_key=lambda row: row.key,
    row_practice=lambda row: row.practice,
    columns=(Column("key", "Id", "id", heading=True, sort=True),
             Column("name", "Name", sort=True, data_class=DataClass.DEMOGRAPHIC),
             Column("open", "Open", "money", total=True, sort=True)),
    filters=(Filter("name", "Name", "text", data_class=DataClass.DEMOGRAPHIC), Filter("open", "Open", "money")),
)  # fmt: skip


@dataclass(frozen=True)
class Eyes:
    """An actor who sees patient data in some practices."""

    seen: frozenset[int]
    fresh: bool = False

    def can(self, permission: str, practice: int | None = None) -> bool:
        return True

    def sees(self, data_class: DataClass, practice: int) -> bool:
        return practice in self.seen


@pytest.fixture(autouse=True)
def both_practices() -> Iterator[None]:
    with scope(practices={ROCKLAND, CEDAR}):
        yield


def request(query: str = "", *, sees: set[int] | None = None, **headers: str) -> Any:
    made = RequestFactory().get(f"/patients/?{query}", headers=headers)
    made.user = AnonymousUser()
    if sees is not None:
        made.actor = Eyes(frozenset(sees))  # type: ignore[attr-defined]
    return made


def fetch(page: PageAsk) -> Page[Patient]:
    return Page(ROWS[page.offset : page.offset + page.size], len(ROWS), page, {"open": Money.of("3.00")})


def exported(query: str, **who: Any) -> list[dict[str, str]]:
    made = request(query, **who)
    answer = tables.answer(made, SPEC, tables.ask(made, SPEC), template="ui/table.html", fetch=fetch)
    text = b"".join(answer).decode("utf-8-sig")  # type: ignore[arg-type]
    answer.file_to_stream.close()  # type: ignore[attr-defined]
    return list(csv.DictReader(text.splitlines()))


def test_whoever_sees_a_class_everywhere_may_sort_filter_and_export_it() -> None:
    asked = tables.ask(request("sort=-name&q=name:okafor", sees={ROCKLAND, CEDAR}), SPEC)

    assert (asked.page.sort, asked.page.desc) == ("name", True)
    assert asked.filters.one("name") == "okafor"
    assert exported("export=csv", sees={ROCKLAND, CEDAR})[0]["Name"] == "Okafor"


def test_whoever_sees_it_in_one_practice_gets_it_in_those_rows_and_cannot_sort_by_it() -> None:
    asked = tables.ask(request("sort=-name&q=name:okafor", sees={ROCKLAND}), SPEC)

    assert asked.page.sort == "key"
    assert asked.filters.terms == ()
    assert [row["Name"] for row in exported("export=csv", sees={ROCKLAND})][:2] == ["Okafor", "withheld"]


@pytest.mark.parametrize("who", [set(), None])
def test_whoever_does_not_see_it_gets_no_trace_of_it(who: set[int] | None) -> None:
    asked = tables.ask(request("sort=name&cols=name&q=name:okafor", sees=who), SPEC)
    view = tables.TableView(SPEC, asked, fetch(asked.page), request())

    assert "name" not in [column.key for column in asked.choice]
    assert "Okafor" not in view.body
    assert "Name" not in exported("export=csv&cols=name", sees=who)[0]


def test_a_column_is_withheld_altogether_where_rows_do_not_say_their_practice() -> None:
    from dataclasses import replace

    asked = tables.ask(request(sees={ROCKLAND}), replace(SPEC, row_practice=None))

    assert "name" not in [column.key for column in asked.choice]


def test_exports_are_whole_and_no_cell_is_a_formula() -> None:
    rows = exported("export=csv&size=25", sees={ROCKLAND, CEDAR})

    assert len(rows) == 3
    assert rows[2]["Name"] == "'=cmd|' /C calc'!A0"


def test_a_set_that_is_too_large_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "EXPORT_ROWS_MAX", 2)

    with pytest.raises(tables.TooMuch, match="at most 2 rows"):
        exported("export=csv", sees=set())


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=99999999999999", "size=7", "size=1e9", "sort=nothing", "cols=,,x", "page=٣"]
)
def test_a_damaged_address_is_read_as_the_usual(query: str) -> None:
    asked = tables.ask(request(query), SPEC)

    assert 1 <= asked.page.number <= tables.LAST_ROW_MAX // asked.page.size
    assert (asked.page.size, asked.page.sort) == (50, "key")
    assert asked.columns


def test_a_page_past_the_end_shows_the_last() -> None:
    made = request("page=9&size=25")
    asked = tables.ask(made, SPEC)

    assert tables._within(fetch, asked).ask.number == 1


def test_only_the_table_is_sent_to_htmx_with_its_canonical_address() -> None:
    made = request("form=1&f.open.min=40&page=1", **{"HX-Request": "true", "HX-Target": "table-test-patients"})
    answer = tables.answer(made, SPEC, tables.ask(made, SPEC), template="missing.html", fetch=fetch)

    assert answer["HX-Push-Url"] == "/patients/?q=open%3A%3E%3D40"
    assert "HX-Target" in answer["Vary"]
    assert '"announce": {"text": "3 patients"}' in answer["HX-Trigger"]
    assert b"<html" not in answer.content


def test_what_is_dear_to_count_is_counted_after_the_page() -> None:
    uncounted = lambda page: Page(ROWS, None, page)  # noqa: E731
    made = request()
    asked = tables.ask(made, SPEC)
    view = tables.TableView(SPEC, asked, uncounted(asked.page), made, lazily=True)
    assert view.tally_url == "/patients/?part=tally"

    later = request("part=tally", **{"HX-Request": "true"})
    answer: HttpResponse = tables.answer(
        later, SPEC, tables.ask(later, SPEC), template="x", fetch=uncounted,
        tally=lambda: Tally(1_000_000, {"open": Money.of("5.00")}),
    )  # fmt: skip

    assert b"1,000,000 patients" in answer.content


def post(**data: Any) -> Any:
    made = RequestFactory().post("/act/", data)
    made.user = AnonymousUser()
    return made


def test_a_selection_is_some_ids_or_all_that_the_words_find() -> None:
    some = tables.selection(post(ids=["P1", "P1", "P2"]), SPEC)
    every = tables.selection(post(every="1", ids=["P1"], q="open:>40"), SPEC)

    assert (some.ids, some.every) == (("P1", "P2"), False)
    assert (every.ids, every.every, len(every.filters.terms)) == ((), True, 1)


@pytest.mark.parametrize("data", [{}, {"every": "1", "q": "open:lots"}, {"ids": [str(n) for n in range(1_001)]}])
def test_a_selection_that_is_nothing_unclear_or_too_much_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        tables.selection(post(**data), SPEC)


def test_a_hidden_figure_of_the_selection_is_the_bare_number() -> None:
    view = tables.static(request(sees=set()), SPEC, ROWS)

    assert 'data-n="1.00"' in view.body


@pytest.mark.parametrize("change", [{"sort": "nothing"}, {"size": 33}, {"columns": SPEC.columns + SPEC.columns[:1]}])
def test_a_malformed_specification_stops_the_start(change: dict[str, Any]) -> None:
    from dataclasses import replace

    with pytest.raises(ValueError, match=r"test\.patients"):
        replace(SPEC, **change)
