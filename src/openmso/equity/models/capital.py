"""Capital: what moves capital accounts, capital calls with what came of them, distributions and their payment."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.equity.models.tables import Holder, Made, UnitClass, Venture
from openmso.equity.states import Flow
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PublicIdField

TIERS = [Flow.PREFERRED, Flow.CAPITAL, Flow.RESIDUAL]


class Posting(Made):
    """A movement of a holder's capital account in a class, and the entry of the book that says the same."""

    classified = classify(business="flow amount moved_on source ledger made_at made_by")

    venture = PracticeForeignKey(Venture, db_index=False)
    holder = PracticeForeignKey(Holder, db_index=False)
    unit_class = PracticeForeignKey(UnitClass, db_index=False)
    flow = models.CharField(max_length=16)
    amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="What adds to the account is above zero")
    moved_on = models.DateField()
    source = models.CharField(max_length=16, help_text="Public id of what it came from")
    ledger = models.CharField(max_length=16, help_text="Public id of the entry in the book")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(flow__in=list(Flow)) & ~Q(amount=0) & ~Q(ledger=""), name="postings_stand_in_the_book"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "venture"], name="postings_of_a_venture")]


class Call(Made):
    """Capital that is called from the holders of a class."""

    classified = classify(business="amount purpose noticed_on due_on made_at made_by")

    public_id = PublicIdField("CCL")
    venture = PracticeForeignKey(Venture, db_index=False)
    unit_class = PracticeForeignKey(UnitClass, db_index=False)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    purpose = models.CharField(max_length=300)
    noticed_on = models.DateField()
    due_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="capital_calls_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, due_on__gt=F("noticed_on")) & ~Q(purpose=""),
                name="capital_is_called_ahead_and_for_something",
            ),
        ]


class CallShare(Made):
    """What one holder is asked for."""

    classified = classify(business="amount made_at made_by")

    call = PracticeForeignKey(Call, db_index=False)
    holder = PracticeForeignKey(Holder, db_index=False)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "call", "holder"], name="a_holder_is_asked_once_in_a_call"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="shares_of_calls_are_something"),
        ]


class CallDefault(Made):
    """A holder did not pay by the day."""

    classified = classify(business="why made_at made_by")

    share = PracticeForeignKey(CallShare, db_index=False)
    why = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "share"], name="a_share_defaults_once"),
            models.CheckConstraint(condition=~Q(why=""), name="defaults_say_what_was_done"),
        ]


class Distribution(Made):
    """A distribution as it was declared."""

    classified = classify(business="amount declared_on why made_by_user made_at made_by")

    public_id = PublicIdField("DST")
    venture = PracticeForeignKey(Venture, db_index=False)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    declared_on = models.DateField(help_text="The day as of which it was computed")
    why = models.CharField(max_length=300)
    made_by_user = models.CharField(max_length=16, blank=True, help_text="Account of who declared it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="distributions_have_one_public_id"),
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(why=""), name="distributions_say_why"),
        ]


class DistributionShare(Made):
    """What a holder gets of a distribution in a tier."""

    classified = classify(business="number tier owed amount made_at made_by")

    distribution = PracticeForeignKey(Distribution, db_index=False)
    number = models.PositiveSmallIntegerField()
    holder = PracticeForeignKey(Holder, db_index=False)
    unit_class = PracticeForeignKey(UnitClass, db_index=False)
    tier = models.CharField(max_length=16)
    owed = models.CharField(max_length=60)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "distribution", "number"], name="shares_are_numbered"),
            models.CheckConstraint(condition=Q(tier__in=TIERS, amount__gt=0), name="shares_stand_in_a_tier"),
        ]


class DistributionPayment(Made):
    """A distribution was paid; once for each."""

    classified = classify(business="paid_on ledger made_at made_by")

    distribution = PracticeForeignKey(Distribution, db_index=False)
    paid_on = models.DateField()
    ledger = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "distribution"], name="a_distribution_is_paid_once"),
        ]
