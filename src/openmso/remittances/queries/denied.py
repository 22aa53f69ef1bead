"""What payers left open, line by line, for those who answer denials: a few questions for any number of claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from django.db.models import QuerySet

from openmso.kit.money import Money
from openmso.remittances.contracts import AdjustmentRow, DeniedLine, Effect, Outcome, Reason, RemittanceState
from openmso.remittances.models.files import Remittance
from openmso.remittances.models.payments import Adjustment, Application, ClaimPayment, LineApplication, ServicePayment
from openmso.remittances.rules import reasons as known


def reasons() -> Mapping[str, Reason]:
    """The reason codes we know, by code."""
    return known.reasons()


def words_of(code: str) -> str:
    """What we call a reason; an unknown one is named by its code."""
    return known.words_of(code)


def of_remittance(*, practice: int, remittance: str) -> list[DeniedLine]:
    """What a remittance left open, in the order of its claims; what was posted to no claim is left out."""
    return list(_lines(practice, ClaimPayment.objects.filter(remittance__public_id=remittance)))


def of_payment(*, practice: int, payment: str) -> list[DeniedLine]:
    """What one claim payment left open."""
    return list(_lines(practice, ClaimPayment.objects.filter(public_id=payment)))


def claims_of(*, practice: int, remittance: str = "", payment: str = "") -> list[int]:
    """The keys of the claims that a remittance, or one payment, was posted to."""
    found = Application.objects.filter(practice_id=practice)
    if payment:
        found = found.filter(payment__public_id=payment)
    else:
        found = found.filter(payment__remittance__public_id=remittance)
    return list(found.order_by("claim_id").values_list("claim_id", flat=True).distinct())


def taken_back(*, practice: int, remittance: str) -> list[int]:
    """The keys of the payments that a remittance takes back (CLP02 22)."""
    found = ClaimPayment.objects.filter(practice_id=practice, remittance__public_id=remittance, is_reversal=True)
    return list(found.exclude(reverses=None).values_list("reverses_id", flat=True))


def _lines(practice: int, payments: QuerySet[ClaimPayment]) -> Iterator[DeniedLine]:
    wanted = payments.filter(practice_id=practice, denied_amount__gt=0, is_reversal=False, applies=True)
    held = {one.pk: one for one in wanted.select_related("remittance").order_by("position")}
    of_these = {"practice_id": practice, "payment_id__in": list(held)}
    claims = dict(Application.objects.filter(**of_these).values_list("payment_id", "claim_id"))
    ours = {
        (payment, number): line
        for payment, number, line in LineApplication.objects.filter(**of_these).values_list(
            "payment_id", "number", "claim_line_id"
        )
    }
    why: defaultdict[tuple[int, int], list[AdjustmentRow]] = defaultdict(list)
    for one in Adjustment.objects.filter(**of_these, effect=Effect.DENIED).order_by("-amount", "place"):
        why[one.payment_id, one.line].append(
            AdjustmentRow(one.group, one.reason, known.words_of(one.reason), Money(one.amount), Effect.DENIED)
        )
    lines: defaultdict[int, list[ServicePayment]] = defaultdict(list)
    for line in ServicePayment.objects.filter(**of_these, denied_amount__gt=0).order_by("payment_id", "number"):
        lines[line.payment_id].append(line)
    for pk, payment in held.items():
        if pk not in claims:
            continue
        of_claim = payment.denied_amount - sum(line.denied_amount for line in lines[pk])
        if of_claim > 0:
            yield _told(payment, None, claims[pk], None, Money(of_claim), tuple(why[pk, 0]))
        for line in lines[pk]:
            reasons_ = tuple(why[pk, line.number])
            yield _told(payment, line, claims[pk], ours.get((pk, line.number)), Money(line.denied_amount), reasons_)


def _told(
    payment: ClaimPayment, line: ServicePayment | None, claim: int, claim_line: int | None, denied: Money,
    reasons_: tuple[AdjustmentRow, ...],
) -> DeniedLine:  # fmt: skip
    said, paid = line or payment, payment.remittance
    remarks = ",".join(filter(None, (line.remarks if line else "", payment.remarks)))
    return DeniedLine(
        payment=payment.pk, payment_name=payment.public_id, remittance=paid.public_id, claim=claim,
        claim_line=claim_line, claim_charge=Money(payment.charge_amount),
        is_whole_claim=payment.outcome == Outcome.DENIED, number=line.number if line else 0, payer=paid.payer_id,
        payer_name=paid.payer_name,
        payer_rank=payment.payer_rank, answered_on=paid.paid_on or paid.posted_on,
        service_on=said.service_on or payment.service_on, code=(line.submitted_code or line.code) if line else "",
        modifiers=line.modifiers if line else "", charge=Money(said.charge_amount),
        paid=Money(said.paid_amount), denied=denied,
        remarks=tuple(dict.fromkeys(remarks.split(","))) if remarks else (), reasons=reasons_,
    )  # fmt: skip


def remittances_since(day: date) -> list[tuple[int, str]]:
    """The posted remittances of the practices in scope from an accounting day on, in order: practice and public id."""
    found = Remittance.objects.filter(state=RemittanceState.POSTED, posted_on__gte=day).order_by("posted_on", "pk")
    return list(found.values_list("practice_id", "public_id"))


def answered(*, since: date, until: date) -> tuple[int, int]:
    """Answers of first payers in some accounting days, and those among them that paid nothing for a reason that denies.

    Duplicates (CARC 18) are neither.
    """
    found = ClaimPayment.objects.filter(
        applies=True, is_reversal=False, payer_rank__in=(0, 1),
        remittance__in=Remittance.objects.filter(state=RemittanceState.POSTED, posted_on__range=(since, until)),
    )  # fmt: skip
    zero = found.filter(outcome=Outcome.DENIED)
    again = Adjustment.objects.filter(payment__in=zero, reason=known.DUPLICATE).values("payment_id").distinct().count()
    return found.count() - again, zero.count() - again
