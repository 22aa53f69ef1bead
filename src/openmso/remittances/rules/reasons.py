"""Claim adjustment reasons: code values with our own labels and categories (`reasons.csv`), and what each does.

The payer's group decides first (TR3 005010X221A1, CAS01): PR is the patient's; CO is never the patient's; OA and PI
are looked at by a person. Within CO, a reason of contract or law is written off; a denial stays open, always.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from importlib.resources import files

from openmso.remittances.contracts import Effect, Reason

PATIENT_GROUP = "PR"
CONTRACT_GROUP = "CO"
PRIOR_PAYER = "23"
ABOVE_ALLOWED = "45"
DUPLICATE = "18"
ABOVE_CHARGE, WITHIN_ANOTHER = "94", "97"
"""Paid above what was charged, because other lines are paid within this one; and what those others say."""
CONTRACTUAL = frozenset({"CONTRACTUAL", "CAPITATION"})
REDUCTIONS = frozenset({"SEQUESTRATION", "PAYMENT_REDUCTION", "PENALTY", "INCENTIVE", "PAYMENT_INCREASE", "INTEREST"})


@cache
def reasons() -> dict[str, Reason]:
    """All reasons we know, by code."""
    text = files("openmso.remittances.rules").joinpath("reasons.csv").read_text(encoding="utf-8")
    return {
        row["carc"]: Reason(
            row["carc"], row["category"], row["is_denial"] == "Y", row["short_label"], row["owner_queue"],
            row["first_action"], row["preventable_at"].strip("-"),
        )
        for row in csv.DictReader(text.splitlines())
    }  # fmt: skip


def words_of(code: str) -> str:
    """What we call a reason; an unknown one is named by its code."""
    known = reasons().get(code)
    return known.words if known else f"reason {code}"


def denies(code: str) -> bool:
    """Whether a reason is a denial; an unknown one is taken for one, so that a person looks at it."""
    known = reasons().get(code)
    return known is None or known.is_denial


@cache
def usual_effect(group: str, reason: str) -> Effect:
    """Where the money of an adjustment goes, by its group and reason alone."""
    if group == PATIENT_GROUP:
        return Effect.PATIENT
    if reason == PRIOR_PAYER:
        return Effect.PRIOR
    known = reasons().get(reason)
    if group != CONTRACT_GROUP or known is None or known.is_denial:
        return Effect.DENIED
    if known.category in CONTRACTUAL or known.category == "PATIENT_RESP":
        return Effect.CONTRACTUAL
    return Effect.OTHER if known.category in REDUCTIONS else Effect.DENIED


def raises(amount: Decimal, *, charge: Decimal, paid: Decimal) -> bool:
    """Whether an adjustment adds to what is paid of a line or claim; turning all signs does not change that."""
    return amount * (charge or paid) < 0


def effect_of(
    group: str, reason: str, amount: Decimal, *, charge: Decimal, paid: Decimal, is_bundled: bool = False
) -> Effect:  # fmt: skip
    """Where the money of one adjustment of a line (or claim) of that charge and payment goes.

    A reduction to the allowed amount that is the whole charge is a denial in disguise, and stays open. What raises the
    payment (interest, 225; paid above the charge, 94) leaves nothing open in any group, unless its reason denies: then
    it gives back what was denied. A line that another line of its claim is paid for (`is_bundled`) is not denied.
    Turning all signs (a reversal) never changes the answer.
    """
    if reason == ABOVE_ALLOWED and group == CONTRACT_GROUP and charge and amount == charge and not paid:
        return Effect.DENIED
    effect = usual_effect(group, reason)
    if is_bundled and reason == WITHIN_ANOTHER:
        return Effect.OTHER
    if effect is Effect.DENIED and raises(amount, charge=charge, paid=paid):
        known = reasons().get(reason)
        return effect if known is not None and known.is_denial else Effect.OTHER
    return effect
