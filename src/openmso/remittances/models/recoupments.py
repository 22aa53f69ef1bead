"""What people say about money that payers took or left beside claims."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel
from openmso.remittances.contracts import Answer
from openmso.remittances.models.payments import CENTS, ProviderAdjustment


class Explanation(PracticeModel):
    """What a reference's balance answers, as somebody said it; the last one counts, for the amount it was given for."""

    temper = "journal"
    classified = classify(
        public="payer_key", business="adjustment reference amount answer answers why explained_at explained_by"
    )

    adjustment = PracticeForeignKey(ProviderAdjustment, db_index=False)
    payer_key = models.CharField(max_length=80)
    reference = models.CharField(max_length=80, blank=True)
    amount = models.DecimalField(**CENTS, help_text="The balance that it explains, as the files say it")
    answer = models.CharField(max_length=10, choices=[(one.value, one.label) for one in Answer])
    answers = models.CharField(max_length=40, blank=True, help_text="Number of the claim, refund or letter")
    why = models.CharField(max_length=400)
    explained_at = models.DateTimeField()
    explained_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(why=""), name="explanations_of_recoupments_say_why"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "payer_key", "reference", "-id"], name="explanations_by_reference"),
        ]
