"""Figures of the MSO's own finances that an agreement promises to show, as they were shown."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.agreements.contracts import Shown
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel
from openmso.settlement.models.settlements import Settlement


class ShownFigure(PracticeModel):
    """A figure of the MSO's book for a month, shown to a practice with a statement; none that was not promised."""

    temper = "journal"
    classified = classify(business="settlement month code value formula shown_at")

    settlement = PracticeForeignKey(Settlement)
    month = models.DateField(help_text="Its first day")
    code = models.CharField(max_length=16)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True, help_text="Empty: nothing to divide by")
    formula = models.CharField(max_length=300, help_text="With its figures")
    shown_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "settlement", "code"], name="a_figure_is_shown_once_a_statement"
            ),
            models.CheckConstraint(condition=Q(code__in=list(Shown)), name="figures_that_are_shown_are_known"),
            models.CheckConstraint(condition=Q(month__day=1), name="months_of_shown_figures_begin_on_their_first_day"),
        ]
