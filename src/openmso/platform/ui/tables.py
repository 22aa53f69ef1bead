"""Tables: from a request to a page of rows, and to HTML, CSV or Excel.

    ask = tables.ask(request, CLAIMS)
    return tables.answer(request, CLAIMS, ask, template="claims/claims.html",
                         fetch=lambda page: queries.claims(filters=ask.filters, page=page))

The URL is the state: `?q=is:denied payer:aetna&sort=-open&page=2&size=100&cols=patient,open`. Queries live in the
apps; this module reads the question, obeys the data classes, and writes the answer.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from openmso.kit.errors import Refused
from openmso.platform.ui import exports, queries, query, queues, respond, trail, visibility
from openmso.platform.ui.contracts import (
    Column,
    Filter,
    Filters,
    Page,
    PageAsk,
    Selection,
    TableSpec,
    Tally,
    Totals,
)
from openmso.platform.ui.tableview import TableView
from openmso.platform.ui.visibility import Sight

Fetch = Callable[[PageAsk], Page[Any]]
LAST_ROW_MAX = 1_000_000
EXPORT_ROWS_MAX = 200_000
EXPORT_CHUNK = 2_000
SELECTED_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody wants to see of a table, after the data classes were obeyed."""

    page: PageAsk
    filters: Filters
    columns: tuple[Column, ...]
    choice: tuple[Column, ...]
    known: tuple[Filter, ...]
    sight: Sight
    problems: tuple[str, ...] = ()
    chosen: str = ""
    reasons: dict[str, str] = dataclasses.field(default_factory=dict)
    """Why the things of the rows wait, filled with each page of a queue that is fetched."""

    @property
    def q(self) -> str:
        """The canonical text of the filters."""
        return query.write(self.filters, self.known)

    @property
    def terms(self) -> str:
        """The same without the free words: what the text box keeps beside what is typed into it."""
        return query.write(dataclasses.replace(self.filters, text=""), self.known)

    def url(self, path: str, spec: TableSpec, **changes: Any) -> str:
        """The address of this state with something changed; what is usual is left out."""
        page = self.page
        state = {
            "q": self.q,
            "sort": f"{'-' if page.desc else ''}{page.sort}",
            "page": page.number,
            "size": page.size,
            "cols": self.chosen,
        } | changes
        usual = {"q": "", "sort": spec.sort, "page": 1, "size": spec.size, "cols": ""}
        given = {key: value for key, value in state.items() if value != usual.get(key, "")}
        return f"{path}?{urlencode(given)}" if given else path


class TooMuch(Refused):
    """A list is too long for what was asked."""

    code = "too_much"


def ask(request: HttpRequest, spec: TableSpec) -> Ask:
    """Read the question; what is not understood or not allowed becomes a problem in words, never an error."""
    actor = getattr(request, "actor", None)
    sight = visibility.sight_of(actor, spec)
    known = visibility.filters_seen(spec, sight)
    reasons: dict[str, str] = {}
    choice = queues.with_reasons(spec, visibility.columns_seen(spec, sight), reasons)
    given = request.GET
    filters, problems = query.read(f"{given.get('with', '')} {given.get('q', '')}", known)
    if given.get("form"):
        filters, more = query.merged(filters, _from_form(request, known))
        problems += more
    chosen = given.get("cols", "") or queries.columns_of(user=getattr(request.user, "pk", None), table=spec.name)
    wanted = set(chosen.split(",")) if chosen else {column.key for column in choice if not column.hidden}
    columns = tuple(c for c in choice if c.key in wanted or c.heading) or choice
    return Ask(
        _page_ask(request, spec, choice, sight), filters, columns, choice, known, sight, problems,
        given.get("cols", ""), reasons,
    )  # fmt: skip


def answer(
    request: HttpRequest,
    spec: TableSpec,
    asked: Ask,
    *,
    template: str,
    fetch: Fetch,
    context: respond.Context | None = None,
    tally: Callable[[], Tally] | None = None,
) -> HttpResponse:
    """The page, or the table alone for htmx, or an export of the whole filtered set.

    `tally` counts when `Page.total` is `None`. The trail is told of every export, and of patient data that was shown.
    Raises `TooMuch` when a set is too large to export, `NotAllowed` when a large one asks for a confirmation first.
    """
    fetch = queues.explained(request, spec, asked, fetch)
    form = request.GET.get("export", "")
    if form in exports.WRITERS:
        return _export(request, form, spec, asked, fetch)
    if request.GET.get("part") == "tally" and tally is not None:
        return _tally(request, spec, asked, tally())
    page = _within(fetch, asked)
    trail.shown(request, spec, asked.columns, asked.sight, page.rows)
    view = TableView(spec, asked, page, request, lazily=tally is not None)
    if request.headers.get("HX-Target") != view.id:
        return respond.page(request, template, {**(context or {}), "table": view})
    response = respond.page(request, "ui/table.html", {**(context or {}), "table": view})
    response["HX-Push-Url"] = asked.url(request.path, spec)
    patch_vary_headers(response, ["HX-Target"])
    return respond.announce(response, view.counted or f"{len(page.rows)} {spec.noun[1]} shown")


