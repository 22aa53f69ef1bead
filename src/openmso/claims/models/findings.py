"""What the scrubber found on claims, and what a person set aside."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from openmso.claims.models.claims import Claim
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel


class ClaimFinding(PracticeModel):
    """A finding of the latest scrub of a claim; scrubbing again makes them anew."""

    temper = "workpaper"
    classified = classify(business="code severity words fix field line source overridden is_first due_on found_at")

    claim = PracticeForeignKey(Claim, db_index=False)
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=5)
    words = models.CharField(max_length=300)
    fix = models.CharField(max_length=300)
    field = models.CharField(max_length=40, blank=True)
    line = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=120)
    overridden = models.BooleanField(default=False)
    is_first = models.BooleanField(default=True, help_text="The first of its code on the claim that stands")
    due_on = models.DateField(null=True, help_text="The claim's, by which those of one finding are listed")
    found_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "claim"], name="finding_by_claim"),
            models.Index(
                fields=["practice", "code", "due_on", "claim"],
                condition=models.Q(is_first=True, overridden=False),
                name="finding_by_code_and_due_day",
            ),
        ]


class Override(PracticeModel):
    """A person set a warning aside, and said why; it holds for the claim as long as the finding is the same."""

    temper = "journal"
    classified = classify(business="code line why at actor_name user")

    claim = PracticeForeignKey(Claim, db_index=False)
    code = models.CharField(max_length=40)
    line = models.PositiveSmallIntegerField(default=0, help_text="0: the claim as a whole")
    why = models.CharField(max_length=300)
    at = models.DateTimeField()
    actor_name = models.CharField(max_length=160)
    user = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "claim", "code", "line"], name="a_warning_is_set_aside_once"),
        ]
