"""Tariffs: where the fee of a unit comes from under a term of a contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from openmso.contracting.rules.items import CannotTell, Item, Line, Step
from openmso.contracting.rules.mpfs import Book, Locality, Row, Setting, cap, setting_of, why_not_paid
from openmso.kit.money import Money

WHOLE, NOTHING = Decimal(1), Decimal(0)
NO_BOOK = Book(Locality(NOTHING, NOTHING, NOTHING, NOTHING), {})
"""Where no reference table is known: no code has policy indicators."""


@dataclass(frozen=True, slots=True)
class Medicare:
    """A share of Medicare's fee schedule of a year and locality."""

    book: Book
    share: Decimal = WHOLE
    name: str = ""

    def item(self, line: Line) -> Item:
        """The fee of a line, or in words why the fee schedule has none."""
        row, setting = self.book.row(line.code, line.modifiers), setting_of(line.pos)
        if row is None:
            raise CannotTell(f"{line.code} is not in the fee schedule{f' of {self.name}' if self.name else ''}.")
        if reason := why_not_paid(row):
            raise CannotTell(reason)
        if row.is_na(setting):
            place = "in a facility" if setting is Setting.FACILITY else "outside a facility"
            raise CannotTell(f"The fee schedule has no amount for {line.code} {place} (NA).")
        fee = self.book.fee(row, setting).amount
        steps = (Step(f"Fee of {_named(row.code, row.modifier)}, {_place(setting)}", Money(fee)),)
        locality = self.book.locality
        expense = row.pe(setting) * locality.pe * locality.factor * self.share
        most = cap(row, locality, setting)
        item = Item(line, row, setting, self, fee, expense, steps, most=most.amount if most else None)
        return item if self.share == WHOLE else item.step(fee * self.share, f"{percent(self.share)} of it")

    def fee(self, code: str, modifier: str, setting: Setting) -> Decimal | None:
        """The fee of a code under a modifier, in this share. A component's is told in a setting marked NA, too."""
        row = self.book.rows.get((code, modifier))
        return None if row is None or why_not_paid(row) else self.book.fee(row, setting).amount * self.share


@dataclass(frozen=True, slots=True)
class Rate:
    """An amount that was agreed for a unit, outside a facility and in one."""

    nonfacility: Decimal
    facility: Decimal

    def of(self, setting: Setting) -> Decimal:
        """The amount in a setting."""
        return self.facility if setting is Setting.FACILITY else self.nonfacility


@dataclass(frozen=True, slots=True)
class Agreed:
    """Amounts that were agreed by code and modifier; the book only tells the policy indicators of codes."""

    rates: Mapping[tuple[str, str], Rate] = field(repr=False)
    book: Book = field(default=NO_BOOK, repr=False)
    words: str = "Agreed"

    def item(self, line: Line) -> Item:
        """The agreed amount of a line."""
        setting = setting_of(line.pos)
        modifier = next((one for one in line.modifiers if (line.code, one) in self.rates), "")
        unit = self.fee(line.code, modifier, setting)
        if unit is None:
            raise CannotTell(f"The contract lists no amount for {line.code}.")
        row = self.book.row(line.code, line.modifiers) or unknown(line.code, modifier)
        total = row.work + row.pe(setting) + row.malpractice
        expense = unit * row.pe(setting) / total if total else NOTHING
        steps = (Step(f"{self.words} for {_named(line.code, modifier)}, {_place(setting)}", Money.rounded(unit)),)
        return Item(line, row, setting, self, unit, expense, steps)

    def fee(self, code: str, modifier: str, setting: Setting) -> Decimal | None:
        """The agreed amount of a code under a modifier."""
        rate = self.rates.get((code, modifier))
        return None if rate is None else rate.of(setting)


@dataclass(frozen=True, slots=True)
class Each:
    """One amount for a unit of whatever it is."""

    amount: Decimal
    book: Book = field(default=NO_BOOK, repr=False)

    def item(self, line: Line) -> Item:
        """The amount, for this line."""
        row = self.book.row(line.code, line.modifiers) or unknown(line.code)
        steps = (Step(f"Agreed for each unit of {line.code}", Money(self.amount)),)
        return Item(line, row, setting_of(line.pos), self, self.amount, NOTHING, steps)

    def fee(self, code: str, modifier: str, setting: Setting) -> Decimal | None:
        """Components have no amount of their own."""
        return None


@dataclass(frozen=True, slots=True)
class OfCharge:
    """A share of what is charged; no policy changes it."""

    share: Decimal

    def item(self, line: Line) -> Item:
        """The share of the charge of a line."""
        part = line.charge.amount * self.share
        steps = (Step(f"{percent(self.share)} of the charge", Money.rounded(part)),)
        unit = part / line.units if line.units else part
        return Item(line, unknown(line.code), setting_of(line.pos), self, unit, NOTHING, steps, is_final=True)

    def fee(self, code: str, modifier: str, setting: Setting) -> Decimal | None:
        """There is no fee without a charge."""
        return None


def unknown(code: str, modifier: str = "") -> Row:
    """A code of which no table tells the indicators: nothing is reduced, and a modifier is taken at its word."""
    return Row(
        code, modifier, "A", NOTHING, NOTHING, NOTHING, NOTHING, bilateral="1", assistant="2", cosurgeon="2"
    )  # fmt: skip


def percent(share: Decimal) -> str:
    """`110%`, `62.5%`."""
    return f"{(share * 100).normalize():f}%"


def _named(code: str, modifier: str) -> str:
    return f"{code}-{modifier}" if modifier else code


def _place(setting: Setting) -> str:
    return "facility" if setting is Setting.FACILITY else "non-facility"
