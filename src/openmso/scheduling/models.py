"""Visits."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.patients.contracts import PlanKind
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.scheduling.contracts import Cause, VisitStatus

STATUSES = [(s.value, s.label) for s in VisitStatus]


class Visit(PracticeModel):
    """A patient at a clinician's, on a day, in a place."""

    classified = classify(
        clinical="service_on service_through place_of_service reason status plan",
        business="clinician site source source_id undo_on",
        demographic="coverage",
    )

    public_id = PublicIdField("VIS")
    patient = PracticeForeignKey("patients.Patient")
    clinician = PracticeForeignKey("parties.Clinician", null=True, db_index=False)
    site = PracticeForeignKey("parties.Site", null=True, db_index=False)
    service_on = models.DateField()
    service_through = models.DateField(null=True, help_text="The last day; null when it is one day")
    place_of_service = models.CharField(max_length=2, help_text="CMS place of service code")
    reason = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=STATUSES)
    plan = models.CharField(
        max_length=7, blank=True, choices=[(k.value, k.label) for k in PlanKind],
        help_text="The kind of plan that its reason goes to; empty is any",
    )  # fmt: skip
    coverage = PracticeForeignKey(
        "patients.Coverage", null=True, db_index=False,
        help_text="The one that a person chose to be asked first; null goes by the reason",
    )  # fmt: skip
    undo_on = models.DateField(
        null=True, help_text="The day on which its latest mark may be taken back; null when it may not"
    )
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


class VisitMark(PracticeModel):
    """Somebody said what became of a visit, or took it back."""

    temper = "journal"
    classified = classify(clinical="frm to cause why", business="visit at actor_name user takes_back")

    visit = PracticeForeignKey(Visit, db_index=False)
    frm = models.CharField(max_length=10, choices=STATUSES)
    to = models.CharField(max_length=10, choices=STATUSES)
    at = models.DateTimeField()
    actor_name = models.CharField(max_length=160)
    user = models.BigIntegerField(null=True)
    cause = models.CharField(max_length=10, blank=True, choices=[(c.value, c.label) for c in Cause])
    why = models.CharField(max_length=200, blank=True)
    takes_back = PracticeForeignKey("self", null=True, db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "takes_back"], name="a_mark_is_taken_back_once"),
            models.CheckConstraint(
                condition=~Q(to="cancelled") | Q(takes_back__isnull=False) | ~Q(cause=""),
                name="cancelled_visits_say_why",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "visit", "at"], name="mark_by_visit")]


class CoverageChoice(PracticeModel):
    """Somebody chose which coverage is asked first for a visit, or went back to what its reason says."""

    temper = "journal"
    classified = classify(
        clinical="why", demographic="coverage", business="visit at actor_name user"
    )  # fmt: skip

    visit = PracticeForeignKey(Visit, db_index=False)
    coverage = PracticeForeignKey("patients.Coverage", null=True, db_index=False, help_text="Null: by the reason again")
    at = models.DateTimeField()
    actor_name = models.CharField(max_length=160)
    user = models.BigIntegerField(null=True)
    why = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(why=""), name="choices_of_coverage_say_why")]
        indexes: ClassVar = [models.Index(fields=["practice", "visit", "at"], name="choice_by_visit")]


class ReasonRoute(PracticeModel):
    """Words in the reason for a visit, and the kind of plan such visits go to, until it is ended."""

    classified = classify(business="words plan said_at said_by ended_at")

    public_id = PublicIdField("RSN")
    words = models.CharField(max_length=80)
    plan = models.CharField(max_length=7, choices=[(k.value, k.label) for k in PlanKind])
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="reason_routes_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "words"], condition=Q(ended_at=None), name="words_go_to_one_plan_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="reason_routes_have_words"),
        ]  # fmt: skip
