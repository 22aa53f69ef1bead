"""Business associate agreements: without one in force nothing opens patient data (45 CFR 164.504(e))."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.agreements.models.agreement import SHA256
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeModel, PublicIdField


class BusinessAssociateAgreement(PracticeModel):
    """A practice's business associate agreement with the MSO."""

    classified = classify(
        business="starts_on ends_on ended_on ended_why incident_notice_hours document document_sha256 recorded_at"
    )

    public_id = PublicIdField("BAA")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="As agreed; the first day on which it no longer holds")
    ended_on = models.DateField(null=True, help_text="Where it was ended before that day")
    ended_why = models.CharField(max_length=200, blank=True)
    incident_notice_hours = models.PositiveSmallIntegerField(help_text="Hours to tell the practice of an incident")
    document = models.CharField(max_length=16)
    document_sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="baas_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(document_sha256__regex=SHA256), name="no_baa_without_its_signed_document"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="baas_end_after_they_start"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_why="") | Q(ended_on__isnull=False) & ~Q(ended_why=""),
                name="ended_baas_say_why",
            ),
            models.CheckConstraint(
                condition=Q(incident_notice_hours__range=(1, 1440)), name="incidents_are_told_within_sixty_days"
            ),
        ]  # fmt: skip
