"""Filters and tags that every template has: cells are rendered by filters, furniture by components."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from openmso.kit import words
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.kit.words import MINUS
from openmso.platform.ui import cells, charts, doors, figures, registry
from openmso.platform.ui.contracts import PanelEntry
from openmso.platform.ui.tableview import TableView
from openmso.platform.ui.tiles import Figure

register = template.Library()


@register.filter
def money(value: Money | Decimal | int | None, sign: str = "") -> SafeString | str:
    """`{{ line.paid|money }}`; `|money:"$"` on the one hero amount, `"+"` for a plus, `"tone"` for bad news."""
    return cells.money(value, sign)


@register.filter
def percent(value: Decimal | None, places: int = 1) -> str:
    """`{{ fee.rate|percent }}`: 0.055 is 5.5%."""
    return cells.percent_text(value, places)


@register.filter
def exact(figure: str) -> str:
    """`{{ step.exact|exact }}`: 1,982.15215, with all its places."""
    return words.grouped(figure)


@register.filter
def count(value: int | None) -> str:
    """`{{ page.total|count }}`: 12,408."""
    return cells.count_text(value)


@register.filter
def day(value: date | None) -> SafeString:
    """`{{ claim.due_on|day }}`: 18 Nov 2026."""
    return cells.day(value)


@register.filter
def instant(value: datetime | None) -> SafeString:
    """`{{ event.at|instant }}`: UTC, then the reader's own time."""
    return cells.instant(value)


@register.filter
def month(value: Month | date | None) -> str:
    """`{{ period|month }}`: October 2026."""
    return cells.month_text(value)


@register.filter
def status(value: Any, shape: str = "") -> SafeString:
    """`{{ claim.status|status }}`; `|status:"tag"` in a header."""
    return cells.status(value, tag=shape == "tag")


@register.filter
def initials(name: str) -> str:
    """`{{ person.name|initials }}`: NA."""
    return cells.initials(name)


@register.filter
def plural(number: int, forms: str) -> str:
    """`{{ n|plural:"claim,claims" }}`: 1 claim, 2 claims."""
    one, many = forms.split(",")
    return f"{cells.count_text(number)} {one if number == 1 else many}"


@register.filter
def times(number: int | str) -> range:
    """`{% for n in rows|times %}`: 1, 2, 3 ... up to the number."""
    return range(1, int(number) + 1)


@register.filter
def control(field: BoundField, hint: str = "") -> SafeString:
    """The input of a form field, tied to its hint and its error for screen readers."""
    described = [f"{field.auto_id}_hint"] if hint else []
    described += [f"{field.auto_id}_error"] if field.errors else []
    attributes: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    return field.as_widget(attrs=attributes)


@register.filter
def local_path(url: str | None) -> str:
    """The path of one of our own URLs, for a way back; the home page for anything else."""
    path = urlsplit(url or "").path
    return path if path.startswith("/") and not path.startswith("//") else "/"


@register.simple_tag
def icon(name: str, kind: str = "icon") -> SafeString:
    """`{% icon "down" %}`: a line drawing of the sprite."""
    return cells.icon(name, kind)


@register.simple_tag
def mark(tone: str) -> SafeString:
    """`{% mark "bad" %}`: the mark of a tone."""
    return cells.mark(tone)


@register.simple_tag(takes_context=True)
def door(context: template.Context, url: str) -> str:
    """The address, where it opens for the reader; else nothing: `{% door url as open %}{% if open %}...`."""
    return url if doors.of_reader(context.get("request")).open(url) else ""


@register.simple_tag(takes_context=True)
def fig(context: template.Context, value: Any, url: str = "", kind: str = "") -> SafeString | str:
    """A figure with the rows behind it: `{% fig claim.paid url %}`. `kind` is count, percent, or `$` for the hero."""
    if isinstance(value, str):
        text: SafeString | str = value
    elif kind == "percent":
        text = cells.percent_text(value)
    elif kind == "count" or (isinstance(value, int) and not kind):
        text = cells.count_text(value)
    else:
        text = cells.money(value, kind)
    return format_html('<a class="fig" href="{}">{}</a>', url, text) if url and door(context, url) else text


@register.simple_tag(takes_context=True)
def cell(context: template.Context, value: Any, head: str) -> SafeString:
    """`{% cell value head %}`: a table cell written by the type of what stands in it; a tile's figure opens."""
    shown = value.value if isinstance(value, Figure) else value
    text = cells.by_type(shown)
    if isinstance(value, Figure) and value.url and shown and door(context, value.url):
        text = format_html('<a class="fig {}" href="{}">{}</a>', value.shown_tone, value.url, text)
    shape = mark_safe(' class="num"') if isinstance(shown, Money | Decimal | int) else ""
    return format_html('<td{} data-label="{}">{}</td>', shape, head, text)


@register.inclusion_tag("ui/term.html")
def term(label: str, value: Any, note: str = "", op: str = "", url: str = "", tone: str = "") -> dict[str, Any]:
    """A term of a `<c-strip>`: name, amount, small note, the sign before it, and where its rows are."""
    return {"label": label, "value": value, "note": note, "op": op.replace("-", MINUS), "url": url, "tone": tone}


@register.simple_tag
def spark(values: Sequence[Any], label: str = "") -> SafeString:
    """`{% spark month_amounts "Collected, six months" %}`."""
    return figures.sparkline(values, label)


@register.inclusion_tag("ui/parts.html")
def parts(pieces: Sequence[figures.Part], title: str, head: str = "") -> dict[str, Any]:
    """An ageing strip: key, bar, and the table behind it."""
    total = sum((piece.size for piece in pieces), Decimal(0))
    whole = f"{total:,}" if pieces and isinstance(pieces[0].amount, int) else cells.money_text(total)
    bar = figures.strip(pieces, title)
    return {"shares": figures.shares(pieces), "bar": bar, "title": title, "whole": whole, "head": head or title}


@register.simple_tag
def pipe(value: Any, most: Any, shade: str = "d1") -> SafeString:
    """One column of a `.pipeline`."""
    return figures.column(value, most, shade)


@register.inclusion_tag("ui/chart.html")
def chart(figure: charts.Chart) -> dict[str, Any]:
    """A chart drawn on the server, in light and dark, with the table behind it."""
    return {"chart": figure, "light": charts.data_url(figure, "light"), "dark": charts.data_url(figure, "dark")}


@register.inclusion_tag("ui/table.html", takes_context=True)
def table(context: template.Context, view: TableView) -> dict[str, Any]:
    """`{% table lines %}`: a table made by `tables.static` or `tables.answer`."""
    return {"table": view, "request": context.get("request"), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/panels.html", takes_context=True)
def panels(context: template.Context, page: str, subject: Any, column: str = "main") -> dict[str, Any]:
    """The panels that higher apps registered for a page, each loaded by itself after the page.

    What is of one practice (`subject.practice`, its number) has the panels that the person may read there.
    """
    actor, practice = getattr(context.get("request"), "actor", None), getattr(subject, "practice", None)
    found: list[PanelEntry] = registry.panels_for(page, actor, column, practice if isinstance(practice, int) else None)
    return {"panels": [{"title": p.title, "url": p.url(subject), "key": p.key} for p in found]}


@register.simple_tag(takes_context=True)
def here(context: template.Context, **changes: Any) -> str:
    """This page's URL with some of its query changed: `{% here page=2 %}`; an empty value takes a key out."""
    query: QueryDict = context["request"].GET.copy()
    for key, value in changes.items():
        if value in ("", None):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else context["request"].path


@register.simple_tag
def asset(path: str) -> str:
    """The hashed URL of a static file."""
    return static(path)
