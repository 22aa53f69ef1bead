"""The lines of one patient, clinician and day on their way to a price."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from openmso.contracting.rules.mpfs import Book, Row, Setting
from openmso.contracting.rules.policy import Policy
from openmso.kit.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Line:
    """What was done, as a claim line says it; `postoperative_days` of shared care (modifier 55), when told."""

    number: int
    code: str
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    pos: str = "11"
    charge: Money = ZERO
    postoperative_days: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step to an amount: what was done, and what it came to, to the cent."""

    words: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Priced:
    """What a line comes to, with its steps; without an amount `why_not` is the reason, a sentence."""

    amount: Money | None
    steps: tuple[Step, ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A line on its way: the value of one unit so far, exact."""

    line: Line
    row: Row
    setting: Setting
    unit: Decimal
    steps: tuple[Step, ...]

    @property
    def units(self) -> Decimal:
        """How often it was done."""
        return self.line.units

    def step(self, unit: Decimal, words: str) -> Item:
        """The item after a step."""
        return replace(self, unit=unit, steps=(*self.steps, Step(words, Money.rounded(unit))))


@dataclass(slots=True)
class Session:
    """The items of one session with what each line's value has become; `None` is by report."""

    book: Book
    policy: Policy
    items: list[Item]
    values: dict[int, Decimal | None] = field(default_factory=dict)
    words: dict[int, list[str]] = field(default_factory=dict)

    def of(self, *multiple: str) -> list[Item]:
        """The items under these multiple procedure indicators; add-on codes (ZZZ) are exempt."""
        return [one for one in self.items if one.row.multiple in multiple and one.row.global_days != "ZZZ"]

    def set(self, item: Item, value: Decimal | None, words: str) -> None:
        """Say what a line comes to, and why."""
        self.values[item.line.number] = value
        self.words.setdefault(item.line.number, []).append(words)
