"""How payers tell a decision in ways that take care to read: of the claim as a whole, one line as two, two as one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from enum import Enum

from edi.x12.remittance.model import Adjustment, ClaimPayment, ServicePayment
from openmso.simulator.payer.profile import CENT

ZERO = Decimal("0.00")
CONTRACT, ABOVE_CHARGE, WITHIN_ANOTHER, INTEREST = "45", "94", "97", "225"
PAID_LATE = Decimal("0.74")


class Habit(Enum):
    """What a payer does to one claim in some hundred."""

    WHOLE = "whole"
    """Says what its contract takes off of the claim, and of no line."""
    SPLITS = "splits"
    """Judges the units of a line in two parts, both under its number."""
    BUNDLES = "bundles"
    """Pays two lines as one: the second is within the first (94 and 97)."""
    INTEREST = "interest"
    """Adds interest to a line (225)."""


def told(payment: ClaimPayment, habit: Habit) -> ClaimPayment:
    """The payment as the habit has it; where it cannot be told so, as it is."""
    if not payment.paid or payment.adjustments:
        return payment
    return _TELLS[habit](payment)


def _whole(payment: ClaimPayment) -> ClaimPayment:
    off = sum((_of(line, CONTRACT) for line in payment.lines), ZERO)
    lines = tuple(
        replace(line, paid=line.paid + _of(line, CONTRACT), adjustments=_without(line, CONTRACT), amounts=())
        for line in payment.lines
    )
    return replace(payment, lines=lines, adjustments=(Adjustment("CO", CONTRACT, off),)) if off else payment


def _splits(payment: ClaimPayment) -> ClaimPayment:
    for at, line in enumerate(payment.lines):
        if line.units and line.units >= 2 and line.paid > 0:
            return replace(payment, lines=(*payment.lines[:at], *_halves(line), *payment.lines[at + 1 :]))
    return payment


def _halves(line: ServicePayment) -> tuple[ServicePayment, ServicePayment]:
    """The first unit, and the others; amounts by half, to the cent."""
    charge = (line.charge / 2).quantize(CENT)
    reasons = tuple(replace(one, amount=(one.amount / 2).quantize(CENT)) for one in line.adjustments)
    paid = charge - sum((one.amount for one in reasons), ZERO)
    first = replace(line, units=Decimal(1), charge=charge, paid=paid, adjustments=reasons, amounts=())
    rest = tuple(
        replace(one, amount=one.amount - half.amount) for one, half in zip(line.adjustments, reasons, strict=True)
    )
    others = replace(
        line, units=(line.units or Decimal(2)) - 1, charge=line.charge - charge, paid=line.paid - paid,
        adjustments=rest, amounts=(),
    )  # fmt: skip
    return first, others


def _bundles(payment: ClaimPayment) -> ClaimPayment:
    if len(payment.lines) < 2 or not all(line.paid > 0 for line in payment.lines[:2]):
        return payment
    one, within = payment.lines[:2]
    raised = Adjustment("OA", ABOVE_CHARGE, -within.charge)
    off = Adjustment("CO", CONTRACT, _of(one, CONTRACT) + within.charge)
    whole = replace(one, adjustments=(raised, off, *_without(one, CONTRACT)))
    nothing = replace(
        within, procedure=one.procedure, submitted=within.procedure, paid=ZERO, amounts=(),
        adjustments=(Adjustment("CO", WITHIN_ANOTHER, within.charge),),
    )  # fmt: skip
    return _added_up(replace(payment, lines=(whole, nothing, *payment.lines[2:])))


def _interest(payment: ClaimPayment) -> ClaimPayment:
    one = payment.lines[0]
    late = replace(
        one, paid=one.paid + PAID_LATE, adjustments=(*one.adjustments, Adjustment("OA", INTEREST, -PAID_LATE))
    )
    return _added_up(replace(payment, lines=(late, *payment.lines[1:])))


def _added_up(payment: ClaimPayment) -> ClaimPayment:
    reasons = [one for line in payment.lines for one in line.adjustments if one.group == "PR"]
    return replace(
        payment, paid=sum((line.paid for line in payment.lines), ZERO),
        patient_responsibility=sum((one.amount for one in reasons), ZERO),
    )  # fmt: skip


def _of(line: ServicePayment, reason: str) -> Decimal:
    return sum((one.amount for one in line.adjustments if (one.group, one.reason) == ("CO", reason)), ZERO)


def _without(line: ServicePayment, reason: str) -> tuple[Adjustment, ...]:
    return tuple(one for one in line.adjustments if (one.group, one.reason) != ("CO", reason))


_TELLS = {Habit.WHOLE: _whole, Habit.SPLITS: _splits, Habit.BUNDLES: _bundles, Habit.INTEREST: _interest}
