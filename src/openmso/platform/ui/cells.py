"""Cells: how one value is written, as HTML for screens and as a plain value for exports.

Numbers are tabular, with a true minus (U+2212) and two decimals for money; zero is quiet. Nothing here asks the
clock: instants are written in UTC and turned to the reader's own time by `local-time.js`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from openmso.kit import words
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.kit.words import MINUS
from openmso.platform.ui.contracts import Column, Status, Tone

NONE = mark_safe('<span class="zero">–</span>')


@functools.lru_cache(maxsize=1_000)
def icon(name: str, kind: str = "icon") -> SafeString:
    """A drawing of the sprite, hidden from screen readers: the word beside it says what it means."""
    letter = "m" if kind.split(" ")[0] == "mark" else "i"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}-{}"/></svg>', kind, static("ui/icons.svg"), letter, name
    )


def mark(tone: str) -> SafeString:
    """The filled mark of a tone: each has its own shape."""
    return icon(tone if tone in set(Tone) else Tone.NONE, "mark")


def money_text(value: Money | Decimal | int | None, sign: str = "") -> str:
    """`−1,234.50`; `sign` may hold `$` (currency sign) and `+` (write a plus too)."""
    if value is None or value == "":
        return "–"
    amount = value.amount if isinstance(value, Money) else Decimal(value)
    minus = MINUS if amount < 0 else "+" if "+" in sign and amount > 0 else ""
    return f"{minus}{'$' if '$' in sign else ''}{abs(amount):,.2f}"


def money(value: Money | Decimal | int | None, sign: str = "") -> SafeString | str:
    """An amount; zero is quiet, and `tone` in the sign makes a negative one bad news."""
    if value is None or value == "":
        return NONE
    text = money_text(value, sign)
    amount = value.amount if isinstance(value, Money) else Decimal(value)
    if not amount:
        return format_html('<span class="zero">{}</span>', text)
    return format_html('<span class="neg">{}</span>', text) if amount < 0 and "tone" in sign else text


def count_text(value: int | Decimal | None) -> str:
    """A number with separators; of a decimal, units for one, no zeros that say nothing: `3`, `2.5`."""
    if value is None:
        return "–"
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS)


def percent_text(value: Decimal | float | None, places: int = 1) -> str:
    """A rate as a percentage: 0.055 is `5.5%`."""
    return "–" if value is None else f"{Decimal(value) * 100:.{places}f}%".replace("-", MINUS)


def day_text(value: date | None) -> str:
    """`18 Nov 2026`, or a dash."""
    return "–" if value is None else words.day(value)


def day(value: date | None) -> SafeString:
    """A calendar day."""
    return NONE if value is None else format_html('<time datetime="{}">{}</time>', value.isoformat(), day_text(value))


def instant_text(value: datetime | None) -> str:
    """`18 Nov 2026 09:14 UTC`, or a dash."""
    return "–" if value is None else words.instant(value)


def instant(value: datetime | None) -> SafeString:
    """An instant, in UTC until the browser turns it to the reader's own time."""
    if value is None:
        return NONE
    stamp = value.astimezone(UTC).isoformat(timespec="seconds")
    return format_html('<time datetime="{}" data-local>{}</time>', stamp, instant_text(value))


def month_text(value: Month | date | None) -> str:
    """`October 2026`."""
    if value is None:
        return "–"
    return f"{value.first if isinstance(value, Month) else value:%B %Y}"


def months_text(months: Sequence[Month]) -> str:
    """`Sep–Nov 2026`, `Dec 2026–Jan 2027`; months that do not follow each other stand apart: `Jan 2026, Mar 2026`."""
    runs: list[tuple[Month, Month]] = []
    for month in sorted(months, key=lambda one: one.first):
        if runs and runs[-1][1].plus(1) == month:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return ", ".join(_run_text(first, last) for first, last in runs) or "–"


def _run_text(first: Month, last: Month) -> str:
    if first == last:
        return f"{last.first:%b %Y}"
    begins = f"{first.first:%b}" if first.year == last.year else f"{first.first:%b %Y}"
    return f"{begins}–{last.first:%b %Y}"


