"""What a screen is made of, as plain data: statuses, tables, pages of rows, and the entries of the registries.

Pure: no Django, no database. Apps describe their tables with these, their queries answer with `Page`, and the
`ui` machinery (`tables`, `exports`, `registry`) turns them into HTML, CSV and Excel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, Literal, Protocol, TypeVar

from openmso.kit.classes import DataClass
from openmso.kit.money import Money

Row = TypeVar("Row")


# ---- who looks ------------------------------------------------------------------------------------------------


class Actor(Protocol):
    """Who looks at a screen. Middleware sets `request.actor`; without one nothing guarded is shown."""

    def can(self, permission: str, practice: int | None = None) -> bool:
        """Whether this person holds a permission, anywhere or in one practice."""

    def sees(self, data_class: DataClass, practice: int) -> bool:
        """Whether fields of this data class may be shown to this person in a practice."""


# ---- statuses -------------------------------------------------------------------------------------------------


class Tone(StrEnum):
    """How a thing is to be taken. Always shown as a mark and a word too, never as colour alone."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    NONE = "none"


class Status(StrEnum):
    """Base of status enums: value, word and tone in one row, so a status looks the same everywhere.

    `class S(Status): DENIED = "denied", "Denied", Tone.BAD`
    """

    label: str
    tone: Tone

    def __new__(cls, value: str, label: str = "", tone: Tone = Tone.NONE) -> Status:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value.replace("_", " ").capitalize()
        member.tone = tone
        return member


# ---- asking for a page of rows, and the answer ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageAsk:
    """Which page of a list is wanted. `number` counts from 1; `size` is how many rows; `sort` is a column's key.

    `after` is the opaque key of the last row seen, for queries that page by key instead of by number.
    """

    number: int = 1
    size: int = 50
    sort: str = ""
    desc: bool = False
    after: str = ""

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.number - 1) * self.size


Totals = Mapping[str, Money | Decimal | int]
"""Sums of the whole filtered set, by column key."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows the filter finds, and their sums by column key."""

    total: int
    totals: Totals = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A page of frozen rows. `total` is `None` when counting is too dear to wait for: it loads after the page.

    `next_after` is the key to go on from, when the query pages by key.
    """

    rows: Sequence[Row]
    total: int | None
    ask: PageAsk
    totals: Totals = field(default_factory=dict)
    next_after: str = ""


# ---- tables as data -------------------------------------------------------------------------------------------

CellKind = Literal[
    "text",
    "id",
    "code",
    "money",
    "count",
    "hours",
    "percent",
    "day",
    "instant",
    "month",
    "status",
    "yes",
    "spark",
    "html",
    "reason",
]
NUMBERS: frozenset[str] = frozenset({"money", "count", "hours", "percent"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` is the attribute of the row (dots go deeper); what it may do is said here, not in HTML.

    `sort` says that the query can sort by it; `total` that its sum stands in the footer and the selection bar.
    `wide` columns drop on a phone, `hidden` ones are off until chosen, `strong` is the figure to look at; `says` are
    words that a phone shows on a line of their own, below the rest, even of a wide column; `named` ones a phone shows
    with their heading, as it does figures and days. A `reason` is a sentence in two small lines, so that a dense list
    says it whole.
    `link` makes the cell a link; `hint` is a quiet second text in the same cell, `tone` colours it.
    `data_class` withholds it from everybody who may not see that class. `value` computes it from the row.
    """

    key: str
    label: str
    kind: CellKind = "text"
    sort: bool = False
    total: bool = False
    wide: bool = False
    says: bool = False
    named: bool = False
    hidden: bool = False
    strong: bool = False
    heading: bool = False
    data_class: DataClass = DataClass.BUSINESS
    link: Callable[[Any], str] | None = None
    hint: Callable[[Any], str] | None = None
    tone: Callable[[Any], str] | None = None
    value: Callable[[Any], Any] | None = None
    width: Literal["", "xs", "s", "m", "l", "xl"] = ""

    @property
    def numeric(self) -> bool:
        """Whether figures stand at the right."""
        return self.kind in NUMBERS


FilterKind = Literal["choice", "text", "money", "count", "day", "month", "flag"]


@dataclass(frozen=True, slots=True)
class Filter:
    """A word people may filter by: `payer:aetna`, `open:>40`, `due:<=2026-11-20`, `is:denied`.

    `choices` are (value, label) pairs for `choice`, or a callable that gives them. `many` allows several values
    (any of them). A `flag` is written `is:KEY`; a status filter is a `choice` with the key `is`.
    """

    key: str
    label: str
    kind: FilterKind = "choice"
    choices: Sequence[tuple[str, str]] | Callable[[], Sequence[tuple[str, str]]] = ()
    many: bool = True
    data_class: DataClass = DataClass.BUSINESS

    def options(self) -> Sequence[tuple[str, str]]:
        """The values one may choose."""
        return self.choices() if callable(self.choices) else self.choices


