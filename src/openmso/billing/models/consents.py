"""What patients allow."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel


class TextConsent(PracticeModel):
    """A patient allows text messages, or no longer does; the latest word holds (47 CFR 64.1200(a))."""

    temper = "journal"
    classified = classify(business="patient is_given how at by")

    patient = PracticeForeignKey("patients.Patient", db_index=False)
    is_given = models.BooleanField()
    how = models.CharField(max_length=160, help_text="How they said it: on a form, on the telephone, on line")
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(how=""), name="consents_say_how_they_were_given"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "patient", "-id"], name="text_consent_by_patient")]
