"""How claims and their lines stand after payers have decided: for those who answer denials, set-wise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Count, F, Min, Sum

from openmso.claims.contracts import Circumstances, DecidedClaim, DecidedLine
from openmso.claims.models.claims import Claim, ClaimLine, Decision
from openmso.claims.queries import first_asked
from openmso.claims.states import S
from openmso.kit.money import Money


def of_claims(*, practice: int, claims: Collection[int]) -> dict[int, DecidedClaim]:
    """Claims of a practice by their keys, with their lines: two questions for any number of them."""
    rows = Claim.objects.filter(practice_id=practice, pk__in=list(claims))
    lines: defaultdict[int, list[DecidedLine]] = defaultdict(list)
    for line in ClaimLine.objects.filter(practice_id=practice, claim_id__in=list(claims)).order_by("number"):
        lines[line.claim_id].append(_line(line))
    return {
        row.pk: DecidedClaim(
            id=row.pk, public_id=row.public_id, control=row.control, patient_id=row.patient_id,
            payer_id=row.payer_id, clinician_id=row.rendering_id, biller_id=row.billing_provider_id,
            first_sent_on=row.first_sent_on,
            ordinal=row.ordinal, frequency=row.frequency, original_id=row.original_id, state=S(row.state),
            service_on=row.service_on, payer_control=row.payer_control, charged=Money.of(row.total_amount),
            paid=Money.of(row.paid_amount), adjusted=Money.of(row.adjusted_amount),
            patient=Money.of(row.patient_amount), lines=tuple(lines[row.pk]),
        )
        for row in rows
    }  # fmt: skip


def steps_of(*, practice: int, claims: Collection[int]) -> dict[int, list[tuple[Money, Money]]]:
    """The decisions about claims in their order: what each paid, and all that it decided (denials decide nothing)."""
    rows = Decision.objects.filter(practice_id=practice, claim_id__in=list(claims)).order_by()
    whole = Sum(F("paid_amount") + F("adjusted_amount") + F("patient_amount"))
    found: defaultdict[int, list[tuple[Money, Money]]] = defaultdict(list)
    summed = rows.values("claim_id", "source_id").annotate(first=Min("pk"), paid=Sum("paid_amount"), whole=whole)
    for row in summed.order_by("first"):
        found[row["claim_id"]].append((Money.of(row["paid"]), Money.of(row["whole"])))
    return dict(found)


def charges_of(*, practice: int, claim: int) -> dict[int, int]:
    """The charge of each line, by its number, that a claim asks for now."""
    lines = ClaimLine.objects.filter(practice_id=practice, claim_id=claim, carried_to=None)
    return dict(lines.values_list("number", "charge_id"))


def sums_of(lines: Collection[int]) -> dict[int, tuple[Money, Money, Money]]:
    """What was charged for lines, what payers paid of it and took off; one question for any number."""
    rows = ClaimLine.objects.filter(pk__in=list(lines)).order_by()
    sums = rows.values_list("pk", "amount", "paid_amount", "adjusted_amount")
    return {key: (Money.of(charged), Money.of(paid), Money.of(off)) for key, charged, paid, off in sums}


def codes_of(lines: Collection[int]) -> dict[int, str]:
    """The code that was billed for some lines."""
    return dict(ClaimLine.objects.filter(pk__in=list(lines)).order_by().values_list("pk", "code"))


def lines_of(*, practice: int, claims: Collection[int]) -> dict[int, list[tuple[int, int, Money]]]:
    """The lines of claims, by the claim: key, number, charge; in their order."""
    found: defaultdict[int, list[tuple[int, int, Money]]] = defaultdict(list)
    rows = ClaimLine.objects.filter(practice_id=practice, claim_id__in=list(claims)).order_by("claim_id", "number")
    for claim, key, number, amount in rows.values_list("claim_id", "pk", "number", "amount"):
        found[claim].append((key, number, Money.of(amount)))
    return dict(found)


def claims_of(lines: Collection[int]) -> list[int]:
    """The claims that some lines stand on."""
    return list(ClaimLine.objects.filter(pk__in=list(lines)).order_by().values_list("claim_id", flat=True).distinct())


def first_sent(*, first: date, last: date) -> dict[int, tuple[int, Money]]:
    """Of each practice in scope how many claims first left for a first payer in some days, and what they charged."""
    found = Claim.objects.filter(first_asked.asked(), frequency="1", first_sent_on__range=(first, last)).order_by()
    rows = found.values_list("practice_id").annotate(n=Count("pk"), charged=Sum("total_amount"))
    return {practice: (n, Money.of(charged or 0)) for practice, n, charged in rows}


def lines_sent(*, payers: Collection[int], codes: Collection[str], since: date) -> dict[tuple[int, str], int]:
    """How many lines of first claims have left since a day, of each payer and code that are asked for."""
    found = ClaimLine.objects.filter(
        claim__frequency="1", claim__first_sent_on__gte=since, claim__payer_id__in=payers, code__in=codes
    ).order_by()
    return {(payer, code): n for payer, code, n in found.values_list("claim__payer_id", "code").annotate(n=Count("pk"))}


def circumstances(lines: Collection[int]) -> list[Circumstances]:
    """Under which circumstances lines were asked for: two questions for any number of them."""
    rows = list(
        ClaimLine.objects.filter(pk__in=list(lines)).values_list(
            "pk", "claim_id", "pointers", "place_of_service", "claim__place_of_service", "claim__diagnoses",
            "claim__rendering__npi",
        )
    )  # fmt: skip
    beside: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for pk, claim, code in ClaimLine.objects.filter(claim_id__in={row[1] for row in rows}).values_list(
        "pk", "claim_id", "code"
    ):
        beside[claim][pk] = code
    return [
        Circumstances(
            next((diagnoses[at - 1] for at in pointers[:1] if at <= len(diagnoses)), ""), place or whole, npi or "",
            frozenset(code for other, code in beside[claim].items() if other != pk),
        )
        for pk, claim, pointers, place, whole, diagnoses, npi in rows
    ]  # fmt: skip


def _line(line: ClaimLine) -> DecidedLine:
    return DecidedLine(
        line.pk, line.charge_id, line.number, line.line_control, line.code, Money.of(line.amount),
        Money.of(line.paid_amount), Money.of(line.adjusted_amount), Money.of(line.patient_amount),
    )  # fmt: skip