Operator = Literal["=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Term:
    """One condition, parsed: `value` is text, Decimal, int, date, Month or True, by the filter's kind."""

    key: str
    op: Operator
    value: Any
    raw: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to: the terms, and the free words for the text search."""

    terms: tuple[Term, ...] = ()
    text: str = ""

    def many(self, key: str) -> tuple[Any, ...]:
        """Every value asked for by a key (any of them will do)."""
        return tuple(term.value for term in self.terms if term.key == key)

    def one(self, key: str) -> Any:
        """The value asked for by a key, or `None`."""
        return next(iter(self.many(key)), None)

    def terms_of(self, key: str) -> tuple[Term, ...]:
        """The terms of a key, for ranges: all of them hold."""
        return tuple(term for term in self.terms if term.key == key)

    def flag(self, key: str) -> bool:
        """Whether a flag is asked for."""
        return bool(self.many(key))

    def __bool__(self) -> bool:
        return bool(self.terms or self.text)


@dataclass(frozen=True, slots=True)
class BulkAction:
    """What can be done with many rows at once: POSTs `ids` (or `all` with the query) to a named URL.

    `letter` is the key that does it inside the list; `confirm` is the question of a dialog, asked first. An act
    that `asks` is answered with a dialog, in which something must be chosen before anything is done.
    """

    key: str
    label: str
    url_name: str
    letter: str = ""
    icon: str = ""
    permission: str = ""
    confirm: str = ""
    danger: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list says: what it is for, why it is empty, and the one next act."""

    title: str
    words: str
    act_label: str = ""
    act_url: str = ""
    icon: str = "inbox"


@dataclass(frozen=True, slots=True)
class Waits:
    """Rows that are worked: what work is about them, and by what the list is in order, as a sentence.

    `subject` is the kind of thing that items of work name, `of` gives the public id of the thing in a row (`row_key`
    where it is left out); `kinds` are the kinds of work of this list, where the thing has others as well. Without a
    subject the rows say themselves why they are next, in a column of their own.
    """

    subject: str
    order: str
    of: Callable[[Any], str] | None = None
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A list of one kind of thing: name (`claims.ready`), noun (`("claim", "claims")`), columns, filters, acts.

    `row_key` gives the public id of a row (what bulk actions post); `row_link` its page; `row_peek` the URL of a
    preview fragment (space); `row_tone` flags a row. `row_practice` lets a column that may be seen in only some
    practices be blanked in the others' rows; without it such a column is withheld altogether. `sort` is a column
    key, with `-` for descending. A queue `waits`: a column then says of each row why it is next.
    """

    name: str
    noun: tuple[str, str]
    columns: tuple[Column, ...]
    row_key: Callable[[Any], str]
    filters: tuple[Filter, ...] = ()
    actions: tuple[BulkAction, ...] = ()
    sort: str = ""
    row_link: Callable[[Any], str] | None = None
    row_peek: Callable[[Any], str] | None = None
    row_tone: Callable[[Any], str] | None = None
    row_practice: Callable[[Any], int] | None = None
    sizes: tuple[int, ...] = (25, 50, 100, 200)
    size: int = 50
    search: str = ""
    waits: Waits | None = None
    empty: Empty = field(default_factory=lambda: Empty("Nothing here yet", "What comes will be listed here."))

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"table {self.name} has a column twice")
        if self.sort and self.sort.removeprefix("-") not in {c.key for c in self.columns if c.sort}:
            raise ValueError(f"table {self.name} is sorted by {self.sort}, which is no sortable column")
        if self.size not in self.sizes:
            raise ValueError(f"table {self.name}: page size {self.size} is not among {self.sizes}")


@dataclass(frozen=True, slots=True)
class Selection:
    """What a bulk action was asked to act on: some public ids, or `every` row the filters find."""

    ids: tuple[str, ...]
    every: bool
    filters: Filters


# ---- pieces of a detail page ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, for a timeline: when, what, and where it can be read; newest first."""

    at: datetime
    title: str
    tone: Tone = Tone.NONE
    note: str = ""
    url: str = ""
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A tab, a segment or a step: its name, where it leads, whether it is the current one, and how many are in it."""

    label: str
    url: str = ""
    current: bool = False
    count: int | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class WhyTerm:
    """One line of the reckoning behind a figure; the last is the `total`."""

    label: str
    value: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class Why:
    """Why a number is what it is: the figure, the reckoning, as of when, and where the rows are."""

    key: str
    value: str
    terms: tuple[WhyTerm, ...]
    as_of: datetime | None = None
    note: str = ""
    url: str = ""
    rows: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of an X12 file as it is shown: its number, its byte offset, its id and the rest of its text."""

    number: int
    offset: int
    tag: str
    rest: str
    current: bool = False


# ---- entries of the registries --------------------------------------------------------------------------------


COUNTED_MOST = 999
"""The highest number that the menu says; what is more is `999+`, so that a count may stop there."""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of the side menu. `count(actor)` gives its live number; it is asked after the page, in one request
    for the whole menu, within the scope of the entry's permission.

    Sections stand in the order of their first entry; `keys` is the second letter of the jump (`g c`).
    """

    key: str
    label: str
    url_name: str
    permission: str
    section: str = ""
    icon: str = "doc"
    order: int = 500
    count: Callable[[Any], int] | None = None
    keys: str = ""


@dataclass(frozen=True, slots=True)
class PaletteItem:
    """A line of the palette's answer. `method` POST is for acts that need no more questions."""

    label: str
    url: str
    hint: str = ""
    icon: str = "go"
    keys: str = ""


@dataclass(frozen=True, slots=True)
class PaletteSource:
    """Where the palette looks: `find(actor, text, limit)` gives items, best first; it is asked at most 80 ms apart."""

    key: str
    label: str
    kind: Literal["go", "do", "find"]
    permission: str
    find: Callable[[Any, str, int], Sequence[PaletteItem]]
    order: int = 500


@dataclass(frozen=True, slots=True)
class PanelEntry:
    """A part that a higher app shows on a page of a lower app (`page="claims.claim"`), loaded lazily from `url`."""

    page: str
    key: str
    title: str
    permission: str
    url: Callable[[Any], str]
    column: Literal["main", "side"] = "main"
    order: int = 500
