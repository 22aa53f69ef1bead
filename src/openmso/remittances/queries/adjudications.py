"""What stands of each payer's decisions about claims, added up over all its payments, as a next payer is told it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal

from openmso.claims.contracts import EarlierDecision, LineDecision, Reduction
from openmso.remittances.models.payments import Adjustment, Application, ClaimPayment, LineApplication, ServicePayment

ONE = Decimal(1)
Sums = dict[tuple[str, str], tuple[Decimal, Decimal | None]]


def standing(*, practice: int, claim_ids: Collection[int]) -> dict[int, list[EarlierDecision]]:
    """The decisions about some claims, one of each payer, in the order in which they were asked.

    Reversals and corrections are added up: what was taken back is gone. A payer of whom nothing stands is left out.
    """
    applied = dict(
        Application.objects.filter(practice_id=practice, claim_id__in=claim_ids).values_list("payment_id", "claim_id")
    )
    payments = list(
        ClaimPayment.objects.filter(practice_id=practice, pk__in=applied, applies=True)
        .select_related("remittance")
        .order_by("pk")
    )
    by_payment = _Parts(practice, [one.pk for one in payments])
    grouped: dict[tuple[int, str], list[ClaimPayment]] = defaultdict(list)
    for one in payments:
        grouped[applied[one.pk], one.remittance.payer_key].append(one)
    found: dict[int, list[EarlierDecision]] = defaultdict(list)
    for (claim, _), mine in grouped.items():
        if sum(-1 if one.is_reversal else 1 for one in mine) > 0:
            found[claim].append(_decision(mine, by_payment))
    return {claim: sorted(decisions, key=lambda one: one.rank) for claim, decisions in found.items()}


class _Parts:
    """Lines, reasons and places of payments, asked for all of them at once."""

    def __init__(self, practice: int, payments: Collection[int]) -> None:
        mine = {"practice_id": practice, "payment_id__in": payments}
        self.lines: dict[int, list[ServicePayment]] = defaultdict(list)
        for line in ServicePayment.objects.filter(**mine).order_by("payment_id", "number"):
            self.lines[line.payment_id].append(line)
        self.reasons: dict[tuple[int, int], list[Adjustment]] = defaultdict(list)
        for one in Adjustment.objects.filter(**mine).order_by("payment_id", "line", "place"):
            self.reasons[one.payment_id, one.line].append(one)
        placed = LineApplication.objects.filter(**mine).values_list("payment_id", "number", "claim_line_number")
        self.placed = {(payment, number): line for payment, number, line in placed}


def _decision(mine: list[ClaimPayment], parts: _Parts) -> EarlierDecision:
    last = next(one for one in reversed(mine) if not one.is_reversal)
    paid: dict[tuple[int, str, str], Decimal] = defaultdict(Decimal)
    sums: dict[tuple[int, str, str], Sums] = defaultdict(dict)
    units: dict[tuple[int, str, str], Decimal] = {}
    unplaced = 0
    for one in mine:
        for line in parts.lines[one.pk]:
            number = parts.placed.get((one.pk, line.number))
            if number is None:
                unplaced += 0 if one.is_reversal else 1
                continue
            key = (number, line.code, line.modifiers)
            paid[key] += line.paid_amount
            units[key] = line.units if line.units is not None else ONE
            _add(sums[key], parts.reasons[one.pk, line.number])
    own: Sums = {}
    for one in mine:
        _add(own, parts.reasons[one.pk, 0])
    lines = tuple(
        LineDecision(number, code, tuple(m for m in modifiers.split(",") if m), units[number, code, modifiers],
                     amount, _reductions(sums[number, code, modifiers]))
        for (number, code, modifiers), amount in sorted(paid.items())
        if amount or _reductions(sums[number, code, modifiers])
    )  # fmt: skip
    return EarlierDecision(
        rank=max(one.payer_rank for one in mine) or 1, payer_key=last.remittance.payer_key,
        payer_control=last.payer_control, paid_on=last.remittance.paid_on or last.remittance.production_on,
        paid=sum((one.paid_amount for one in mine), Decimal("0.00")),
        charge=sum((one.charge_amount for one in mine), Decimal("0.00")), source=last.public_id,
        reductions=_reductions(own), lines=lines,
        remarks=tuple(code for code in last.remarks.split(",") if code), unplaced=unplaced,
    )  # fmt: skip


def _add(sums: Sums, reasons: Iterable[Adjustment]) -> None:
    for one in reasons:
        amount, quantity = sums.get((one.group, one.reason), (Decimal("0.00"), None))
        more = quantity if one.quantity is None else (quantity or Decimal(0)) + one.quantity
        sums[one.group, one.reason] = (amount + one.amount, more)


def _reductions(sums: Sums) -> tuple[Reduction, ...]:
    return tuple(
        Reduction(group, code, amount, quantity or None) for (group, code), (amount, quantity) in sums.items() if amount
    )
