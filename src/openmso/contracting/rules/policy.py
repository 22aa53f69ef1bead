"""Payment policies: what a payer pays of a fee for a modifier, and for the second procedure of a day.

Medicare's are the default; a contract may have others. Percentages are shares of 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

HALF, WHOLE = Decimal("0.5"), Decimal(1)


class Rank(StrEnum):
    """By what the procedures of a day are put in order."""

    FEE = "fee"
    FACILITY_RVU = "facility_rvu"
    CHARGE = "charge"


@dataclass(frozen=True, slots=True)
class Policy:
    """The percentages of one payer; `None` says that the payer decides by report, so that nothing can be expected.

    Sources: Medicare Claims Processing Manual chapter 12, sections 20.4, 40.6 to 40.8 (surgery, bilateral, assistants,
    co-surgeons); 42 CFR 414.40; the multiple procedure reductions of the physician fee schedule rules.
    """

    procedures: tuple[Decimal, ...] = (WHOLE, HALF, HALF, HALF, HALF)
    """Of the first, second ... procedure of a day; empty pays each in full."""
    procedures_beyond: Decimal | None = None
    rank: Rank = Rank.FEE
    endoscopy_families: bool = True
    imaging_technical: Decimal = HALF
    imaging_professional: Decimal = Decimal("0.95")
    therapy_expense: Decimal = HALF
    cardiovascular_technical: Decimal = Decimal("0.75")
    ophthalmology_technical: Decimal = Decimal("0.80")
    bilateral: Decimal = Decimal("1.5")
    assistant: Decimal = Decimal("0.16")
    assistant_nonphysician: Decimal = Decimal("0.136")
    """85% of 16% (AS)."""
    cosurgeon: Decimal = Decimal("0.625")
    reduced: Decimal | None = None
    discontinued: Decimal | None = None

    def of_place(self, place: int) -> Decimal | None:
        """The share of the procedure in this place, from 0."""
        if not self.procedures:
            return WHOLE
        return self.procedures[place] if place < len(self.procedures) else self.procedures_beyond


MEDICARE = Policy()
UNREDUCED = Policy(procedures=(), endoscopy_families=False, imaging_technical=WHOLE, imaging_professional=WHOLE,
                   therapy_expense=WHOLE, cardiovascular_technical=WHOLE, ophthalmology_technical=WHOLE)  # fmt: skip
"""Modifiers as Medicare pays them; the second procedure of a day is paid as the first."""
