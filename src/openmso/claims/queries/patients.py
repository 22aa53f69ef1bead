"""What payers left to patients, line by line: two questions for any number of patients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db.models import Max, Q, Sum

from openmso.claims.contracts import PatientPart
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.states import S
from openmso.kit.errors import NotFound
from openmso.kit.money import Money

ZERO = Decimal("0.00")


def parts(
    *, practice: int, patients: Collection[int] | None = None, claims: Collection[int] = ()
) -> list[PatientPart]:  # fmt: skip
    """The patients' parts of the claims of a practice (of some patients), and of `claims` even where it is nothing.

    What a claim leaves to the patient beyond its lines comes as line 0. Oldest service first.
    """
    rows = Claim.objects.filter(~Q(patient_amount=0) | Q(pk__in=list(claims)), practice_id=practice)
    if patients is not None:
        rows = rows.filter(patient_id__in=list(patients))
    found = {row.pk: row for row in rows.order_by("service_on", "pk")}
    lines: defaultdict[int, list[ClaimLine]] = defaultdict(list)
    for line in ClaimLine.objects.filter(practice_id=practice, claim_id__in=list(found)).order_by("number"):
        lines[line.claim_id].append(line)
    told = []
    for key, row in found.items():
        rest = row.patient_amount - sum((line.patient_amount for line in lines[key]), ZERO)
        told += [_part(row, line, line.patient_amount) for line in lines[key]]
        told.append(_part(row, None, rest))
    return told


def served(patient: int, payer: int) -> dict[str, date]:
    """The last day of each code that a payer was asked for, of a patient; what was voided or taken back is left out."""
    lines = ClaimLine.objects.filter(claim__patient_id=patient, claim__payer_id=payer, carried_to=None)
    found = lines.exclude(claim__state__in=[S.VOIDED, S.REPLACED]).order_by().values_list("code")
    return dict(found.annotate(last=Max("service_on")))


def of_claims(*, practice: int, claims: Collection[str]) -> set[int]:
    """Whose claims these are, by their public ids."""
    rows = Claim.objects.filter(practice_id=practice, public_id__in=list(claims))
    return set(rows.values_list("patient_id", flat=True))


def whose(claim: str) -> tuple[int, int]:
    """The practice and the patient of a claim; raises `NotFound`."""
    found = Claim.objects.filter(public_id=claim).values_list("practice_id", "patient_id").first()
    if found is None:
        raise NotFound(f"There is no claim {claim}.")
    return found


def billed_themselves(*, practice: int, visits: Collection[int]) -> dict[int, Money]:
    """What patients were billed for visits for which no payer is asked, by visit: the most that one provider billed."""
    rows = Claim.objects.filter(practice_id=practice, visit_id__in=visits, payer__isnull=True, sent_at__isnull=False)
    bills = rows.exclude(state__in=[S.VOIDED, S.REPLACED]).order_by().values_list("visit_id", "billing_provider_id")
    found: dict[int, Money] = {}
    for visit, _, amount in bills.annotate(sum=Sum("patient_amount")):
        found[visit] = max(found.get(visit, Money.of(0)), Money.of(amount))
    return found


def self_pay(practice: int) -> tuple[Money, Money]:
    """What patients were billed for claims that no payer is asked for, and how much of it is revenue in the books."""
    rows = Claim.objects.filter(practice_id=practice, payer__isnull=True, sent_at__isnull=False)
    sums = rows.aggregate(billed=Sum("total_amount"), revenue=Sum("recognised_amount"))
    return Money.of(sums["billed"] or 0), Money.of(sums["revenue"] or 0)


def _part(row: Claim, line: ClaimLine | None, amount: Decimal) -> PatientPart:
    return PatientPart(
        row.pk, row.public_id, row.patient_id, row.payer_id, row.billing_provider_id,
        line.service_on if line else row.service_on, line.pk if line else None, line.number if line else 0,
        line.code if line else "", Money.of(amount),
    )  # fmt: skip
