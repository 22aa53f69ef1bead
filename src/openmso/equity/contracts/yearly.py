"""What leaves equity of a year: what a holder had of an entity, as it was issued to the practice that holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from openmso.equity.contracts import READ
from openmso.kit.money import Money
from openmso.platform.documents.contracts import Purpose

ISSUED = "equity.holder_statement"
PURPOSES: Iterable[Purpose] = (Purpose(ISSUED, "Statement of a holder", READ.code),)
SENTENCES = {"equity.statement_issued": "{actor} issued the statement {subject} of {entity} for {days}"}
NO_ADVICE = (
    "For whoever prepares a return: what the entity's books say, by class, as item L of a Schedule K-1 asks for it. "
    "It is neither a Schedule K-1 nor tax advice, and takes no adjustments for tax."
)
MOVED = ("contributed", "allocated", "preferred", "returned", "rest", "redeemed", "moved")
"""What moves a capital account within a year, in the order of a statement."""
WORDS: Mapping[str, str] = {
    "opening": "Capital account at the beginning", "contributed": "Capital put in",
    "allocated": "Profit or loss allocated", "preferred": "Preferred return paid", "returned": "Capital returned",
    "rest": "Share of the rest paid", "redeemed": "Paid beyond capital at a redemption",
    "moved": "Moved with units", "closing": "Capital account at the end", "owed": "Preferred return owed at the end",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClassYear:
    """A class in a year: units and their share of the class at both ends, and what moved the account, signed."""

    name: str
    units_begin: str
    units_end: str
    share_begin: str
    share_end: str
    opening: Money
    contributed: Money
    allocated: Money
    preferred: Money
    returned: Money
    rest: Money
    redeemed: Money
    moved: Money
    closing: Money
    owed: Money

    def as_json(self) -> dict[str, str]:
        """It as plain texts, to be kept."""
        return {one.name: str(getattr(self, one.name)) for one in fields(self)}

    @classmethod
    def of_json(cls, said: Mapping[str, str]) -> ClassYear:
        """As it was kept."""
        texts = {"name", "units_begin", "units_end", "share_begin", "share_end"}
        return cls(**{name: value if name in texts else Money.of(value) for name, value in said.items()})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class HolderStatement:
    """A statement of a holder as it was issued."""

    public_id: str
    practice: int
    practice_name: str
    venture: str
    holder: str
    entity_name: str
    holder_name: str
    starts_on: date
    ends_on: date
    classes: tuple[ClassYear, ...]
    document: str
    made_at: datetime
    made_by: str

    def of(self, name: str) -> Money:
        """A figure over all classes."""
        return Money.total(getattr(one, name) for one in self.classes)

    @property
    def closing(self) -> Money:
        """The capital account at the end."""
        return self.of("closing")

    @property
    def paid_out(self) -> Money:
        """What was paid to the holder."""
        return -Money.total(self.of(name) for name in ("preferred", "returned", "rest", "redeemed"))
