"""A month's fees before they are settled: of each practice what it comes to, from what, or why it cannot be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openmso.agreements.fees.quote import Quote
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange, Month
from openmso.settlement.contracts.figures import Waiting
from openmso.settlement.contracts.parts import parted


@dataclass(frozen=True, slots=True)
class FeeAhead:
    """The fee of a practice in a month as the books stand; without a quote, `refused` says why and `fix` what helps.

    `figures` are what the terms may ask for, by name; `opens` has the selection of ledger lines behind each part. Where
    the month has several parts, each figure is of one of them (`net_collections@2`), and `parts` has their days.
    `settlement` is the public id of the month's settlement where there is one: its fee stands, whatever came since.
    `entered` has the public id of each figure that people entered; `waits` are those that it waits for.
    """

    practice: int
    practice_name: str
    practice_code: str
    month: Month
    agreement: str
    version: int
    days: DayRange
    figures: Mapping[str, Any]
    opens: Mapping[str, Any]
    quote: Quote | None
    refused: str = ""
    fix: str = ""
    settlement: str = ""
    parts: tuple[DayRange, ...] = ()
    waits: tuple[Waiting, ...] = ()

    @property
    def collected(self) -> Money:
        """Net collections of the days on which a fee holds."""
        found = [value for name, value in self.figures.items() if parted(name)[0] == "net_collections"]
        return Money.total(
            amount for one in found for amount in (one.values() if isinstance(one, Mapping) else (one or ZERO,))
        )

    @property
    def fee(self) -> Money | None:
        """What it comes to, where that can be said."""
        return self.quote.amount if self.quote else None
