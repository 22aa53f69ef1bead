"""What was said of why an item of work missed its promise."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeModel
from openmso.settlement.states import SaidOf, Whose


class CauseEntry(PracticeModel):
    """A word about an item that missed its promise: the MSO says whose cause it was, the practice whether it agrees."""

    temper = "journal"
    classified = classify(business="item kind month number what whose why said_at said_by said_user documents")

    item = models.CharField(max_length=16, help_text="Public id of the item of work")
    kind = models.CharField(max_length=80, help_text="The promise that it missed")
    month = models.DateField(help_text="First day of the month with which it is judged")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=10)
    whose = models.CharField(max_length=10)
    why = models.CharField(max_length=600)
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=120)
    said_user = models.CharField(max_length=16, help_text="Public id of the account")
    documents = ArrayField(models.CharField(max_length=16), default=list, help_text="Public ids of its papers")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "item", "number"], name="words_about_causes_are_numbered"),
            models.CheckConstraint(condition=Q(what__in=list(SaidOf)), name="words_about_causes_are_of_a_kind"),
            models.CheckConstraint(condition=Q(whose__in=list(Whose)), name="causes_are_somebodys"),
            models.CheckConstraint(condition=~Q(why=""), name="causes_are_said_with_a_reason"),
            models.CheckConstraint(condition=Q(month__day=1), name="months_of_causes_are_named_by_their_first_day"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "said_at"], name="causes_as_they_were_said")]