def status(value: Any, tag: bool = False) -> SafeString:
    """A status: mark, word, tone. Takes a `contracts.Status`; any other value is written as a word without tone."""
    if value is None or value == "":
        return NONE
    tone = getattr(value, "tone", Tone.NONE)
    label = getattr(value, "label", None) or str(value).replace("_", " ").capitalize()
    return _status(str(tone), label, "status tag" if tag else "status", static("ui/icons.svg"))


@functools.lru_cache(maxsize=1_000)
def _status(tone: str, label: str, shape: str, sprite: str) -> SafeString:
    """Written once for each: a list has the same few statuses in hundreds of rows."""
    return format_html('<span class="{}" data-tone="{}">{}{}</span>', shape, tone, mark(tone), label)


def flag(label: str, why: str, tone: Tone = Tone.WARN) -> SafeString | str:
    """A small flag beside what a row is called, where there is a reason (`why`): its page says it in words."""
    if not why:
        return ""
    return format_html('<span class="status" data-tone="{}" title="{}">{}{}</span>', tone, why, mark(tone), label)


def initials(name: str) -> str:
    """The first letters of the first and last word of a name."""
    parts = [part for part in name.replace(",", " ").split() if part[0].isalpha()]
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper() or "?"


def value_of(column: Column, row: Any) -> Any:
    """What a row has under a column: its attribute (dots go deeper), or what `value` computes."""
    if column.value is not None:
        return column.value(row)
    found = row
    for part in column.key.split("."):
        found = getattr(found, part, None)
        if found is None:
            return None
    return found


def html(column: Column, row: Any, opens: Callable[[str], bool] = bool) -> SafeString | str:
    """The content of a table cell, by the column's kind, with its tone, its hint, and its link where that opens."""
    value = value_of(column, row)
    inner = _plain(column, value)
    if column.tone is not None and (tone := column.tone(row)):
        inner = format_html('<span class="{}">{}</span>', tone, inner)
    if column.link is not None and value not in (None, "") and opens(url := column.link(row)):
        shape = "fig" if column.numeric else "code" if column.kind == "code" else ""
        inner = format_html('<a href="{}"{}>{}</a>', url, format_html(' class="{}"', shape) if shape else "", inner)
    if column.hint is not None and (hint := column.hint(row)):
        inner = format_html('{} <span class="hint">{}</span>', inner, hint)
    return inner


def _plain(column: Column, value: Any) -> SafeString | str:
    if value is None or value == "":
        return NONE
    match column.kind:
        case "money":
            return money(value)
        case "count":
            return count_text(value) if value else format_html('<span class="zero">{}</span>', value)
        case "percent":
            return percent_text(value)
        case "day":
            return day(value)
        case "instant":
            return instant(value)
        case "month":
            return month_text(value)
        case "status":
            return status(value)
        case "code":
            return value if column.link else format_html('<span class="code">{}</span>', value)
        case "yes":
            return "Yes" if value else "No"
        case "reason":
            return format_html('<span class="reason" title="{}">{}</span>', value, value)
        case "spark":
            from openmso.platform.ui.figures import sparkline

            return sparkline(value)
        case _:
            return value if isinstance(value, SafeString) else str(value)


def by_type(value: Any) -> SafeString | str:
    """A value written as its type is: for cells that no column describes."""
    match value:
        case None | "":
            return NONE
        case Status():
            return status(value)
        case Money() | Decimal():
            return money(value)
        case bool():
            return "Yes" if value else "No"
        case int():
            return count_text(value) if value else format_html('<span class="zero">{}</span>', value)
        case Month():
            return month_text(value)
        case datetime():
            return instant(value)
        case date():
            return day(value)
        case _:
            return str(value)


def number(column: Column, row: Any) -> str:
    """The bare figure of a money or count cell, for sums of the selection in the browser."""
    value = value_of(column, row)
    return "" if value is None else str(value)


def export(column: Column, row: Any) -> Any:
    """The value of a cell for CSV and Excel: numbers and days stay numbers and days."""
    value = value_of(column, row)
    match value:
        case None:
            return None
        case Money():
            return value.amount
        case bool():
            return "Yes" if value else "No"
        case datetime():
            return value.astimezone(UTC).replace(tzinfo=None)
        case Month():
            return str(value)
        case int() | Decimal() | date():
            return value
        case _:
            return getattr(value, "label", None) or str(value)
