"""What payers decided about lines of claims, all their payments together: for whoever compares it with a contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from openmso.claims.queries import decided
from openmso.kit.money import ZERO, Money
from openmso.remittances.contracts import JudgedLine, PayerAnswer
from openmso.remittances.models.payments import Adjustment, Application, ClaimPayment, LineApplication, ServicePayment

FIRST_PAYER = (0, 1)
"""Ranks of the payer that is asked first; 0 does not say."""
SEQUESTRATION = "253"


def of_remittance(*, practice: int, remittance: str) -> list[JudgedLine]:
    """The lines of the claims that a remittance decided, as the first payer's decisions stand with it.

    Payments, reversals and corrections of one line are summed; set-wise, for a remittance of any size.
    """
    touched = Application.objects.filter(practice_id=practice, payment__remittance__public_id=remittance)
    claims = dict(touched.values_list("claim_id", "claim_name"))
    mine = Application.objects.filter(practice_id=practice, claim_id__in=claims)
    payments = {
        row.pk: row
        for row in ClaimPayment.objects.filter(
            practice_id=practice, pk__in=mine.values("payment_id"), payer_rank__in=FIRST_PAYER, applies=True
        ).only("pk", "public_id", "is_reversal")
    }
    claim_of = dict(mine.values_list("payment_id", "claim_id"))
    services = {
        (row.payment_id, row.number): row
        for row in ServicePayment.objects.filter(practice_id=practice, payment_id__in=payments)
    }
    reasons = _reasons(practice, payments)
    found: dict[int, JudgedLine] = {}
    applied = LineApplication.objects.filter(practice_id=practice, payment_id__in=payments)
    for one in applied.order_by("payment_id", "number"):
        service, payment = services[one.payment_id, one.number], payments[one.payment_id]
        claim = claim_of[one.payment_id]
        why = reasons.get((one.payment_id, one.number), {})
        before = found.get(one.claim_line_id)
        kept = sum((amount for reason, amount in why.items() if reason.endswith(f"-{SEQUESTRATION}")), ZERO)
        found[one.claim_line_id] = JudgedLine(
            claim, claims[claim], one.claim_line_id, one.claim_line_number, payment.public_id,
            (before.paid if before else ZERO) + Money.of(service.paid_amount),
            (before.patient if before else ZERO) + Money.of(service.patient_amount),
            (before.denied if before else ZERO) + Money.of(service.denied_amount), (before.kept if before else ZERO)
            + kept, before.reasons if before and payment.is_reversal else frozenset(why),
            bool(service.submitted_code) and service.submitted_code != service.code,
        )  # fmt: skip
    return list(found.values())


def kept(*, practice: int, claim_lines: Collection[int]) -> dict[int, Money]:
    """What first payers kept of their payments by sequestration, by claim line; one question for any number."""
    payments = Application.objects.filter(
        practice_id=practice, claim_id__in=decided.claims_of(claim_lines), payment__payer_rank__in=FIRST_PAYER,
        payment__applies=True,
    )  # fmt: skip
    rows = LineApplication.objects.filter(
        practice_id=practice, payment_id__in=payments.values("payment_id"), claim_line_id__in=list(claim_lines)
    ).values_list("payment_id", "number", "claim_line_id")
    line_of = {(payment, number): line for payment, number, line in rows}
    told = Adjustment.objects.filter(
        practice_id=practice, payment_id__in={payment for payment, _ in line_of}, reason=SEQUESTRATION, line__gt=0
    )
    found: dict[int, Money] = defaultdict(lambda: ZERO)
    for payment, number, amount in told.values_list("payment_id", "line", "amount"):
        if (line := line_of.get((payment, number))) is not None:
            found[line] += Money.of(amount)
    return dict(found)


def answers(*, practice: int, payments: Collection[str]) -> dict[str, PayerAnswer]:
    """How a payer finds the answers that it gave, by the public ids of its claim payments."""
    rows = ClaimPayment.objects.filter(practice_id=practice, public_id__in=list(payments)).select_related("remittance")
    return {
        row.public_id: PayerAnswer(
            row.control, row.payer_control, " ".join(filter(None, (row.patient_first, row.patient_last))),
            row.member_id, row.remittance.trace, row.remittance.paid_on, row.remittance.payee_npi,
            row.remittance.payee_tin,
        )
        for row in rows
    }  # fmt: skip


def _reasons(practice: int, payments: Collection[int]) -> dict[tuple[int, int], dict[str, Money]]:
    found: dict[tuple[int, int], dict[str, Money]] = defaultdict(dict)
    rows = Adjustment.objects.filter(practice_id=practice, payment_id__in=payments, line__gt=0)
    for payment, line, group, reason, amount in rows.values_list("payment_id", "line", "group", "reason", "amount"):
        key = f"{group}-{reason}"
        found[payment, line][key] = found[payment, line].get(key, ZERO) + Money.of(amount)
    return found
