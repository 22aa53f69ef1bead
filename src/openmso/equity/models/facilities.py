"""Facilities of capital: what a practice may draw, what it drew and repaid, and its covenants. All are journals."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.equity.models.tables import Made
from openmso.equity.states import Every, Lending, Measure, Tie
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import Entity, PracticeForeignKey, PublicIdField


class Facility(Made):
    """What a practice asked for; it can only be kept where it depends on nothing but repayment."""

    classified = classify(
        business="mso_entity practice_entity purpose limit_amount rate months terms tie revolves unused_rate made_at "
        "made_by"
    )

    public_id = PublicIdField("FAC")
    mso_entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    practice_entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    purpose = models.CharField(max_length=300)
    limit_amount = models.DecimalField(max_digits=14, decimal_places=2)
    rate = models.DecimalField(max_digits=9, decimal_places=6, help_text="A year, as a part of one")
    months = models.PositiveSmallIntegerField(help_text="Over how many each draw is repaid")
    terms = models.TextField(blank=True)
    tie = models.CharField(max_length=8, help_text="On what it depends")
    revolves = models.BooleanField(default=False, help_text="What was repaid can be drawn again")
    unused_rate = models.DecimalField(
        max_digits=9, decimal_places=6, default=0, help_text="A year, on what is not drawn"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="facilities_have_one_public_id"),
            models.CheckConstraint(condition=Q(tie=Tie.NOTHING), name="no_facility_depends_on_referrals"),
            models.CheckConstraint(
                condition=Q(limit_amount__gt=0, rate__gte=0, rate__lt=1, months__gt=0) & ~Q(purpose=""),
                name="facilities_say_what_for_and_how",
            ),
            models.CheckConstraint(condition=~Q(mso_entity=F("practice_entity")), name="nobody_lends_to_themselves"),
            models.CheckConstraint(
                condition=Q(unused_rate=0) | Q(unused_rate__gt=0, unused_rate__lt=1, revolves=True),
                name="only_what_revolves_has_an_unused_fee",
            ),
        ]


class FacilityStep(Made):
    """A step in the life of a facility; the last one holds."""

    classified = classify(business="to why made_by_user made_at made_by")

    facility = PracticeForeignKey(Facility, db_index=False)
    to = models.CharField(max_length=12)
    why = models.CharField(max_length=300, blank=True)
    made_by_user = models.CharField(max_length=16, blank=True, help_text="Account of who did it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "facility", "to"], name="a_facility_takes_a_step_once"),
            models.CheckConstraint(condition=Q(to__in=list(Lending)), name="steps_lead_to_a_state"),
        ]


class Draw(Made):
    """Money that was drawn, posted in both books."""

    classified = classify(business="amount residual_amount drawn_on purpose practice_entry mso_entry made_at made_by")

    public_id = PublicIdField("DRW")
    facility = PracticeForeignKey(Facility, db_index=False)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    residual_amount = models.DecimalField(max_digits=14, decimal_places=2)
    drawn_on = models.DateField()
    purpose = models.CharField(max_length=300)
    practice_entry = models.CharField(max_length=16, help_text="Public id of the entry in the practice's book")
    mso_entry = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="draws_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(residual_amount__gte=0, amount__gt=F("residual_amount")) & ~Q(purpose=""),
                name="draws_are_more_than_their_residual",
            ),
        ]


class DrawPayment(Made):
    """An instalment that was paid, once, posted in both books."""

    classified = classify(
        business="number paid_on interest_amount principal_amount practice_entry mso_entry made_at made_by"
    )

    draw = PracticeForeignKey(Draw, db_index=False)
    number = models.PositiveSmallIntegerField()
    paid_on = models.DateField()
    interest_amount = models.DecimalField(max_digits=14, decimal_places=2)
    principal_amount = models.DecimalField(max_digits=14, decimal_places=2)
    practice_entry = models.CharField(max_length=16)
    mso_entry = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "draw", "number"], name="an_instalment_is_paid_once"),
            models.CheckConstraint(
                condition=Q(interest_amount__gte=0, principal_amount__gte=0), name="instalments_pay_something_off"
            ),
        ]


class Prepayment(Made):
    """Principal of a draw that was paid ahead of its instalments, posted in both books."""

    classified = classify(business="paid_on principal_amount interest_amount practice_entry mso_entry made_at made_by")

    draw = PracticeForeignKey(Draw, db_index=False)
    paid_on = models.DateField()
    principal_amount = models.DecimalField(max_digits=14, decimal_places=2)
    interest_amount = models.DecimalField(max_digits=14, decimal_places=2)
    practice_entry = models.CharField(max_length=16)
    mso_entry = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(principal_amount__gt=0, interest_amount__gte=0), name="prepayments_pay_something_off"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "draw"], name="prepayments_of_a_draw")]


class UnusedFee(Made):
    """The fee of a month on what of a revolving facility was not drawn, posted in both books; once for each month."""

    classified = classify(business="month mean_amount amount paid_on practice_entry mso_entry made_at made_by")

    facility = PracticeForeignKey(Facility, db_index=False)
    month = models.DateField(help_text="Its first day")
    mean_amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Not drawn, on average of its days")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    paid_on = models.DateField()
    practice_entry = models.CharField(max_length=16)
    mso_entry = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "facility", "month"], name="an_unused_fee_is_charged_once"),
            models.CheckConstraint(
                condition=Q(month__day=1, amount__gt=0, mean_amount__gt=0), name="unused_fees_are_of_a_month"
            ),
        ]


class Covenant(Made):
    """What a practice keeps to while it owes."""

    classified = classify(business="words measure at_least limit every cure_days made_at made_by")

    public_id = PublicIdField("COV")
    facility = PracticeForeignKey(Facility, db_index=False)
    words = models.CharField(max_length=200)
    measure = models.CharField(max_length=10)
    at_least = models.BooleanField()
    limit = models.DecimalField(max_digits=16, decimal_places=4)
    every = models.CharField(max_length=8)
    cure_days = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="covenants_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(measure__in=list(Measure), every__in=list(Every)) & ~Q(words=""),
                name="covenants_say_what_they_measure",
            ),
        ]


class CovenantTest(Made):
    """A covenant was tested for a period, named by its last month; once for each."""

    classified = classify(business="month value met shows cure_by made_at made_by")

    covenant = PracticeForeignKey(Covenant, db_index=False)
    month = models.DateField(help_text="First day of the last month of the period")
    value = models.DecimalField(max_digits=16, decimal_places=4)
    met = models.BooleanField()
    shows = models.CharField(max_length=300)
    cure_by = models.DateField(null=True, help_text="The last day to cure a breach")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "covenant", "month"], name="a_covenant_is_tested_once_a_period"
            ),
            models.CheckConstraint(
                condition=Q(met=True, cure_by=None) | Q(met=False, cure_by__isnull=False),
                name="breaches_have_a_day_to_cure",
            ),
        ]


class Cure(Made):
    """A breach was cured."""

    classified = classify(business="cured_on words made_at made_by")

    test = PracticeForeignKey(CovenantTest, db_index=False)
    cured_on = models.DateField()
    words = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "test"], name="a_breach_is_cured_once"),
            models.CheckConstraint(condition=~Q(words=""), name="cures_say_how"),
        ]
