"""Claim payments of before as a payer takes them back: every amount negated, under its own group (TR3 1.10.2.8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from edi.x12.remittance.model import REVERSAL, ClaimPayment, ServicePayment
from edi.x12.values import ZERO, Adjustment, Event, Party, Procedure, Reference
from openmso.kit.errors import NotFound
from openmso.remittances.models import payments as kept
from openmso.remittances.rules.eobs import TakenBack

REVENUE_CODE = 4
"""Digits of one; codes of services have five characters."""


def payments_to_take_back(*, practice: int, payer: int, number: str) -> list[str]:
    """The payments of a payer that a number names and nobody took back yet: that of a payment (PMT-...) or a claim."""
    found = kept.ClaimPayment.objects.filter(
        practice_id=practice, remittance__payer_id=payer, is_reversal=False, applies=True
    )
    if number.startswith("PMT-"):
        found = found.filter(public_id=number)
    else:
        applied = kept.Application.objects.filter(practice_id=practice, claim_name=number)
        found = found.filter(pk__in=applied.values("payment_id"))
    gone = kept.ClaimPayment.objects.filter(practice_id=practice, reverses_id__in=found.values("pk"))
    return list(found.exclude(pk__in=gone.values("reverses_id")).order_by("pk").values_list("public_id", flat=True))


def taken_back(*, practice: int, payments: Sequence[str], trace: str, paid_on: date) -> Iterator[TakenBack]:
    """These payments with all signs turned, in the order given, as a paper of that number and day takes them back.

    Raises `NotFound`.
    """
    found = kept.ClaimPayment.objects.filter(practice_id=practice, public_id__in=payments)
    rows = {row.public_id: row for row in found}
    keys = {"practice_id": practice, "payment_id__in": [row.pk for row in rows.values()]}
    lines: dict[int, list[kept.ServicePayment]] = defaultdict(list)
    for line in kept.ServicePayment.objects.filter(**keys).order_by("number"):
        lines[line.payment_id].append(line)
    reasons: dict[tuple[int, int], list[Adjustment]] = defaultdict(list)
    for one in kept.Adjustment.objects.filter(**keys).order_by("line", "place"):
        reasons[one.payment_id, one.line].append(
            Adjustment(one.group, one.reason, -one.amount, None if one.quantity is None else -one.quantity)
        )
    claims = dict(kept.Application.objects.filter(**keys).values_list("payment_id", "claim_name"))
    back = kept.ClaimPayment.objects.filter(practice_id=practice, reverses_id__in=[row.pk for row in rows.values()])
    others = back.exclude(
        remittance__trace=trace, remittance__paid_on=paid_on
    )  # the paper itself, posted before a crash
    by = dict(others.values_list("reverses_id", "public_id"))
    for name in payments:
        if (row := rows.get(name)) is None:
            raise NotFound(f"There is no payment {name}.", field="payment")
        record = _claim(row, [_line(line, reasons) for line in lines[row.pk]], reasons[row.pk, 0])
        yield TakenBack(name, claims.get(row.pk, ""), record, by.get(row.pk, ""))


def _claim(row: kept.ClaimPayment, lines: list[ServicePayment], reasons: list[Adjustment]) -> ClaimPayment:
    every = [*reasons, *(one for line in lines for one in line.adjustments)]
    person = Party("QC", row.patient_last, row.patient_first, is_person=True)
    member = Party("QC", row.patient_last, row.patient_first, is_person=True, id_qualifier="MI", id=row.member_id)
    return ClaimPayment(
        row.control, REVERSAL, -row.charge_amount, -row.paid_amount,
        patient_responsibility=sum((one.amount for one in every if one.group == "PR"), ZERO),
        filing_code=row.filing_code, payer_control=row.payer_control, frequency="1", group="1",
        parties=(member if row.member_id else person,), adjustments=tuple(reasons), lines=tuple(lines),
        dates=(Event("232", row.service_on),) if row.service_on and not lines else (),
    )  # fmt: skip


def _line(line: kept.ServicePayment, reasons: dict[tuple[int, int], list[Adjustment]]) -> ServicePayment:
    return ServicePayment(
        _procedure(line.code, line.modifiers), -line.charge_amount, -line.paid_amount, units=line.units,
        submitted=_procedure(line.submitted_code, line.submitted_modifiers) if line.submitted_code else None,
        dates=(Event("472", line.service_on),) if line.service_on else (),
        adjustments=tuple(reasons[line.payment_id, line.number]),
        references=(Reference("6R", line.line_control),) if line.line_control else (),
    )  # fmt: skip


def _procedure(code: str, modifiers: str) -> Procedure:
    kind = "NU" if len(code) == REVENUE_CODE and code.isdigit() else "HC"
    return Procedure(kind, code, tuple(filter(None, modifiers.split(","))))
