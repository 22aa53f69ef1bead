"""Tasks of the catalogue that an office wrote; those of an agreement are a part of its terms."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.agreements.models.written import Written


class TaskVersion(Written):
    """A version of a task of the catalogue; the last number of a code holds, before the house's own, number 0."""

    class Meta(Written.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "number"], name="tasks_are_numbered"),
            models.CheckConstraint(condition=~Q(why=""), name="tasks_say_why"),
            models.CheckConstraint(condition=Q(number__gt=0), name="tasks_of_an_office_begin_at_one"),
        ]
