"""What payers hold against practices beside claims: references, movements, explanations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openmso.kit.money import Money
from openmso.remittances.contracts.payments import ProviderAdjustmentRow
from openmso.remittances.contracts.standing import Answer, Beside, RecoupmentState


@dataclass(frozen=True, slots=True)
class Recoupment:
    """What stands between a payer and a practice on one reference: WO, FB, 72 and their like."""

    public_id: str
    """Of the first adjustment that bears the reference."""
    practice: int
    practice_name: str
    payer_key: str
    payer_name: str
    reference: str
    codes: str
    amount: Money
    """As the files say it: positive was taken from us and not left before; negative is held, to be taken later."""
    first_on: date
    last_on: date
    items: int
    age: int
    """Days since the first of them."""
    state: RecoupmentState
    words: str

    @property
    def held(self) -> Money:
        """What the payer holds against us; negative where it took more than it held."""
        return -self.amount


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the ledger between a payer and a practice, and what the payer holds against us after it."""

    row: ProviderAdjustmentRow
    practice_name: str
    payer_name: str
    posted_on: date
    held: Money


@dataclass(frozen=True, slots=True)
class BesideRow:
    """Money of a remittance that is about no claim of it, whatever it is for."""

    row: ProviderAdjustmentRow
    kind: Beside
    practice_name: str
    payer_name: str
    posted_on: date

    @property
    def taken(self) -> Money:
        """With the sign it has for us: what is taken is negative."""
        return self.row.taken


@dataclass(frozen=True, slots=True)
class ExplanationRow:
    """What somebody said that a reference answers."""

    amount: Money
    answer: Answer
    answers: str
    why: str
    explained_at: datetime
    explained_by: str


@dataclass(frozen=True, slots=True)
class RecoupmentPage:
    """One reference with its movements, the payments that took claims back under it, and what was said of it."""

    row: Recoupment
    movements: tuple[Movement, ...]
    """Oldest first, with what is held on this reference after each."""
    reversals: tuple[tuple[str, date, Money], ...]
    """Public id of the payment, its accounting day, what it paid."""
    explanations: tuple[ExplanationRow, ...]
    """Latest first."""
