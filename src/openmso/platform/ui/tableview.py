"""The view of a table: what `ui/table.html` shows, worked out beforehand so that the template only places it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from openmso.platform.ui import cells, doors, query, registry
from openmso.platform.ui.contracts import BulkAction, Column, Empty, Filter, Page, TableSpec
from openmso.platform.ui.tablerows import Pen, css_of

if TYPE_CHECKING:
    from openmso.platform.ui.tables import Ask


@dataclass(frozen=True, slots=True)
class Head:
    """A column heading: its classes, the link that sorts by it, and how it is sorted now."""

    column: Column
    css: str
    url: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure of the footer: the sum of a column over the whole filtered set."""

    column: Column
    text: str


@dataclass(frozen=True, slots=True)
class Input:
    """A question of the filter form, with what is asked now."""

    filter: Filter
    options: str = ""
    value: str = ""
    low: str = ""
    high: str = ""

    @property
    def html_type(self) -> str:
        """The kind of input that a browser offers for it."""
        return {"day": "date", "month": "month"}.get(self.filter.kind, "text")


class TableView:
    """A page of rows, ready to be shown."""

    def __init__(
        self,
        spec: TableSpec,
        ask: Ask,
        page: Page[Any],
        request: HttpRequest,
        *,
        lazily: bool = False,
        still: bool = False,
    ) -> None:
        self.spec, self.ask, self.page, self.request = spec, ask, page, request
        self.lazily, self.still = lazily, still
        self.id = f"table-{spec.name.replace('.', '-')}"

    def url(self, **changes: Any) -> str:
        """This list with something changed."""
        return self.ask.url(self.request.path, self.spec, **changes)

    @cached_property
    def actions(self) -> list[BulkAction]:
        """What this person may do with many rows."""
        actor = getattr(self.request, "actor", None)
        return [] if self.still else [a for a in self.spec.actions if registry.allowed(actor, a.permission)]

    @cached_property
    def action_urls(self) -> list[tuple[BulkAction, str]]:
        """The bulk actions with their addresses."""
        return [(action, reverse(action.url_name)) for action in self.actions]

    @cached_property
    def heads(self) -> list[Head]:
        """The column headings."""
        page, found = self.ask.page, []
        for column in self.ask.columns:
            can_sort = column.sort and not self.still and self.ask.sight.everywhere(column.data_class)
            now = column.key == page.sort
            turned = column.key if now and page.desc else f"-{column.key}"
            first = f"-{column.key}" if column.numeric else column.key
            found.append(
                Head(
                    column,
                    css_of(dataclasses.replace(column, strong=False)),
                    self.url(sort=turned if now else first, page=1) if can_sort else "",
                    ("descending" if page.desc else "ascending") if now else "",
                )
            )
        return found

    @cached_property
    def body(self) -> SafeString:
        """The rows of this page, as HTML."""
        form = f"{self.id}-batch" if self.actions else ""
        pen = Pen(self.spec, self.ask.columns, self.ask.sight, doors.of_reader(self.request), form)
        return pen.rows(self.page.rows)

    @cached_property
    def foot(self) -> list[tuple[str, str]]:
        """The footer of a still table: a cell for each column, (classes, text)."""
        totals = self.page.totals
        return [
            (css_of(column), _sum_text(column, totals[column.key]) if column.key in totals else "")
            for column in self.ask.columns
        ]

    @cached_property
    def sums(self) -> list[Sum]:
        """The sums of the whole filtered set, by column."""
        found = self.page.totals
        return [Sum(c, _sum_text(c, found[c.key])) for c in self.ask.columns if c.total and c.key in found]

    @cached_property
    def summed(self) -> list[Column]:
        """The columns that the selection is summed by, in the browser."""
        return [column for column in self.ask.columns if column.total]

    @property
    def counted(self) -> str:
        """`412 claims`, or nothing while they are being counted."""
        if self.page.total is None:
            return ""
        one, many = self.spec.noun
        return f"{self.page.total:,} {one if self.page.total == 1 else many}"

    @cached_property
    def chips(self) -> list[tuple[query.Chip, str]]:
        """What the list is narrowed to, each with the address without it."""
        return [(chip, self.url(q=chip.without, page=1)) for chip in query.chips(self.ask.filters, self.ask.known)]

    @cached_property
    def inputs(self) -> list[Input]:
        """The questions of the filter form."""
        return [self._input(one) for one in self.ask.known]

    def _input(self, one: Filter) -> Input:
        terms = self.ask.filters.terms_of(one.key)
        chosen = {term.raw for term in terms}
        if one.kind == "choice":
            return Input(one, _boxes(one, chosen, self.id) if one.many else _options(one, chosen))
        if one.kind in ("text", "flag"):
            return Input(one, value=next(iter(chosen), ""))
        low = next((term.raw for term in terms if term.op in (">", ">=", "=")), "")
        high = next((term.raw for term in terms if term.op in ("<", "<=", "=")), "")
        return Input(one, low=low, high=high)

    @cached_property
    def choices(self) -> list[tuple[Column, bool]]:
        """Every column one may choose, and whether it is shown."""
        shown = {column.key for column in self.ask.columns}
        return [(column, column.key in shown) for column in self.ask.choice]

    @property
    def order(self) -> str:
        """By what a queue is in order, while it is in its own."""
        waits, page = self.spec.waits, self.ask.page
        usual = f"{'-' if page.desc else ''}{page.sort}" == self.spec.sort
        return waits.order if waits and usual else ""

    @property
    def first(self) -> int:
        """The number of the first row of this page."""
        return (self.page.ask.number - 1) * self.page.ask.size + 1

    @property
    def last(self) -> int:
        """The number of the last row of this page."""
        return self.first + len(self.page.rows) - 1

    @property
    def pages(self) -> int:
        """How many pages there are; 0 while that is unknown."""
        return 0 if self.page.total is None else max(math.ceil(self.page.total / self.page.ask.size), 1)

    @property
    def previous_url(self) -> str:
        """The page before, if there is one."""
        return self.url(page=self.page.ask.number - 1) if self.page.ask.number > 1 else ""

    @property
    def next_url(self) -> str:
        """The page after, if there is one."""
        more = self.page.ask.number < self.pages if self.pages else len(self.page.rows) == self.page.ask.size
        if not more:
            return ""
        after = {"after": self.page.next_after} if self.page.next_after else {}
        return self.url(page=self.page.ask.number + 1, **after)

    @cached_property
    def sizes(self) -> list[tuple[int, str]]:
        """The page sizes one may choose."""
        return [(size, self.url(size=size, page=1)) for size in self.spec.sizes]

    @property
    def csv_url(self) -> str:
        """The whole filtered set as CSV."""
        return self.url(export="csv", page=1)

    @property
    def xlsx_url(self) -> str:
        """The whole filtered set as a workbook."""
        return self.url(export="xlsx", page=1)

    @property
    def tally_url(self) -> str:
        """Where the count and the sums are asked for, when they are dear."""
        return self.url(part="tally", page=1) if self.lazily and self.page.total is None else ""

    @property
    def clear_url(self) -> str:
        """The list without any filter."""
        return self.url(q="", page=1)

    @property
    def empty(self) -> Empty:
        """What the empty list says: filtered out, or none yet."""
        if not self.ask.filters:
            return self.spec.empty
        n = len(self.chips)
        narrowed = "this filter" if n == 1 else f"these {n} filters"
        return Empty(f"No {self.spec.noun[1]} match {narrowed}", "", "Clear all filters", self.clear_url, "filter")


def _sum_text(column: Column, value: Any) -> str:
    return cells.count_text(value) if column.kind == "count" else cells.money_text(value)


def _boxes(one: Filter, chosen: Collection[str], base: str) -> SafeString:
    """The choices of a filter as boxes; written here and not in a template, for there may be hundreds."""
    rows = (
        (one.key, value, box, " checked" if value in chosen else "", box, label)
        for box, (value, label) in ((f"{base}-{one.key}-{n}", option) for n, option in enumerate(one.options(), 1))
    )
    return format_html_join(
        "",
        '<div class="choice"><input type="checkbox" name="f.{}" value="{}" id="{}"{}><label for="{}">{}</label></div>',
        rows,
    )


def _options(one: Filter, chosen: Collection[str]) -> SafeString:
    """The choices of a filter of which one holds at a time, as options of a select."""
    rows = ((value, " selected" if value in chosen else "", label) for value, label in one.options())
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)
