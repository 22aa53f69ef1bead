"""Who allows text messages: the latest word of each patient holds."""

from __future__ import annotations

from collections.abc import Collection

from openmso.billing.contracts import ConsentRow
from openmso.billing.models import TextConsent


def texts_allowed(practice: int, patients: Collection[int]) -> set[int]:
    """The patients of these who allow text messages."""
    rows = TextConsent.objects.filter(practice_id=practice, patient_id__in=list(patients)).order_by("pk")
    latest = dict(rows.values_list("patient_id", "is_given"))
    return {patient for patient, is_given in latest.items() if is_given}


def of_patient(*, practice: int, patient: int) -> ConsentRow | None:
    """What a patient said last about text messages; none where they were never asked."""
    row = TextConsent.objects.filter(practice_id=practice, patient_id=patient).order_by("-pk").first()
    return ConsentRow(row.is_given, row.how, row.at, row.by) if row else None
