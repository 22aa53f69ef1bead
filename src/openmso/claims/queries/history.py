"""What the patients of a set of claims had done before, and what payers decided before about what claims replace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Max, Q

from openmso.claims.models.claims import Claim, ClaimLine, Decision
from openmso.claims.queries.lines import Lines, having
from openmso.claims.queries.listed import Listed
from openmso.claims.rules import payment
from openmso.claims.rules.modifiers import is_visit
from openmso.claims.rules.sheet import Line, Past
from openmso.claims.states import S
from openmso.codes.queries import fees


def before(
    rows: Sequence[Claim], lines: Mapping[int, Lines], every: Sequence[Line], listed: Listed
) -> dict[int, tuple[Past, ...]]:
    """What patients had done before, as far as a rule looks back for it; one question, and one about new patients."""
    back = having(lines, [line for line in every if _looks_back(line.code) or listed.is_limited(line)])
    first = having(lines, [line for line in every if payment.is_new_patient(line.code)])
    looking = {row.patient_id for row in rows if row.id in back}
    new = {row.patient_id for row in rows if row.id in first}
    done = ClaimLine.objects.filter(carried_to=None).exclude(claim__state__in=[S.VOIDED, S.REPLACED])
    found: dict[int, set[Past]] = defaultdict(set)
    days = [line.service_on for line in every]
    since = min(days, default=date.min) - timedelta(days=payment.MAJOR_DAYS) if days else date.min
    operated = Q(code__range=payment.PROCEDURES, service_on__gte=since)
    frequent = done.filter(Q(code__in=listed.counted) | operated, claim__patient_id__in=looking)
    visits = done.filter(claim__patient_id__in=new).values("claim__patient_id", "service_on").distinct()
    told = list(frequent.values_list("claim__patient_id", "code", "service_on")) if looking else []
    follow_up = fees.follow_up({(code, day) for _, code, day in told if payment.is_procedure(code)})
    for patient, code, day in told:
        found[patient].add(Past(code, day, follow_up.get((code, day), 0)))
    for patient, day in visits.values_list("claim__patient_id", "service_on") if new else ():
        found[patient].add(Past("", day))
    return {patient: tuple(sorted(past, key=lambda one: one.service_on)) for patient, past in found.items()}


def _looks_back(code: str) -> bool:
    return is_visit(code) or payment.is_procedure(code)


def decided(rows: Sequence[Claim]) -> dict[int, date]:
    """When the payer last decided about the claims that some replace."""
    replaced = {row.original_id for row in rows if row.frequency == "7" and row.original_id}
    if not replaced:
        return {}
    last = Decision.objects.filter(claim_id__in=replaced).values("claim_id").annotate(last=Max("decided_on"))
    return {row["claim_id"]: row["last"] for row in last}
