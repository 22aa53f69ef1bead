"""Visits."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.scheduling.contracts import VisitStatus


class Visit(PracticeModel):
    """A patient at a clinician's, on a day, in a place."""

    classified = classify(
        clinical="service_on service_through place_of_service reason status",
        business="clinician site source source_id",
    )

    public_id = PublicIdField("VIS")
    patient = PracticeForeignKey("patients.Patient")
    clinician = PracticeForeignKey("parties.Clinician", null=True, db_index=False)
    site = PracticeForeignKey("parties.Site", null=True, db_index=False)
    service_on = models.DateField()
    service_through = models.DateField(null=True, help_text="The last day; null when it is one day")
    place_of_service = models.CharField(max_length=2, help_text="CMS place of service code")
    reason = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=[(s.value, s.label) for s in VisitStatus])
    source = models.CharField(max_length=80, help_text="The system it comes from: fhir, csv, desk")
    source_id = models.CharField(max_length=120, help_text="Its id there")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="visits_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "source", "source_id"], name="a_visit_is_recorded_once"),
            models.CheckConstraint(
                condition=Q(service_through=None) | Q(service_through__gt=F("service_on")),
                name="visits_of_several_days_end_later",
            ),
            models.CheckConstraint(
                condition=Q(place_of_service__regex=r"^\d{2}$"), name="visit_places_have_two_digits"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "service_on"], name="visit_by_day")]
