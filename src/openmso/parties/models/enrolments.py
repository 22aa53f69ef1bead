"""Payers' enrolment of clinicians, and of practices: from when to when a payer takes somebody's services."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.parties.models.clinicians import Clinician
from openmso.parties.models.payers import Payer
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class PayerEnrolment(PracticeModel):
    """A payer enrolled a clinician (Medicare: reassignment; others: participation), or the practice itself."""

    classified = classify(business="payer number starts_on ends_on recorded_at recorded_by")

    public_id = PublicIdField("PEN")
    clinician = PracticeForeignKey(Clinician, null=True, db_index=False, help_text="Nothing: the practice itself")
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=30, blank=True, help_text="What the payer calls it: PTAN, provider id")
    starts_on = models.DateField(help_text="The first day of which it takes services")
    ends_on = models.DateField(null=True, help_text="The first day it takes none of")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="payer_enrolments_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "clinician", "payer"], condition=Q(ends_on=None),
                name="a_clinician_is_enrolled_once_with_a_payer",
            ),
            models.UniqueConstraint(
                fields=["practice", "payer"], condition=Q(ends_on=None, clinician=None),
                name="a_practice_is_enrolled_once_with_a_payer",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="payer_enrolments_end_after_they_begin"
            ),
        ]  # fmt: skip
