"""Questions about what payers have said of patients' therapy of a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import F

from openmso.eligibility.models import Benefit, Check
from openmso.eligibility.queries import checks
from openmso.eligibility.rules import therapy
from openmso.eligibility.rules.therapy import Therapy
from openmso.eligibility.states import S

Year = tuple[int, int, str]
"""A patient, a calendar year, and the discipline (`PT-SLP`, `OT`)."""


def told(patients: Collection[int], payers: Collection[int]) -> dict[Year, tuple[Therapy, datetime]]:
    """What the latest answer of a payer says of each patient, year and discipline, and when it came."""
    rows = Benefit.objects.filter(
        answered_check__patient_id__in=patients, answered_check__payer_id__in=payers, answered_check__state=S.ANSWERED,
        answer=F("answered_check__answer"), services__overlap=list(therapy.DISCIPLINES), amount__isnull=False,
    ).select_related("answered_check")  # fmt: skip
    by_check: dict[Check, list[Benefit]] = defaultdict(list)
    for row in rows.order_by("answered_check__answered_at", "answered_check_id", "position"):
        by_check[row.answered_check].append(row)
    found: dict[Year, tuple[Therapy, datetime]] = {}
    for check, benefits in by_check.items():
        for benefit in benefits:
            year = (benefit.starts_on or check.asked_for).year
            for one in therapy.of([checks.told_of(benefit)]):
                if check.answered_at is not None:
                    found[check.patient_id, year, one.discipline] = (one, check.answered_at)
    return found
