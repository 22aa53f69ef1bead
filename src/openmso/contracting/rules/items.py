"""The lines of one patient, clinician and day on their way to a price."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Protocol

from openmso.contracting.rules.mpfs import Row, Setting
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


class CannotTell(Exception):
    """No amount can be expected; the message is the sentence."""


class Tariff(Protocol):
    """Where the fee of a unit comes from."""

    def item(self, line: Line) -> Item:
        """A line with its fee; raises `CannotTell`."""

    def fee(self, code: str, modifier: str, setting: Setting) -> Decimal | None:
        """The fee of a code under a modifier by itself, where there is one."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line on its way: the value of one unit so far, exact, and what of it is practice expense.

    `row` has the policy indicators of the code; where `is_final`, no policy changes the value.
    """

    line: Line
    row: Row
    setting: Setting
    tariff: Tariff
    unit: Decimal
    expense: Decimal
    steps: tuple[Step, ...]
    is_final: bool = False
    most: Decimal | None = None
    """No unit comes to more, whatever policies leave of it; None: nothing caps it."""

    @property
    def units(self) -> Decimal:
        """How often it was done."""
        return self.line.units

    def step(self, unit: Decimal, words: str) -> Item:
        """The item after a step, which its cap follows."""
        most = self.most * unit / self.unit if self.most is not None and self.unit else self.most
        return replace(self, unit=unit, most=most, steps=(*self.steps, Step(words, Money.rounded(unit))))


@dataclass(slots=True)
class Session:
    """The items of one session with what each line's value has become; `None` is by report."""

    policy: Policy
    items: list[Item]
    values: dict[int, Decimal | None] = field(default_factory=dict)
    words: dict[int, list[str]] = field(default_factory=dict)

    def of(self, *multiple: str) -> list[Item]:
        """The items under these multiple procedure indicators; add-on codes (ZZZ) are exempt."""
        open_ones = (one for one in self.items if not one.is_final)
        return [one for one in open_ones if one.row.multiple in multiple and one.row.global_days != "ZZZ"]

    def set(self, item: Item, value: Decimal | None, words: str) -> None:
        """Say what a line comes to, and why."""
        self.values[item.line.number] = value
        self.words.setdefault(item.line.number, []).append(words)
