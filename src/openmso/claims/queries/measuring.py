"""What happened to each claim of a practice, as whole columns: for those who measure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import F, Q

from openmso.claims.contracts import ClaimMeasure
from openmso.claims.models.acknowledgements import ClaimAnswer
from openmso.claims.models.claims import Claim, Decision
from openmso.claims.states import S
from openmso.platform.tenancy import queries as tenancy

AT_A_TIME = 2_000


def claims(practice: int) -> Iterator[ClaimMeasure]:
    """Every claim of a practice, each kind of claim and each state."""
    zone = ZoneInfo(tenancy.zone(practice))
    answers = ClaimAnswer.objects.filter(practice_id=practice, claim__isnull=False).exclude(acknowledgement__kind="277")
    said = dict(answers.values("claim_id").annotate(no=BoolOr(Q(is_accepted=False))).values_list("claim_id", "no"))
    rows = Claim.objects.filter(practice_id=practice).values_list(
        "pk", "payer_id", "rendering_id", "ordinal", "frequency", "state", "state_at", "service_on", "built_at",
        "first_sent_on", "version", "total_amount", "open_amount",
    )  # fmt: skip
    for key, payer, clinician, ordinal, frequency, state, moved, served, built, sent, version, total, left in (
        rows.iterator(chunk_size=AT_A_TIME)
    ):  # fmt: skip
        stands, on = S(state), moved.astimezone(zone).date()
        yield ClaimMeasure(
            key, payer, clinician, ordinal, frequency, stands, served, built.astimezone(zone).date(), sent,
            on if stands in {S.REPLACED, S.VOIDED} else None, on if stands in {S.PAID, S.CLOSED} else None, version,
            total, left, key in said, bool(said.get(key)),
        )  # fmt: skip


def decisions(practice: int) -> Iterator[tuple[int, date, Decimal, Decimal]]:
    """What payers decided, in order: claim, day, what left the insurer's debt, and the patient's part of that."""
    rows = Decision.objects.filter(practice_id=practice).order_by("claim_id", "decided_on", "pk")
    settled = F("paid_amount") + F("adjusted_amount") + F("patient_amount")
    yield from rows.values_list("claim_id", "decided_on", settled, "patient_amount").iterator(chunk_size=AT_A_TIME)