def static(request: HttpRequest, spec: TableSpec, rows: Sequence[Any], *, totals: Totals | None = None) -> TableView:
    """A table inside a page: all its rows, no toolbar and no state in the URL. Show it with `{% table view %}`."""
    sight = visibility.sight_of(getattr(request, "actor", None), spec)
    choice = visibility.columns_seen(spec, sight)
    usual = tuple(column for column in choice if not column.hidden)
    trail.shown(request, spec, usual, sight, rows)
    page_ask = PageAsk(size=max(len(rows), 1))
    page = Page(rows, len(rows), page_ask, totals or {})
    return TableView(spec, Ask(page_ask, Filters(), usual, choice, (), sight), page, request, still=True)


def exported(
    request: HttpRequest, spec: TableSpec, rows: Sequence[Any], *, totals: Totals | None = None
) -> HttpResponse | None:
    """The rows of a table inside a page as a file, where the URL asks for one (`?export=csv`); else nothing."""
    if request.GET.get("export") not in exports.WRITERS:
        return None

    def fetch(wanted: PageAsk) -> Page[Any]:
        return Page(rows[wanted.offset : wanted.offset + wanted.size], len(rows), wanted, totals or {})

    return answer(request, spec, ask(request, spec), template="", fetch=fetch)


def selection(request: HttpRequest, spec: TableSpec) -> Selection:
    """The rows a bulk action was asked for: some ids, or every row that the posted query finds."""
    known = visibility.filters_seen(spec, visibility.sight_of(getattr(request, "actor", None), spec))
    filters, problems = query.read(request.POST.get("q", ""), known)
    every = request.POST.get("every") == "1"
    ids = tuple(dict.fromkeys(request.POST.getlist("ids")))
    if every and problems:
        raise Refused(problems[0], code="unclear_selection", fix="Load the list again and choose once more.")
    if not ids and not every:
        raise Refused(f"No {spec.noun[0]} is selected.", code="nothing_selected", fix="Tick some rows first.")
    if len(ids) > SELECTED_MAX:
        raise TooMuch(f"{len(ids):,} are too many to name one by one.", fix="Select all that match instead.")
    return Selection(() if every else ids, every, filters)


def refuse_more(count: int, most: int, spec: TableSpec) -> None:
    """Raise `TooMuch` for a selection of more rows than one act takes: none is done rather than some of them."""
    if count > most:
        raise TooMuch(f"That is more than {most:,} {spec.noun[1]} at once.", fix="Narrow the list first.")


def _page_ask(request: HttpRequest, spec: TableSpec, choice: Sequence[Column], sight: Sight) -> PageAsk:
    given = request.GET
    sortable = {column.key for column in choice if column.sort and sight.everywhere(column.data_class)}
    sort = given.get("sort", spec.sort)
    if sort.removeprefix("-") not in sortable:
        sort = spec.sort if spec.sort.removeprefix("-") in sortable else ""
    size = _number(given.get("size"), spec.size)
    size = size if size in spec.sizes else spec.size
    number = min(_number(given.get("page"), 1), LAST_ROW_MAX // size)
    return PageAsk(max(number, 1), size, sort.removeprefix("-"), sort.startswith("-"), given.get("after", "")[:200])


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _from_form(request: HttpRequest, known: Sequence[Filter]) -> Iterator[tuple[Filter, str, Sequence[str]]]:
    """What the filter form says: `f.payer=aetna`, and `f.open.min`, `f.open.max` for ranges."""
    for one in known:
        if one.kind in ("choice", "text", "flag"):
            yield one, "", [value.strip() for value in request.GET.getlist(f"f.{one.key}")]
        else:
            for op, end in ((">=", "min"), ("<=", "max")):
                yield one, op, [request.GET.get(f"f.{one.key}.{end}", "").strip()]


def _within(fetch: Fetch, asked: Ask) -> Page[Any]:
    """The page asked for, or the last one where that is past the end."""
    page = fetch(asked.page)
    if page.rows or asked.page.number == 1 or not page.total:
        return page
    last = math.ceil(page.total / asked.page.size)
    return fetch(dataclasses.replace(asked.page, number=last))


def _tally(request: HttpRequest, spec: TableSpec, asked: Ask, counted: Tally) -> HttpResponse:
    page: Page[Any] = Page((), counted.total, asked.page, counted.totals)
    return respond.page(request, "ui/table.html#sums", {"table": TableView(spec, asked, page, request)})


def _export(request: HttpRequest, form: str, spec: TableSpec, asked: Ask, fetch: Fetch) -> HttpResponse:
    taken_away = trail.Export(request, spec)

    def rows() -> Iterator[Any]:
        want = dataclasses.replace(asked.page, number=1, size=EXPORT_CHUNK, after="")
        taken = 0
        while True:
            page = fetch(want)
            taken += len(page.rows)
            if max(taken, page.total or 0) > EXPORT_ROWS_MAX:
                raise TooMuch(
                    f"An export holds at most {EXPORT_ROWS_MAX:,} rows; this list has more.",
                    fix="Narrow the filters, or ask for the parts one after another.",
                )
            yield from taken_away.counted(page.rows)
            if len(page.rows) < EXPORT_CHUNK:
                return
            want = dataclasses.replace(want, number=want.number + 1, after=page.next_after)

    response, count = exports.WRITERS[form](spec, asked.columns, asked.sight, rows())
    taken_away.tell(form, count, asked.columns, asked.sight)
    return response
