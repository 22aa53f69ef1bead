"""Tiles: the parts of a home page as plain data. Apps register them; `config.home` says which role sees which.

    registry.tile(Tile("claims.todo", "Claims to work", "claims.read", _todo, "claims:worklist", "All claims"))

A tile is asked within the scope of its permission, so that it can tell nothing its reader may not see; and every
figure leads to the list that adds up to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from django.urls import reverse

from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.ui.contracts import Status, Tone

if TYPE_CHECKING:
    from openmso.platform.ui.charts import Chart


def to_list(url_name: str, q: str = "", *, cols: str = "") -> str:
    """The address of a list narrowed by some words: `to_list("claims:worklist", "is:held")`.

    `cols` are the columns to show, joined by commas, where the figure is the sum of one that is usually hidden.
    """
    asked = {name: value for name, value in (("q", q), ("cols", cols)) if value}
    return f"{reverse(url_name)}?{urlencode(asked)}" if asked else reverse(url_name)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its name, how much it is, the list behind it, and a quiet note. `tone` is dropped where it is zero."""

    label: str
    value: Money | Decimal | int | str
    url: str = ""
    note: str = ""
    tone: Tone = Tone.NONE

    @property
    def shown_tone(self) -> str:
        """The tone to show: nothing is good or bad news about nothing."""
        return self.tone.value if self.value and self.tone is not Tone.NONE else ""


Cell = Money | Decimal | int | str | Status | Month | date | datetime | Figure | None
"""What stands in a line of a tile, written by its type."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a tile's table: what it is about, the page of that, and its cells."""

    label: str
    url: str
    cells: Sequence[Cell] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a pipeline: how many things stand in it, what they come to, and the list of them."""

    label: str
    count: int
    amount: Money | Decimal | int
    url: str
    shade: str = "d2"


@dataclass(frozen=True, slots=True)
class Board:
    """What a tile tells: figures, stages, lines under heads, a chart; `words` where there is nothing to tell."""

    figures: Sequence[Figure] = ()
    stages: Sequence[Stage] = ()
    heads: Sequence[str] = ()
    lines: Sequence[Line] = ()
    chart: Chart | None = None
    words: str = ""

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """The heads, each with whether figures stand under it."""
        under = zip(*(line.cells for line in self.lines), strict=True)
        return [(self.heads[0], False), *zip(self.heads[1:], map(_numeric, under), strict=True)] if self.heads else []

    @property
    def rows(self) -> list[tuple[Line, list[tuple[str, Cell]]]]:
        """The lines, each cell with its head: a phone shows no heads."""
        return [(line, list(zip(self.heads[1:], line.cells, strict=True))) for line in self.lines]

    @property
    def tallest(self) -> int:
        """How many things stand in the fullest stage."""
        return max((stage.count for stage in self.stages), default=0)


def _numeric(cells: Sequence[Cell]) -> bool:
    return any(isinstance(cell.value if isinstance(cell, Figure) else cell, Money | Decimal | int) for cell in cells)


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a home page. `ask(actor)` tells it, within the scope of the permission; `url_name` and `more` are the
    page behind it and what that is called; `span` is columns of twelve. A `late` one loads after the page."""

    key: str
    title: str
    permission: str
    ask: Callable[[Any], Board]
    url_name: str
    more: str
    span: Literal[4, 6, 8, 12] = 6
    late: bool = False
