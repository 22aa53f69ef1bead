"""What the scrubber found on claims, what a person set aside, and the edit tables it looks into."""

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


class CodePair(models.Model):
    """An NCCI procedure-to-procedure edit: the second code is not paid beside the first on the same day."""

    scope = "global"
    temper = "register"
    classified = classify(public="first second indicator starts_on ends_on")

    first = models.CharField(max_length=5)
    second = models.CharField(max_length=5)
    indicator = models.CharField(max_length=1, help_text="0 never both, 1 with a modifier, 9 no edit")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="The first day it no longer holds")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second", "starts_on"], name="a_pair_begins_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["second", "first"], name="pair_by_second")]


class UnitEdit(models.Model):
    """A medically unlikely edit: the most units of a code, per line (1) or per day (2, 3)."""

    scope = "global"
    temper = "register"
    classified = classify(public="code units indicator starts_on")

    code = models.CharField(max_length=5)
    units = models.PositiveIntegerField()
    indicator = models.CharField(max_length=1)
    starts_on = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "starts_on"], name="a_unit_edit_begins_once")]
