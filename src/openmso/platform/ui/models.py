"""What a person arranged for themselves on lists."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from openmso.kit.classes import classify


class ColumnChoice(models.Model):
    """The columns one person wants to see in one table; without a row they see the usual ones."""

    scope = "global"
    temper = "workpaper"
    classified = classify(business="table columns")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    table = models.CharField(max_length=80, help_text="Name of the table's specification: claims.ready")
    columns = ArrayField(models.CharField(max_length=80), size=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "table"], name="a_person_chooses_columns_once_per_table")
        ]

    def __str__(self) -> str:
        return f"{self.table}: {', '.join(self.columns)}"
