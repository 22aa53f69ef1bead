"""How the cost that the MSO shares out is allocated: plans, figures of a month, allocations that are frozen, shares."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import Entity, PracticeForeignKey, PracticeModel, PublicIdField
from openmso.settlement.states import Allocating


class AllocationPlan(PracticeModel):
    """A version of the MSO's plan: pools in the order in which they close, each with what it is shared by."""

    temper = "journal"
    classified = classify(business="number entity from_month pools why made_at made_by")

    public_id = PublicIdField("ALP")
    number = models.PositiveSmallIntegerField()
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", help_text="Of whose book the accounts are")
    from_month = models.DateField(help_text="First day of the month from which it holds")
    pools = models.JSONField(help_text="Name, accounts, drivers with weights, what is direct, what bears others")
    why = models.CharField(max_length=600)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="allocation_plans_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "number"], name="versions_of_a_plan_are_numbered"),
            models.CheckConstraint(condition=Q(from_month__day=1), name="plans_hold_from_the_first_of_a_month"),
            models.CheckConstraint(condition=~Q(why=""), name="plans_say_why_they_changed"),
        ]


class AllocationFigure(PracticeModel):
    """A figure of a month that the system does not know, with what shows it. A later number of it counts instead.

    Of a practice: what it counts for by a driver, or what of a pool (`pool`) is directly its own. Of the MSO: what a
    pool counts for by a driver, or what it cost where its plan names no accounts.
    """

    temper = "journal"
    classified = classify(business="month driver pool number value why entered_at entered_by documents")

    public_id = PublicIdField("ALF")
    month = models.DateField(help_text="Its first day")
    driver = models.CharField(max_length=40)
    pool = models.CharField(max_length=60, blank=True)
    number = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=18, decimal_places=4)
    why = models.CharField(max_length=600, help_text="What shows it")
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=120)
    documents = ArrayField(models.CharField(max_length=16), default=list, help_text="Public ids of its papers")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "month", "driver", "pool", "number"], name="figures_of_drivers_are_numbered"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="figures_of_drivers_are_not_below_zero"),
            models.CheckConstraint(condition=~Q(why=""), name="figures_of_drivers_say_what_shows_them"),
            models.CheckConstraint(condition=Q(month__day=1), name="months_of_drivers_begin_on_their_first_day"),
        ]


class AllocationRun(PracticeModel):
    """The allocation of a month as it was frozen: what went in and what came out, enough to compute it again."""

    classified = classify(
        business="month plan state whole_amount given shares opens frozen_at frozen_by withdrawn_at withdrawn_by why"
    )

    public_id = PublicIdField("ALR")
    month = models.DateField(help_text="Its first day")
    plan = PracticeForeignKey(AllocationPlan)
    state = models.CharField(max_length=12, default=Allocating.FROZEN.value)
    whole_amount = models.DecimalField(max_digits=14, decimal_places=2)
    given = models.JSONField(help_text="Pools and drivers, as `openmso fee allocate` reads them")
    shares = models.JSONField(help_text="Every share of every pool with its formula")
    opens = models.JSONField(help_text="What stands behind pools and drivers")
    frozen_at = models.DateTimeField()
    frozen_by = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)
    why = models.CharField(max_length=600, blank=True, help_text="Why it was withdrawn")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="allocations_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "month"], condition=Q(state=Allocating.FROZEN.value),
                name="one_allocation_of_a_month_stands",
            ),
            models.CheckConstraint(condition=Q(state__in=list(Allocating)), name="allocations_stand_somehow"),
            models.CheckConstraint(condition=Q(month__day=1), name="months_of_allocations_begin_on_their_first_day"),
            models.CheckConstraint(
                condition=Q(state=Allocating.FROZEN.value, withdrawn_at=None, why="")
                | (Q(state=Allocating.WITHDRAWN.value, withdrawn_at__isnull=False) & ~Q(why="")),
                name="allocations_are_withdrawn_with_a_reason",
            ),
        ]  # fmt: skip


class AllocationShare(PracticeModel):
    """What one practice bears of one pool of a month: its own, and the whole, nobody else's."""

    classified = classify(business="run month number pool whole_amount amount formula open_book standing")

    run = models.CharField(max_length=16, help_text="Public id of the allocation, which is the MSO's")
    month = models.DateField(help_text="Its first day")
    number = models.PositiveSmallIntegerField(help_text="In the order in which the pools closed")
    pool = models.CharField(max_length=60)
    whole_amount = models.DecimalField(max_digits=14, decimal_places=2)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    formula = models.CharField(max_length=600)
    open_book = models.BooleanField(help_text="Whether the agreement of the month lets the practice see it")
    standing = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "run", "number"], name="shares_of_an_allocation_are_numbered"),
            models.UniqueConstraint(
                fields=["practice", "month", "number"], condition=Q(standing=True),
                name="one_share_of_a_pool_of_a_month_stands",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lte=F("whole_amount")), name="shares_of_cost_are_a_part_of_it"
            ),
        ]  # fmt: skip
