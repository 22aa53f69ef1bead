"""What payers were asked about claims that they had not answered: rules of when, 276 files, the claims in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.claims.models.claims import Claim
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class FollowUpRule(models.Model):
    """When a payer is asked about claims; a register of the network. What a payer has none of, the usual rule says."""

    scope = "global"
    temper = "register"
    classified = classify(business="days again_days asks_max")

    payer = models.OneToOneField("parties.Payer", models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField(help_text="After the claim left")
    again_days = models.PositiveSmallIntegerField(help_text="After it was asked about")
    asks_max = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(days__gt=0, again_days__gt=0, asks_max__gt=0), name="follow_up_rules_ask_after_some_days"
            )
        ]


class Inquiry(PracticeModel):
    """A 276 file: the claims of one payer that were asked about together."""

    temper = "journal"
    classified = classify(business="payer document sha256 claims asked_at actor_name")

    public_id = PublicIdField("STQ")
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+", db_index=False)
    document = models.CharField(max_length=16)
    sha256 = models.CharField(max_length=64)
    claims = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    actor_name = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="status_inquiries_have_one_public_id"),
            models.CheckConstraint(condition=Q(claims__gt=0), name="status_inquiries_are_not_empty"),
        ]


class Asked(PracticeModel):
    """A claim in a 276."""

    temper = "journal"
    classified = classify(business="asked_on")

    inquiry = PracticeForeignKey(Inquiry, db_index=False)
    claim = PracticeForeignKey(Claim, db_index=False)
    asked_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "claim", "inquiry"], name="a_claim_stands_once_in_a_status_inquiry"
            )
        ]
