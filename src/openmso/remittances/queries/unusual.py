"""What a remittance says beside plain payments and denials, for those who look at it by rules: a question each."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet, Sum

from openmso.claims.queries import decided
from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Accounts
from openmso.remittances.contracts import PatientPart, Unusual
from openmso.remittances.models.payments import (
    Adjustment,
    Application,
    ClaimPayment,
    LineApplication,
    ProviderAdjustment,
    ServicePayment,
    Unapplied,
)
from openmso.remittances.queries.lines import FIRST_PAYER, is_recoded

INTEREST = "225"
"""The CARC under which a payer adds interest to a claim; beside claims it is a PLB in the account of interest."""
DEDUCTIBLE, COINSURANCE, COPAY = "1", "2", "3"


def taken_back_alone(*, practice: int, remittance: str) -> list[Unusual]:
    """Reversals (CLP02 22) of a payment that we do not have; what they take."""
    found = _payments(practice, remittance).filter(is_reversal=True, reverses=None)
    return _whole(practice, found)


def taken_back_by(*, practice: int, remittance: str) -> list[str]:
    """The payments of before that a remittance takes back, by their public ids."""
    found = _payments(practice, remittance).filter(is_reversal=True).exclude(reverses=None)
    return list(found.values_list("reverses__public_id", flat=True))


def unmatched(*, practice: int, remittance: str) -> list[Unusual]:
    """Payments that fit no claim of the practice and wait for one."""
    waiting = Unapplied.objects.filter(practice_id=practice)
    found = _payments(practice, remittance).filter(is_reversal=False, pk__in=waiting.values("payment_id"))
    return _whole(practice, found)


def recoded(*, practice: int, remittance: str) -> list[Unusual]:
    """Lines for which the payer judged another code than was billed, whether it says so (SVC06) or not."""
    payments = {one.pk: one for one in _payments(practice, remittance).filter(is_reversal=False)}
    of_these = {"practice_id": practice, "payment_id__in": payments}
    claims = _claims(practice, payments)
    placed = LineApplication.objects.filter(**of_these).values_list("payment_id", "number", "claim_line_id")
    ours = {(payment, number): line for payment, number, line in placed}
    codes = decided.codes_of(ours.values())
    billed = {place: codes[line] for place, line in ours.items()}
    return [
        _unusual(
            payments[row.payment_id], row.paid_amount, claim=claims.get(row.payment_id), line=row.number, code=row.code,
            submitted=row.submitted_code or billed[row.payment_id, row.number], service_on=row.service_on,
            remarks=_codes(row.remarks),
        )
        for row in ServicePayment.objects.filter(**of_these).order_by("payment_id", "number")
        if is_recoded(row, billed.get((row.payment_id, row.number), row.code))
    ]  # fmt: skip


def interest(*, practice: int, remittance: str) -> list[Unusual]:
    """What was paid (charged: below zero) as interest, with a claim or beside claims."""
    payments = {one.pk: one for one in _payments(practice, remittance)}
    claims = _claims(practice, payments)
    said = Adjustment.objects.filter(practice_id=practice, payment_id__in=payments, reason=INTEREST)
    found = [
        _unusual(payments[one.payment_id], -one.amount, claim=claims.get(one.payment_id), line=one.line,
                 reasons=(f"{one.group}-{one.reason}",))
        for one in said.order_by("payment_id", "line", "place")
    ]  # fmt: skip
    beside = ProviderAdjustment.objects.filter(
        practice_id=practice, remittance__public_id=remittance, account=Accounts.PAYER_INTEREST
    ).select_related("remittance")
    return found + [
        Unusual(one.public_id, one.remittance.payer_id, one.remittance.payer_name, Money(-one.amount),
                reasons=(f"PLB-{one.code}",))
        for one in beside.order_by("position")
    ]  # fmt: skip


def patient_parts(*, practice: int, remittance: str) -> list[PatientPart]:
    """What first payers say that patients owe, claim by claim."""
    wanted = _payments(practice, remittance).filter(is_reversal=False, payer_rank__in=FIRST_PAYER, patient_amount__gt=0)
    payments = {one.pk: one for one in wanted}
    claims = _claims(practice, payments)
    parts: dict[tuple[int, str], Money] = defaultdict(lambda: ZERO)
    said = Adjustment.objects.filter(practice_id=practice, payment_id__in=payments, group="PR")
    for payment, reason, amount in said.values_list("payment_id", "reason").annotate(sum=Sum("amount")):
        parts[payment, reason] += Money.of(amount)
    return [
        PatientPart(
            one.public_id, one.remittance.payer_id, one.remittance.payer_name, claims[pk], parts[pk, DEDUCTIBLE],
            parts[pk, COINSURANCE], parts[pk, COPAY], Money(one.patient_amount), one.service_on,
        )
        for pk, one in payments.items() if pk in claims
    ]  # fmt: skip


def _payments(practice: int, remittance: str) -> QuerySet[ClaimPayment]:
    found = ClaimPayment.objects.filter(practice_id=practice, remittance__public_id=remittance, applies=True)
    return found.select_related("remittance").order_by("position")


def _claims(practice: int, payments: dict[int, ClaimPayment]) -> dict[int, int]:
    """The claim of each payment that was posted to one."""
    found = Application.objects.filter(practice_id=practice, payment_id__in=payments)
    return dict(found.values_list("payment_id", "claim_id"))


def _whole(practice: int, found: QuerySet[ClaimPayment]) -> list[Unusual]:
    payments = {one.pk: one for one in found}
    claims = _claims(practice, payments)
    return [
        _unusual(one, one.paid_amount, claim=claims.get(pk), service_on=one.service_on,
                 remarks=_codes(one.remarks))
        for pk, one in payments.items()
    ]  # fmt: skip


def _unusual(one: ClaimPayment, amount: Any, **more: Any) -> Unusual:
    paid = one.remittance
    return Unusual(one.public_id, paid.payer_id, paid.payer_name, Money(amount), **more)


def _codes(remarks: str) -> tuple[str, ...]:
    return tuple(filter(None, remarks.split(",")))
