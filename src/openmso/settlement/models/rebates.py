"""Rebates that the MSO received for what practices bought or earned, and the share of each practice."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.settlement.models.settlements import Settlement


class Rebate(PracticeModel):
    """What a vendor paid back to the MSO for a period, and by which rule it is shared. Belongs to the MSO."""

    temper = "journal"
    classified = classify(
        business="vendor what starts_on ends_on received_on amount kept_amount rule mso_entry recorded_at recorded_by"
    )

    public_id = PublicIdField("RBT")
    vendor = models.CharField(max_length=120)
    what = models.CharField(max_length=200, help_text="For what it was paid")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day of the period")
    received_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    kept_amount = models.DecimalField(
        max_digits=14, decimal_places=2, default=0, help_text="For what the MSO bought itself"
    )
    rule = models.CharField(max_length=300)
    mso_entry = models.CharField(max_length=16)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="rebates_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "vendor", "starts_on", "ends_on", "received_on", "amount"],
                name="a_rebate_is_recorded_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, kept_amount__gte=0, kept_amount__lte=F("amount")),
                name="no_more_is_kept_than_was_paid_back",
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="rebates_are_for_a_period"),
            models.CheckConstraint(
                condition=~Q(vendor="") & ~Q(what="") & ~Q(rule=""), name="rebates_say_of_whom_and_by_which_rule"
            ),
        ]  # fmt: skip


class RebateShare(PracticeModel):
    """The share of one practice: it waits for an invoice, and is credited there."""

    classified = classify(
        business="rebate vendor what starts_on ends_on received_on rule whole_amount weight weights_total amount "
        "settlement practice_entry mso_entry"
    )

    rebate = models.CharField(max_length=16, help_text="Public id of the rebate, which is the MSO's")
    vendor = models.CharField(max_length=120)
    what = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    received_on = models.DateField()
    rule = models.CharField(max_length=300)
    whole_amount = models.DecimalField(max_digits=14, decimal_places=2)
    weight = models.DecimalField(max_digits=16, decimal_places=4, help_text="What the practice counts for by the rule")
    weights_total = models.DecimalField(max_digits=16, decimal_places=4)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    settlement = PracticeForeignKey(Settlement, null=True)
    practice_entry = models.CharField(max_length=16, blank=True)
    mso_entry = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "rebate"], name="a_practice_has_one_share_of_a_rebate"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=F("whole_amount")), name="shares_are_a_part_of_the_rebate"
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=F("weights_total")), name="shares_have_a_weight"
            ),
            models.CheckConstraint(
                condition=Q(settlement=None, practice_entry="", mso_entry="")
                | (Q(settlement__isnull=False) & ~Q(practice_entry="") & ~Q(mso_entry="")),
                name="shares_that_are_passed_on_stand_in_both_books",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice"], condition=Q(settlement=None), name="rebates_to_be_passed_on")
        ]
