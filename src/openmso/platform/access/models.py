"""Grants, covers and assignments: the tables that every decision is computed from."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class ScopeGrant(PracticeModel):
    """A service line that an executed agreement opened in one practice; written once, ended by another row."""

    temper = "journal"
    classified = classify(business="agreement line opens read_only starts_on ends_on document_sha256 executed_at")

    public_id = PublicIdField("GRT")
    agreement = models.CharField(max_length=16, help_text="Public id of the agreement version")
    line = models.CharField(max_length=24)
    opens = ArrayField(models.CharField(max_length=16), help_text="Data classes that this line opens")
    read_only = models.BooleanField(default=False, help_text="The run-off of an agreement that ended: see, do nothing")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="The first day on which it no longer holds")
    document_sha256 = models.CharField(max_length=64)
    executed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="grants_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(document_sha256__regex="^[0-9a-f]{64}$"),
                name="no_grant_without_an_executed_document",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="grants_end_after_they_start",
            ),
        ]


class GrantEnd(PracticeModel):
    """A grant ended before its day: by amendment, termination or mistake."""

    temper = "journal"
    classified = classify(business="grant ends_on why ended_at")

    grant = PracticeForeignKey(ScopeGrant)
    ends_on = models.DateField()
    ended_at = models.DateTimeField()
    why = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "grant"], name="grant_ends_by_grant")]


class PhiCover(PracticeModel):
    """A business associate agreement in force: without one no grant reaches patient data (45 CFR 164.504(e))."""

    temper = "journal"
    classified = classify(business="agreement starts_on ends_on document_sha256")

    agreement = models.CharField(max_length=16, help_text="Public id of the business associate agreement")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    document_sha256 = models.CharField(max_length=64)


class PhiCoverEnd(PracticeModel):
    """A business associate agreement ended before its day."""

    temper = "journal"
    classified = classify(business="cover ends_on why ended_at")

    cover = PracticeForeignKey(PhiCover)
    ends_on = models.DateField()
    ended_at = models.DateTimeField()
    why = models.CharField(max_length=200)


class StaffAssignment(PracticeModel):
    """A person's role in a practice or in the MSO, on some days, who gave it and who of the practice approved it.

    A trigger holds what corporate practice of medicine rests on: a role of the practice is given by an owner of it,
    the first owner apart; nobody who has or had a role of the MSO is a licensee of a practice, or the other way round;
    only licensees of the practice approve staff of the MSO; what was given is ended or approved, never changed.
    """

    also_visible: ClassVar[str] = "user_id = (SELECT scope_user())"
    classified = classify(
        business="user role line starts_on ends_on approved_by approved_at granted_by granted_at set_up"
    )

    public_id = PublicIdField("ASG")
    user = models.ForeignKey("identity.User", models.PROTECT, related_name="+")
    role = models.CharField(max_length=32)
    line = models.CharField(max_length=24, blank=True, help_text="Empty: all lines of the agreement")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    approved_by = models.ForeignKey("identity.User", models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)
    granted_by = models.ForeignKey("identity.User", models.PROTECT, related_name="+", null=True)
    granted_at = models.DateTimeField(null=True)
    set_up = models.CharField(
        max_length=120, blank=True, help_text="The paper on which the house itself gave a role of the practice"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="assignments_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="assignments_are_approved_by_somebody_some_time",
            ),
            models.CheckConstraint(
                condition=Q(set_up="") | Q(granted_by=None), name="only_the_house_sets_up_on_a_paper"
            ),
            models.UniqueConstraint(
                fields=["practice", "user", "role", "line", "starts_on"], name="one_assignment_a_day"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="assignments_end_after_they_start",
            ),
        ]
