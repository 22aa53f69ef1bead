"""Rules written on screen and adjustments of the house's own: what is being drafted, and the versions made live.

They are one register for the network, as payers are; which claims a rule takes is said by its scope.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.claims.states import RuleState
from openmso.kit.classes import classify


class ScrubRule(models.Model):
    """A rule by its code, and the draft that lies on its desk."""

    scope = "global"
    temper = "register"
    classified = classify(
        business="code of title state draft drafted_by drafted_name drafted_at retired_on retired_why created_at"
    )

    code = models.CharField(max_length=40, unique=True, help_text="What findings and overrides name it by")
    of = models.CharField(max_length=40, blank=True, help_text="The rule of the house that it adjusts")
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=[(s.value, s.label) for s in RuleState])
    draft = models.JSONField(null=True)
    drafted_by = models.CharField(max_length=16, blank=True, help_text="The account that wrote the draft last")
    drafted_name = models.CharField(max_length=160, blank=True)
    drafted_at = models.DateTimeField(null=True)
    retired_on = models.DateField(null=True, help_text="The first day on which it is not asked")
    retired_why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=RuleState.RETIRED.value, retired_on__isnull=False, retired_why__gt="")
                | ~Q(state=RuleState.RETIRED.value) & Q(retired_on=None),
                name="retired_rules_say_why_and_since_when",
            ),
            models.CheckConstraint(
                condition=Q(draft=None) | Q(drafted_at__isnull=False), name="drafts_of_rules_say_who_wrote_them_when"
            ),
        ]


class RuleVersion(models.Model):
    """What a rule says from a day on, as it was made live; a change is a new version."""

    scope = "global"
    temper = "journal"
    classified = classify(business="rule number text sha256 starts_on drafted_name approved_by approved_name "
                                   "approved_at why")  # fmt: skip

    rule = models.ForeignKey(ScrubRule, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    text = models.JSONField()
    sha256 = models.CharField(max_length=64, help_text="Of the text as canonical JSON")
    starts_on = models.DateField(help_text="The first day on which claims are scrubbed with it")
    drafted_name = models.CharField(max_length=160)
    approved_by = models.CharField(max_length=16)
    approved_name = models.CharField(max_length=160)
    approved_at = models.DateTimeField()
    why = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "number"], name="a_rule_numbers_its_versions"),
            models.CheckConstraint(condition=Q(why__gt=""), name="versions_of_rules_say_why"),
        ]
