"""Tasks of the catalogue that an office wrote; those of an agreement are a part of its terms."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify


class TaskVersion(models.Model):
    """A version of a task of the catalogue; the last number of a code holds, before the house's own, number 0."""

    scope = "global"
    temper = "journal"
    classified = classify(public="code number body withdrawn why at by user")

    code = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    body = models.JSONField(default=dict, help_text="The task as data; empty where it was withdrawn")
    withdrawn = models.BooleanField(default=False, help_text="From here on no draft chooses it")
    why = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    user = models.CharField(max_length=16, blank=True, help_text="Public id of the account that wrote it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "number"], name="tasks_are_numbered"),
            models.CheckConstraint(condition=~Q(why=""), name="tasks_say_why"),
            models.CheckConstraint(condition=Q(number__gt=0), name="tasks_of_an_office_begin_at_one"),
        ]
