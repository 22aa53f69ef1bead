"""Figures that no book knows, as people entered them for a month, and who confirmed each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class EnteredFigure(PracticeModel):
    """A figure of a month with what shows it. A correction is another row with the next number and a reason."""

    temper = "journal"
    classified = classify(
        business="month name number amount shown_by document why entered_at entered_by entered_user"
    )  # fmt: skip

    public_id = PublicIdField("FIG")
    month = models.DateField(help_text="Its first day")
    name = models.CharField(max_length=60, help_text="As the terms of the agreement name it")
    number = models.PositiveSmallIntegerField(help_text="1, and one more with each correction")
    amount = models.DecimalField(max_digits=16, decimal_places=4, help_text="Dollars, or what it is a count of")
    shown_by = models.CharField(max_length=300, blank=True, help_text="What shows it, in words")
    document = models.CharField(max_length=16, blank=True, help_text="Public id of the document that shows it")
    why = models.CharField(max_length=300, blank=True, help_text="Why the one before was wrong")
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=120)
    entered_user = models.CharField(max_length=16, help_text="Public id of the account")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="figures_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "month", "name", "number"], name="figures_are_corrected_one_by_one"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="figures_name_months_by_their_first_day"),
            models.CheckConstraint(condition=~Q(shown_by="") | ~Q(document=""), name="figures_say_what_shows_them"),
            models.CheckConstraint(
                condition=Q(number=1, why="") | (Q(number__gt=1) & ~Q(why="")), name="corrections_of_figures_say_why"
            ),
        ]


class FigureConfirmation(PracticeModel):
    """A second person's yes to a figure: with it a month can be settled."""

    temper = "journal"
    classified = classify(business="figure confirmed_at confirmed_by confirmed_user")

    figure = PracticeForeignKey(EnteredFigure)
    confirmed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=120)
    confirmed_user = models.CharField(max_length=16, help_text="Public id of the account")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "figure"], name="figures_are_confirmed_once"),
        ]
