"""The statements of a year that holders of the house have: each in the practice that holds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.equity.models.tables import Made
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PublicIdField


class HolderStatement(Made):
    """What a practice held of an entity in a year, as it was issued; `practice` is the holder. A later one stands."""

    classified = classify(
        business="venture holder entity_name holder_name starts_on ends_on content document made_at made_by"
    )

    public_id = PublicIdField("HST")
    venture = models.CharField(max_length=16, help_text="Public id of the cap table")
    holder = models.CharField(max_length=16, help_text="Public id of the holder in it")
    entity_name = models.CharField(max_length=120)
    holder_name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day of it")
    content = models.JSONField(help_text="By class: units, shares, and what moved the capital account")
    document = models.CharField(max_length=16, help_text="Document: the statement as PDF")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="holder_statements_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")) & ~Q(holder_name="") & ~Q(document=""),
                name="holder_statements_are_of_some_days",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "-ends_on"], name="holder_statements_by_year")]
