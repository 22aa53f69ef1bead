"""Runs of intake, and the account of every record."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.intake.contracts import Outcome, RunState
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class IntakeRun(PracticeModel):
    """One taking-in of one file. used + kept + refused = total, always."""

    classified = classify(
        business="name kind document sha256 code_map code_map_document state total used kept refused visits "
        "charges claims_ready claims_held started_at finished_at actor_name words"
    )

    public_id = PublicIdField("INT")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=4, blank=True, help_text="fhir or csv; not known before it is read")
    document = models.CharField(max_length=16)
    sha256 = models.CharField(max_length=64)
    code_map = models.CharField(max_length=200, blank=True)
    code_map_document = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=8, choices=[(s.value, s.label) for s in RunState])
    total = models.PositiveIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0)
    charges = models.PositiveIntegerField(default=0)
    claims_ready = models.PositiveIntegerField(default=0)
    claims_held = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    actor_name = models.CharField(max_length=160)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="intake_runs_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(total=F("used") + F("kept") + F("refused")), name="every_record_is_accounted_for"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "-started_at"], name="intake_by_start")]


class IntakeItem(PracticeModel):
    """What became of one record of a file."""

    temper = "journal"
    classified = classify(business="position kind record_id outcome words field fix became")

    run = PracticeForeignKey(IntakeRun, db_index=False)
    position = models.PositiveIntegerField(help_text="Entry of the bundle, or line of the file, from 1")
    kind = models.CharField(max_length=40)
    record_id = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=8, choices=[(o.value, o.label) for o in Outcome])
    words = models.CharField(max_length=300)
    field = models.CharField(max_length=40, blank=True, help_text="What of a refused record is wrong")
    fix = models.CharField(max_length=200, blank=True, help_text="What would mend it")
    became = models.CharField(max_length=16, blank=True, help_text="Public id of what it became")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "run", "position"], name="a_record_has_one_outcome"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "run", "outcome"], name="intake_item_by_outcome")]
