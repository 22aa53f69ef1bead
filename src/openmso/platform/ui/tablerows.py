"""The rows of a table as HTML, written in Python and not in a template.

Two hundred rows of eight cells cost a template several times what they cost here. Every value is escaped on its way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from openmso.platform.ui import cells, visibility
from openmso.platform.ui.contracts import Column, TableSpec
from openmso.platform.ui.doors import Doors
from openmso.platform.ui.visibility import Sight

NAMED_ON_PHONES = frozenset({"count", "money", "hours", "percent", "yes", "day", "instant"})
"""Kinds of cells that say nothing without their heading, which a phone does not show."""
WITHHELD = '<span class="zero" title="Not yours to see in this practice">withheld</span>'


@dataclass(frozen=True, slots=True)
class Pen:
    """What the rows of one table have in common. `form` is the id of the batch form that their boxes belong to.

    `doors` are the reader's: links to pages that would refuse them are left out.
    """

    spec: TableSpec
    columns: Sequence[Column]
    sight: Sight
    doors: Doors
    form: str = ""

    def rows(self, rows: Sequence[Any]) -> SafeString:
        """The rows of the body, as `<tr>` elements."""
        opened = [(column, opening(column)) for column in self.columns]
        return mark_safe("\n".join(self._row(opened, row) for row in rows))  # noqa: S308  # nosec B308 B703

    def _row(self, opened: Sequence[tuple[Column, str]], row: Any) -> str:
        key = escape(self.spec.row_key(row))
        link = self.spec.row_link(row) if self.spec.row_link else ""
        link = link if self._opens(link) else ""
        attributes = "".join(self._attributes(key, link, row))
        box = (
            f'<td class="check-cell"><label class="check-hit"><input type="checkbox" class="check" name="ids" '
            f'value="{key}" form="{self.form}" aria-label="Select {key}"></label></td>'
            if self.form
            else ""
        )
        return f"<tr{attributes}>{box}{''.join(self._cell(column, tag, row, link) for column, tag in opened)}</tr>"

    def _opens(self, url: str) -> bool:
        return bool(url) and self.doors.open(url)

    def _attributes(self, key: str, link: str, row: Any) -> Iterator[str]:
        yield f' data-row="{key}"'
        if self.spec.row_tone and (tone := self.spec.row_tone(row)):
            yield f' class="flagged" data-tone="{escape(tone)}"'
        if link:
            yield f' data-link="{escape(link)}"'
        if self.spec.row_peek and (peek := self.spec.row_peek(row)):
            yield f' data-peek="{escape(peek)}"'

    def _cell(self, column: Column, tag: str, row: Any, link: str) -> str:
        end = "th" if column.heading else "td"
        if visibility.blanked(self.spec, self.sight, column, row):
            return f"{tag}>{WITHHELD}</{end}>"
        inner = safe(cells.html(column, row, self._opens))
        if column.heading and link and column.link is None:
            inner = f'<a href="{escape(link)}">{inner}</a>'
        figure = f' data-n="{escape(cells.number(column, row))}"' if column.total else ""
        return f"{tag}{figure}>{inner}</{end}>"


def safe(text: SafeString | str) -> str:
    """Markup as it is, anything else escaped."""
    return text if isinstance(text, SafeString) else escape(text)


def css_of(column: Column) -> str:
    """The classes of a column's cells."""
    said = [
        "num" if column.numeric else "",
        f"{column.kind}-cell" if column.kind in ("status", "id", "day", "instant", "reason") else "",
        "wide" if column.wide else "",
        "says" if column.says else "",
        "strong" if column.strong else "",
        f"w-{column.width}" if column.width else "",
    ]
    return " ".join(filter(None, said))


def opening(column: Column) -> str:
    """The beginning of a column's cells, up to their own attributes."""
    css = css_of(column)
    tag = '<th scope="row"' if column.heading else "<td"
    named = column.named or column.kind in NAMED_ON_PHONES
    label = f' data-label="{escape(column.label)}"' if named else ""
    return f'{tag} class="{css}"{label}' if css else f"{tag}{label}"
