"""The network's initiatives that the MSO wrote, and what practices said to them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.agreements.models.written import Written
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeModel


class InitiativeVersion(Written):
    """A version of an initiative; the last number of a code holds, before the one that comes along, number 0."""

    class Meta(Written.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "number"], name="initiatives_are_numbered"),
            models.CheckConstraint(condition=~Q(why=""), name="initiatives_say_why"),
            models.CheckConstraint(condition=Q(number__gt=0), name="initiatives_of_the_mso_begin_at_one"),
        ]


class InitiativeChoice(PracticeModel):
    """A yes or no of a practice to an initiative, from a day on; the last that has begun holds."""

    temper = "journal"
    classified = classify(business="initiative joins from_on why at by user")

    initiative = models.CharField(max_length=40)
    joins = models.BooleanField()
    from_on = models.DateField()
    why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    user = models.CharField(max_length=16, help_text="Public id of the account of the practice that said it")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "initiative"], name="choices_of_initiatives")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(user=""), name="a_person_of_the_practice_chooses"),
        ]
