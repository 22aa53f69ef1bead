"""Bulk acts: a frozen list of claims, how far it has come, and what it refused."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeModel, PublicIdField


class Run(PracticeModel):
    """One bulk act over a frozen list of claims of one practice."""

    classified = classify(business="key act claims done refused started_at finished_at actor_name user")

    public_id = PublicIdField("RUN")
    key = models.CharField(max_length=16, help_text="What the runs of one act over several practices share")
    act = models.CharField(max_length=16)
    claims = ArrayField(models.BigIntegerField(), help_text="Frozen when the act was asked for")
    done = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    actor_name = models.CharField(max_length=160)
    user = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="runs_have_one_public_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "key"], name="run_by_key")]
