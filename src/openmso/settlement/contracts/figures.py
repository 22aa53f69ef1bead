"""Figures that people enter: one as it stands, and what a fee waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from openmso.kit.periods import Month
from openmso.kit.words import grouped
from openmso.settlement.states import F


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a month as somebody entered it; `number` is above 1 for a correction, whose reason is `why`.

    `document` is the public id of what shows it, if there is a paper; `confirmed_at` is empty until a second person
    said yes.
    """

    public_id: str
    practice: int
    practice_code: str
    practice_name: str
    month: Month
    name: str
    number: int
    amount: Decimal
    shown_by: str
    document: str
    why: str
    entered_at: datetime
    entered_by: str
    entered_user: str
    confirmed_at: datetime | None
    confirmed_by: str
    state: F

    @property
    def heading(self) -> str:
        """Its name as people read it."""
        return self.name.replace("_", " ").capitalize()

    @property
    def plain(self) -> Decimal:
        """The amount in cents, or in as many places as it has beyond them."""
        cents = self.amount.quantize(Decimal("0.01"))
        return cents if cents == self.amount else self.amount.normalize()

    @property
    def value(self) -> str:
        """The same as people read it."""
        return grouped(f"{self.plain:f}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A figure of a month that a fee needs: not entered, or entered (`figure`, `entered_by`) and not confirmed.

    `words` are its name in the terms, `shown_by` what the terms say is to show it. What `is_shared` waits for the
    allocation of its month.
    """

    practice: int
    practice_code: str
    month: Month
    name: str
    words: str
    shown_by: str
    figure: str = ""
    entered_by: str = ""
    is_shared: bool = False

    @property
    def sentence(self) -> str:
        """What is waited for, in words."""
        of = f"The fee waits for {self.words} of {self.month.words}"
        if self.is_shared:
            return f"{of}, which is not allocated yet."
        if self.figure:
            return f"{of}: {self.entered_by} entered it, and somebody else has to confirm it."
        return f"{of}, which nobody has entered."

    @property
    def fix(self) -> str:
        """What to do."""
        if self.is_shared:
            return "Freeze the allocation of the month under Finance, Shared cost."
        if self.figure:
            return f"Confirm {self.figure}, or correct it, under Statements, Figures."
        shown = f" ({self.shown_by})" if self.shown_by else ""
        return f"Enter it with what shows it{shown} under Statements, Figures; then somebody else confirms it."
