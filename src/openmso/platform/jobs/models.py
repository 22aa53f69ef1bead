"""Jobs that were given up. The queue itself is procrastinate's."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.jobs.states import Letter
from openmso.platform.tenancy.models import PracticeModel, PublicIdField


class DeadLetter(PracticeModel):
    """A job that failed for good, with the reason; the practice of a network-wide job is the MSO."""

    classified = classify(business="job_id job queue arguments reason tries failed_at state replayed_at replayed_by")

    public_id = PublicIdField("DLJ")
    job_id = models.BigIntegerField()
    job = models.CharField(max_length=80)
    queue = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict)
    reason = models.CharField(max_length=300)
    tries = models.SmallIntegerField()
    failed_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=[(s.value, s.label) for s in Letter], default=Letter.DEAD)
    replayed_at = models.DateTimeField(null=True, blank=True)
    replayed_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="dead_jobs_have_their_own_id"),
            models.CheckConstraint(
                condition=Q(state="dead", replayed_at__isnull=True) | Q(state="replayed", replayed_at__isnull=False),
                name="jobs_run_again_say_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "-failed_at"], condition=Q(state="dead"), name="jobs_dead")
        ]
