"""Which fee holds, and which can be: plain values in, a price out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openmso.charges.contracts import FeeDraft, Priced, Stay
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money


class NotAFee(Refused):
    """A price that is none, or that stands twice."""

    code = "not_a_fee"


REASONS_MAX = 3
"""Reasons for a visit on one claim (NUBC FL 70)."""


class NotAStay(Refused):
    """What a facility says of a visit cannot stand on an institutional claim."""

    code = "not_a_stay"


def judge_stay(stay: Stay) -> None:
    """Raise `NotAStay` for the first thing that no institutional claim has room for."""

    def refuse(wrong: bool, field: str, words: str) -> None:
        if wrong:
            raise NotAStay(words, field=field, fix="Enter it as the facility's own system says it.")

    refuse(not _is(r"\d{2}", stay.bill_type), "bill_type", "A type of bill has two digits here: 13, 71.")
    refuse(not _is(r"[1-59]", stay.admission_type), "admission_type", "A type of admission is one digit, 1 to 5 or 9.")
    refuse(not _is(r"[0-9A-Z]?", stay.admission_source), "admission_source", "A point of origin is one character.")
    refuse(not _is(r"\d{2}", stay.patient_status), "patient_status", "A patient status has two digits.")
    for name, hour in (("admitted_hour", stay.admitted_hour), ("discharged_hour", stay.discharged_hour)):
        refuse(not _is(r"([01]\d|2[0-3])?", hour), name, "An hour is written 00 to 23.")
    refuse(not all(_is(r"[0-9A-Z]{2}", code) for code in stay.conditions), "conditions",
           "A condition code has two characters.")  # fmt: skip
    for occurrence in stay.occurrences:
        refuse(not _is(r"[0-9A-Z]{2}", occurrence.code), "occurrences", "An occurrence code has two characters.")
        refuse(occurrence.through is not None and occurrence.through < occurrence.on, "occurrences",
               f"The span of {occurrence.code} ends before it begins.")  # fmt: skip
    refuse(
        len(stay.visit_reasons) > REASONS_MAX
        or not all(_is(r"[A-Z][0-9][0-9A-Z]{1,5}", one) for one in stay.visit_reasons),
        "visit_reasons",
        "Up to three reasons for the visit, each an ICD-10-CM code.",
    )
    refuse(not all(_is(r"[0-9A-HJ-NP-Z]{7}", one.code) for one in stay.procedures), "procedures",
           "An ICD-10-PCS code has seven digits and letters, without I and O.")  # fmt: skip
    for value in stay.values:
        refuse(not _is(r"[0-9A-Z]{2}", value.code) or value.amount < 0, "values",
               "A value has a code of two characters and an amount.")  # fmt: skip


def _is(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text, re.ASCII) is not None


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
