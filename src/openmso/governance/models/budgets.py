"""Budgets: which year of which book, the versions of their figures, and what happened to them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.governance.contracts.budgets import Fallback
from openmso.governance.states import B
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class Budget(PracticeModel):
    """The budget of a year of a book; `holds` is the number of the version that was approved or fell back to."""

    classified = classify(
        business="book first_month state agree_by fallback index_percent holds begun_at begun_by grant"
    )

    public_id = PublicIdField("BUD")
    book = models.CharField(max_length=16, help_text="Public id of the ledger's book")
    first_month = models.DateField()
    state = models.CharField(max_length=10, default=B.DRAFT)
    agree_by = models.DateField()
    fallback = models.CharField(max_length=8)
    index_percent = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    holds = models.PositiveSmallIntegerField(null=True)
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=160)
    grant = models.CharField(max_length=20, blank=True, help_text="Under which it was begun, and falls back")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="budgets_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "book", "first_month"], name="a_year_has_one_budget"),
            models.CheckConstraint(condition=Q(state__in=list(B)), name="budgets_are_in_a_state"),
            models.CheckConstraint(condition=Q(fallback__in=list(Fallback)), name="budgets_have_a_fallback"),
            models.CheckConstraint(
                condition=~Q(state__in=[B.APPROVED, B.FALLBACK]) | Q(holds__isnull=False),
                name="what_holds_is_a_version",
            ),
        ]


class BudgetVersion(PracticeModel):
    """The figures of a budget at a time: by account, twelve amounts as texts."""

    temper = "journal"
    classified = classify(business="number made_at made_by user why basis cells")

    budget = PracticeForeignKey(Budget, db_index=False)
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=160)
    user = models.CharField(max_length=16, blank=True)
    why = models.CharField(max_length=600)
    basis = models.CharField(max_length=200, help_text="Where the figures come from")
    cells = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "budget", "number"], name="versions_of_budgets_are_numbered"),
            models.CheckConstraint(condition=~Q(why=""), name="versions_of_budgets_say_why"),
        ]


class BudgetStep(PracticeModel):
    """A step of a budget's life. Persons approve, or a meeting of the board did."""

    temper = "journal"
    classified = classify(business="number to_state at by user why version meeting")

    budget = PracticeForeignKey(Budget, db_index=False)
    number = models.PositiveSmallIntegerField()
    to_state = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    user = models.CharField(max_length=16, blank=True)
    why = models.CharField(max_length=600)
    version = models.PositiveSmallIntegerField()
    meeting = models.CharField(max_length=16, blank=True, help_text="Public id of the meeting that carried it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "budget", "number"], name="steps_of_budgets_are_numbered"),
            models.CheckConstraint(condition=~Q(why=""), name="steps_of_budgets_say_why"),
            models.CheckConstraint(
                condition=~Q(to_state=B.APPROVED) | ~Q(user="") | ~Q(meeting=""), name="no_budget_approves_itself"
            ),
        ]
