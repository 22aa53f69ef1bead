"""The list of accounts by stage, made anew from what is known of them."""

from __future__ import annotations

from datetime import date

from openmso.billing.models import Chase
from openmso.billing.queries import chasing
from openmso.billing.states import Stage
from openmso.platform.tenancy.scope import atomic

AT_A_TIME = 1_000


@atomic
def refresh(*, practice: int, on: date) -> int:
    """Make the list of a practice anew; how many accounts owe something or are with an agency."""
    found = {
        patient: stand
        for patient, (facts, stand) in chasing.stands(practice=practice, on=on).items()
        if facts.owed.amount > 0 or stand.stage is Stage.AGENCY
    }
    Chase.objects.filter(practice_id=practice).exclude(patient_id__in=list(found)).delete()
    Chase.objects.bulk_create(
        [
            Chase(
                practice_id=practice, patient_id=patient, stage=one.stage, stage_on=one.on, next=one.next or "",
                due_on=one.due_on, words=one.words[:300],
            )
            for patient, one in sorted(found.items())
        ],
        update_conflicts=True, unique_fields=["practice", "patient"],
        update_fields=["stage", "stage_on", "next", "due_on", "words"], batch_size=AT_A_TIME,
    )  # fmt: skip
    return len(found)
