"""Which remittances wait for their money, and the match of one with the bank line that carries it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import Entity, PracticeForeignKey, PracticeModel, PublicIdField
from openmso.remittances.models.files import Remittance


class Awaited(PracticeModel):
    """A posted remittance that moves money and is not in the bank yet, for as long as that is so.

    What it says follows from remittances and deposits; it can be made again from them.
    """

    temper = "workpaper"
    classified = classify(business="remittance amount")

    remittance = PracticeForeignKey(Remittance, db_index=False)
    amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="That of the remittance, which is final")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "remittance"], name="a_remittance_is_awaited_once"),
        ]


class Deposit(PracticeModel):
    """One match; undone by a reversal in the books and a day here, never deleted.

    The checks of one slip are one line of the bank: it has a match for each of them, which come to its amount.
    """

    classified = classify(
        business="remittance line entity amount method why gap posted_on matched_at matched_by entry undone_at "
        "undone_by undone_why"
    )

    public_id = PublicIdField("DEP")
    remittance = PracticeForeignKey(Remittance, db_index=False)
    line = PracticeForeignKey("banking.Line", db_index=False)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    method = models.CharField(max_length=8, help_text="trace, amount or hand")
    why = models.CharField(max_length=400, blank=True)
    gap = models.SmallIntegerField(
        null=True, help_text="Business days from the money to the 835, below zero if it came first; empty: not counted"
    )
    posted_on = models.DateField(help_text="Accounting day: that of the bank line")
    matched_at = models.DateTimeField()
    matched_by = models.CharField(max_length=160)
    entry = models.CharField(max_length=16, help_text="Public id of the journal entry")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=160, blank=True)
    undone_why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="deposits_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "remittance"], condition=Q(undone_at=None), name="a_remittance_is_deposited_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="deposits_are_positive"),
            models.CheckConstraint(condition=~Q(method="hand") | ~Q(why=""), name="deposits_by_hand_say_why"),
            models.CheckConstraint(
                condition=Q(undone_at=None) | (~Q(undone_why="") & ~Q(undone_by="")),
                name="undone_deposits_say_who_and_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "line"], condition=Q(undone_at=None), name="deposits_that_stand_by_line"),
            models.Index(
                fields=["practice", "-posted_on", "-id"], condition=Q(undone_at=None), name="deposits_that_stand_by_day"
            ),
        ]
