"""Estimates and their lines; the services that reasons for visits usually come to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openmso.estimates.contracts import Asked, Kind, Way
from openmso.estimates.states import S
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

CENTS: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class Estimate(PracticeModel):
    """What services will cost a patient, owed, made, or given; kept as long as the medical record."""

    classified = classify(
        demographic="patient visit coverage",
        clinical="service_on place_of_service reason diagnoses",
        business="kind asked asked_at due_on state charge_amount share_amount made_at made_by given_at way document "
        "billed_amount why",
    )

    public_id = PublicIdField("EST")
    patient = PracticeForeignKey("patients.Patient")
    visit = PracticeForeignKey("scheduling.Visit", null=True)
    coverage = PracticeForeignKey("patients.Coverage", null=True)
    kind = models.CharField(max_length=10, choices=[(k.value, k.label) for k in Kind])
    asked = models.CharField(max_length=10, choices=[(a.value, a.label) for a in Asked])
    asked_at = models.DateTimeField(help_text="When the visit was scheduled, or the estimate asked for")
    due_on = models.DateField(null=True, help_text="The last day on which it is in time; null when none is owed")
    service_on = models.DateField()
    place_of_service = models.CharField(max_length=2, default="11")
    reason = models.CharField(max_length=200, blank=True, help_text="The main service, in words of the patient")
    diagnoses = ArrayField(models.CharField(max_length=7), default=list)
    state = models.CharField(max_length=8, choices=[(s.value, s.label) for s in S])
    charge_amount = models.DecimalField(**CENTS, default=0)
    share_amount = models.DecimalField(**CENTS, default=0, help_text="What the patient is expected to pay")
    made_at = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=160, blank=True)
    given_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=10, blank=True, choices=[(w.value, w.label) for w in Way])
    document = models.CharField(max_length=16, blank=True, help_text="Public id of the paper as it was given")
    billed_amount = models.DecimalField(**CENTS, null=True, help_text="What the patient was billed for the visit")
    why = models.CharField(max_length=200, blank=True, help_text="Why it is not owed")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="estimates_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "visit", "kind"],
                condition=Q(state__in=[S.DUE.value, S.MADE.value, S.GIVEN.value]),
                name="a_visit_has_one_estimate_of_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.GIVEN.value) | (Q(given_at__isnull=False) & ~Q(document="") & ~Q(way="")),
                name="given_estimates_say_when_how_and_what",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.DROPPED.value) | ~Q(why=""), name="dropped_estimates_say_why"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["practice", "-service_on", "-id"], name="estimates_by_day"),
            models.Index(fields=["practice", "state", "due_on", "id"], name="estimates_by_clock"),
        ]  # fmt: skip


class EstimateLine(PracticeModel):
    """A service of an estimate, as it was worked out."""

    temper = "journal"
    classified = classify(
        clinical="estimate number code modifiers words units",
        business="charge_amount is_charge_typed allowed_amount share_amount steps",
    )

    estimate = PracticeForeignKey(Estimate)
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=5)
    modifiers = ArrayField(models.CharField(max_length=2), default=list)
    words = models.CharField(max_length=120)
    units = models.DecimalField(max_digits=8, decimal_places=2)
    charge_amount = models.DecimalField(**CENTS)
    is_charge_typed = models.BooleanField(default=False)
    allowed_amount = models.DecimalField(**CENTS, null=True)
    share_amount = models.DecimalField(**CENTS)
    steps = models.JSONField(help_text="The arithmetic: words and amounts")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "estimate", "number"], name="estimate_lines_are_numbered"),
        ]


class UsualServices(PracticeModel):
    """Words in the reason for a visit, and the services such visits are estimated with, until it is ended."""

    classified = classify(business="words services said_at said_by ended_at")

    public_id = PublicIdField("USV")
    words = models.CharField(max_length=80)
    services = models.JSONField(help_text="Code, modifiers, units as text, words; in the order of the estimate")
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="usual_services_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "words"], condition=Q(ended_at=None), name="a_reason_has_one_list_of_services"
            ),
            models.CheckConstraint(condition=~Q(words="") & ~Q(services=[]), name="usual_services_say_when_and_what"),
        ]  # fmt: skip
