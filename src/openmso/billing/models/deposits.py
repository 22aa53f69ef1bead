"""Patients' money on its way from the desk to the bank."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from openmso.billing.states import Bag, Slipped
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

CENTS: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class Slip(PracticeModel):
    """A deposit slip: the payments of a day that go to the bank together, and the bank line that carries them."""

    classified = classify(
        business="entity bag taken_on amount count state made_at made_by line fee_amount banked_on banked_by how why "
        "entry"
    )

    public_id = PublicIdField("SLP")
    entity = models.ForeignKey("tenancy.Entity", models.PROTECT, related_name="+", db_index=False)
    bag = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Bag])
    taken_on = models.DateField(help_text="The day on which the patients paid")
    amount = models.DecimalField(**CENTS)
    count = models.PositiveIntegerField(help_text="Payments on it")
    state = models.CharField(
        max_length=8, choices=[(one.value, one.label) for one in Slipped], default=Slipped.MADE.value
    )  # fmt: skip
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=160)
    line = PracticeForeignKey("banking.Line", null=True, db_index=False)
    fee_amount = models.DecimalField(**CENTS, default=0, help_text="What the bank kept of a batch of cards")
    banked_on = models.DateField(null=True, help_text="Accounting day: that of the bank line")
    banked_by = models.CharField(max_length=160, blank=True)
    how = models.CharField(max_length=8, blank=True, help_text="number, amount or hand")
    why = models.CharField(max_length=300, blank=True)
    entry = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="slips_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "line"], condition=Q(line__isnull=False), name="a_bank_line_carries_one_slip"
            ),
            models.CheckConstraint(
                condition=Q(fee_amount__gte=0) & (Q(amount__gt=0) | Q(bag=Bag.PAYOUT.value)),
                name="slips_bring_something_but_card_payouts",
            ),
            models.CheckConstraint(
                condition=Q(state=Slipped.BANKED.value, entry__gt="", banked_on__isnull=False)
                & (Q(line__isnull=False) | Q(amount=0))
                | ~Q(state=Slipped.BANKED.value) & Q(line=None, entry="", banked_on=None, fee_amount=0),
                name="banked_slips_name_their_line_and_entry",
            ),
            models.CheckConstraint(condition=~Q(how="hand") | Q(why__gt=""), name="slips_found_by_hand_say_why"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "-taken_on", "id"], name="slip_by_day")]
