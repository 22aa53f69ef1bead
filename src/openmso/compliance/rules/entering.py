"""The register by the sheet: one arrangement a row, with its first term, signatures and opinion of value.

`title`, `kind`, `party` and `name` are always there. Where one column of a term, a signature or an opinion is filled
in, what belongs to it is needed. Each fault names the line, the column and what is done about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from openmso.compliance.contracts import NewArrangement, NewOpinion, NewTerm
from openmso.compliance.rules import checklists
from openmso.compliance.rules.reading import day_of, decimal_of, dollars_of, ein_of, npi_of
from openmso.compliance.rules.recognising import normalised
from openmso.compliance.states import Kind, Method, Party, Pay, Said, Side
from openmso.kit.money import CENT
from openmso.platform.ui.contracts import Status

ROWS_MAX = 1_000
NEEDED = ("title", "kind", "party", "name")
OF_TERM = ("services", "pay", "rate", "starts_on", "reasonable", "grounds")
OF_VALUE = ("value_method", "value_low", "value_high", "appraiser", "opined_on", "value_through")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: what it holds, an example, when it is needed."""

    name: str
    words: str
    example: str = ""
    needed: str = ""


COLUMNS: tuple[Column, ...] = (
    Column("title", "What it is, in a line", "Medical director", "always"),
    Column("kind", "services, space, equipment, employment, recruitment, isolated, other", "services", "always"),
    Column("party", "physician, family, entity (refers), other (no referral source)", "physician", "always"),
    Column("name", "Name of the party, as payments name it", "Dr. Ida Moss", "always"),
    Column("npi", "Ten digits"), Column("ein", "Nine digits; never a Social Security number"),
    Column("relation", "Of which physician, and how", "", "for family"),
    Column("services", "All services, premises or equipment", "Direction of the clinic", "for a term"),
    Column("pay", "month, hour, unit, year", "hour", "for a term"),
    Column("rate", "Dollars and cents for each of them", "180.00", "for a term"),
    Column("hours_cap", "Hours a month at most", "20"), Column("unit", "What a unit is, where it is paid by the unit"),
    Column("starts_on", "First day", "2026-01-01", "for a term"),
    Column("through", "Last day; empty: no end", "2026-12-31"),
    Column("written_on", "Put in writing on", "2025-12-15"),
    Column("reasonable", "Why it makes sense whoever refers what", "Needed at this size", "for a term"),
    Column("grounds", "Checklists relied on, by code, with spaces between", "stark_services", "for a term"),
    Column("in_advance", "Whether the pay was set before anything was done; yes where it is empty", "yes"),
    Column("by_volume", "Whether the pay follows referrals", "no"),
    Column("holdover", "Whether it goes on after its end", "no"),
    Column("ours_signed_on", "Our side signed on", "2025-12-15"),
    Column("ours_signed_by", "Who signed for us", "Elena Vass", "with its day"),
    Column("party_signed_on", "The other party signed on", "2025-12-15"),
    Column("party_signed_by", "Who signed for it", "Dr. Ida Moss", "with its day"),
    Column("value_method", "market, cost, income, several", "market", "for an opinion"),
    Column("value_low", "Low end per unit of pay", "150.00", "for an opinion"),
    Column("value_high", "High end", "210.00", "for an opinion"),
    Column("appraiser", "Whose opinion", "Pine Valuation", "for an opinion"),
    Column("opined_on", "Given on", "2025-12-01", "for an opinion"),
    Column("value_through", "Good through", "2027-12-31", "for an opinion"),
    Column("met", "Elements of checklists that are met, each with what shows it: code = words; code = words"),
    Column("active", "yes: have it be paid, if an opinion covers it", "yes"),
)  # fmt: skip
NAMES = tuple(one.name for one in COLUMNS)
YES_NO: Mapping[str, bool] = {"yes": True, "true": True, "x": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: its line, the column, the sentence and what mends it."""

    line: int
    column: str
    says: str
    fix: str = ""

    @property
    def words(self) -> str:
        """In a sentence: `Line 4, rate: ...`."""
        return f"Line {self.line}{f', {self.column}' if self.column else ''}: {self.says} {self.fix}".strip()


@dataclass(frozen=True, slots=True)
class Signed:
    """A side signed the term."""

    side: Side
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Row:
    """An arrangement of the sheet, or what is wrong with it."""

    line: int
    title: str
    name: str
    about: NewArrangement | None = None
    term: NewTerm | None = None
    signed: tuple[Signed, ...] = ()
    value: NewOpinion | None = None
    answers: tuple[tuple[str, str], ...] = ()
    activates: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same arrangement as another: the party, the kind and the title."""
        return key_of(self.about.kind, self.title, self.name) if self.about else ("", str(self.line), "")


def key_of(kind: Kind, title: str, name: str) -> tuple[str, str, str]:
    """The key of an arrangement within a practice."""
    return kind.value, title.strip().casefold(), normalised(name)


def read(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[list[Row], list[Fault]]:
    """The arrangements of a sheet, and what is wrong with its head; where the head is wrong there are no rows."""
    if not rows:
        return [], [Fault(1, "", "The file is empty.", "Take the template.")]
    line, head = rows[0][0], [cell.strip().lower().replace(" ", "_") for cell in rows[0][1]]
    while head and not head[-1]:
        head.pop()
    wrong = [Fault(line, name, "The column is missing.", f"The columns are {', '.join(NAMES)}.")
             for name in NEEDED if name not in head]  # fmt: skip
    wrong += [Fault(line, name, "No such column is known.", "Take it out, or take its name from the template.")
              for name in head if name and name not in NAMES]  # fmt: skip
    wrong += [Fault(line, name, "The column stands twice.") for name in NAMES if head.count(name) > 1]
    if wrong:
        return [], wrong
    if len(rows) == 1:
        return [], [Fault(line, "", "The file has a head and no rows.", "Write one arrangement in each row.")]
    return _once(_row(number, dict(zip(head, [*cells, *[""] * len(head)], strict=False))) for number, cells in rows[1:])


def _once(rows: Iterable[Row]) -> tuple[list[Row], list[Fault]]:
    """The rows, of which one that stands twice is wrong the second time."""
    found, seen = list[Row](), dict[tuple[str, str, str], int]()
    for row in rows:
        first = seen.setdefault(row.key, row.line)
        if first != row.line:
            says = f"The same arrangement stands in line {first}: party, kind and title are equal."
            row = Row(row.line, row.title, row.name, faults=(Fault(row.line, "title", says, "Take one of them out."),))
        found.append(row)
    return found, []


class _Cells:
    """The cells of a row, read one by one; what is wrong is collected."""

    def __init__(self, line: int, cells: Mapping[str, str]) -> None:
        self.line, self.faults = line, list[Fault]()
        self.cells = {name: cells.get(name, "").strip() for name in NAMES}

    def has(self, *names: str) -> bool:
        return any(self.cells[name] for name in names)

    def need(self, names: Iterable[str], fix: str) -> None:
        for name in names:
            if not self.cells[name]:
                self.wrong(name, "It is empty.", fix)

    def wrong(self, name: str, says: str, fix: str = "") -> None:
        self.faults.append(Fault(self.line, name, says, fix))

    def read(self, name: str, parse: Callable[[str], Any], otherwise: Any = None) -> Any:
        text = self.cells[name]
        try:
            if "\x00" in text:
                raise ValueError("it holds a character that no text has")
            return parse(text) if text else otherwise
        except ValueError as no:
            self.wrong(name, f"{str(no)[:1].upper()}{str(no)[1:]}.")
            return otherwise


def _row(line: int, given: Mapping[str, str]) -> Row:
    cells = _Cells(line, given)
    cells.need(NEEDED, "Every row has it.")
    about = NewArrangement(
        cells.read("title", _short(120), ""), cells.read("kind", _one_of(Kind), Kind.OTHER),
        cells.read("party", _one_of(Party), Party.OTHER), cells.read("name", _short(120), ""),
        cells.read("npi", npi_of, ""), cells.read("ein", ein_of, ""), cells.read("relation", _short(160), ""),
    )  # fmt: skip
    term = _term(cells) if cells.has(*OF_TERM) else None
    signed = tuple(_signatures(cells))
    value = _value(cells, term) if cells.has(*OF_VALUE) else None
    activates = cells.read("active", _yes, False)
    answers = cells.read("met", _answers, ())
    if term is None and (signed or value or activates):
        cells.wrong("services", "It is signed, valued or active, and has no term.", "Fill in the columns of the term.")
    title, name = cells.cells["title"][:120], cells.cells["name"][:120]
    if cells.faults:
        return Row(line, title, name, faults=tuple(cells.faults))
    return Row(line, title, name, about, term, signed, value, answers, activates)


def _term(cells: _Cells) -> NewTerm:
    cells.need(OF_TERM, "A term is filled in whole.")
    pay = cells.read("pay", _one_of(Pay), Pay.MONTH)
    through = cells.read("through", day_of)
    return NewTerm(
        cells.cells["services"], pay, cells.read("rate", dollars_of, Decimal(1)),
        cells.read("starts_on", day_of, date(2000, 1, 1)), through + timedelta(days=1) if through else None,
        cells.read("written_on", day_of), cells.cells["reasonable"],
        tuple(cells.read("grounds", _grounds, ())), cells.read("hours_cap", _hours),
        cells.read("unit", _short(40), ""), cells.read("in_advance", _yes, True), cells.read("by_volume", _yes, False),
        cells.read("holdover", _yes, False),
    )  # fmt: skip


def _signatures(cells: _Cells) -> Iterable[Signed]:
    for side in Side:
        on, by = f"{side.value}_signed_on", f"{side.value}_signed_by"
        if cells.has(on, by):
            cells.need((on, by), "A signature has a day and a name.")
            yield Signed(side, cells.read(on, day_of, date(2000, 1, 1)), cells.read(by, _short(160), ""))


def _value(cells: _Cells, term: NewTerm | None) -> NewOpinion:
    cells.need(OF_VALUE, "An opinion is filled in whole.")
    usual = date(2000, 1, 1)
    return NewOpinion(
        cells.read("value_method", _one_of(Method), Method.MARKET), cells.read("value_low", dollars_of, Decimal(1)),
        cells.read("value_high", dollars_of, Decimal(1)), term.pay if term else Pay.MONTH,
        cells.read("appraiser", _short(120), ""), cells.read("opined_on", day_of, usual),
        cells.read("value_through", day_of, usual),
    )  # fmt: skip


def _one_of(statuses: type[Status]) -> Callable[[str], Any]:
    """By code or by label."""
    known = {one.value: one for one in statuses} | {one.label.lower(): one for one in statuses}

    def parse(text: str) -> Any:
        if text.lower() not in known:
            raise ValueError(f"{text[:20]!r} is none of {', '.join(one.value for one in statuses)}")
        return known[text.lower()]

    return parse


def _short(most: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text) > most:
            raise ValueError(f"it has {len(text)} characters, {most} at most are taken")
        return text

    return parse


def _hours(text: str) -> Decimal:
    return decimal_of(text, CENT, f"{text[:20]!r} is no number of hours")


def _yes(text: str) -> bool:
    if text.lower() not in YES_NO:
        raise ValueError(f"{text[:20]!r} is neither yes nor no")
    return YES_NO[text.lower()]


def _grounds(text: str) -> list[str]:
    codes, known = text.replace(",", " ").split(), checklists.lists()
    for code in codes:
        if code not in known:
            raise ValueError(f"{code[:24]!r} is no checklist; there are {', '.join(sorted(known))}")
    return codes


def _answers(text: str) -> tuple[tuple[str, str], ...]:
    found = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        code, _, words = (piece.strip() for piece in part.partition("="))
        if checklists.element(code) is None:
            raise ValueError(f"{code[:40]!r} is no element that somebody answers")
        if not words:
            raise ValueError(f"{code} does not say what shows it")
        found.append((code, words))
    return tuple(found)


ANSWERED = Said.MET
"""What a sheet says of an element."""
