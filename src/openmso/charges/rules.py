"""Which fee holds, and which can be: plain values in, a price out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openmso.charges.contracts import FeeDraft, Priced
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money


class NotAFee(Refused):
    """A price that is none, or that stands twice."""

    code = "not_a_fee"


@dataclass(frozen=True, slots=True)
class Fee:
    """One price of one version of a schedule; `payer_id` None is the practice's own schedule."""

    payer_id: int | None
    code: str
    modifier: str
    amount: Money
    schedule: str
    version: str
    starts_on: date


Fees = Mapping[str, tuple[Fee, ...]]
"""Fees by code, the latest version first."""


def by_code(fees: Iterable[Fee]) -> dict[str, tuple[Fee, ...]]:
    """Fees ready to be asked: by code, the latest version first."""
    found: dict[str, list[Fee]] = {}
    for fee in fees:
        found.setdefault(fee.code, []).append(fee)
    return {code: tuple(sorted(rows, key=lambda f: f.starts_on, reverse=True)) for code, rows in found.items()}


def price(fees: Fees, *, code: str, modifiers: tuple[str, ...], payer_id: int | None, on: date) -> Priced | None:
    """The price of one unit on a day; `None` when no schedule has the code.

    A payer's own schedule comes before the practice's, a price for a modifier of the line before the plain one,
    and within these the version that began last. A version holds for every code until a later one has begun.
    """
    for payer in (payer_id, None) if payer_id is not None else (None,):
        for modifier in (*modifiers, ""):
            for fee in fees.get(code, ()):
                if (fee.payer_id, fee.modifier) == (payer, modifier) and fee.starts_on <= on:
                    return Priced(fee.amount, fee.schedule, fee.version, fee.starts_on)
    return None


def extended(unit: Money, units: Decimal) -> Money:
    """The charge of a line: price times units, to the cent."""
    return unit.times(units)


def judge(drafts: Sequence[FeeDraft]) -> None:
    """Refuse a price that is none, or that stands twice."""
    seen: set[tuple[str, str]] = set()
    for draft in drafts:
        named = f"{draft.code}{f'-{draft.modifier}' if draft.modifier else ''}"
        if draft.amount <= ZERO:
            raise NotAFee(f"{named} would cost {draft.amount}.", field="prices", fix="Leave out what costs nothing.")
        if (draft.code, draft.modifier) in seen:
            raise NotAFee(f"{named} stands twice.", field="prices", fix="Keep one of its prices.")
        seen.add((draft.code, draft.modifier))
