"""Workpapers of analytics: what each claim counts for, and the sums of months. All of it can be made again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.analytics.contracts import FEWEST, Function
from openmso.analytics.rules.measures import AMOUNTS, FLAGS, SERVED
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel


def _money() -> models.DecimalField:
    return models.DecimalField(max_digits=16, decimal_places=2, default=0)


class Keyed(PracticeModel):
    """Whose figures: payer and clinician of the claims."""

    temper = "workpaper"

    payer = models.ForeignKey("parties.Payer", models.PROTECT, null=True, related_name="+", db_index=False)
    clinician = PracticeForeignKey("parties.Clinician", null=True, db_index=False)

    class Meta:
        abstract = True


class ClaimFact(Keyed):
    """What one claim counts for (`rules.measures.Flags`), so that a figure opens down to its claims."""

    classified = classify(
        business=f"claim payer clinician sent_on charge_amount {' '.join(FLAGS)} to_resolve to_appeal",
        clinical="served_on to_build to_send",
    )

    claim = PracticeForeignKey("claims.Claim", db_index=False)
    sent_on = models.DateField()
    served_on = models.DateField()
    charge_amount = _money()
    submitted = models.BooleanField()
    accepted_first = models.BooleanField()
    waiting = models.BooleanField()
    returned = models.BooleanField()
    judged = models.BooleanField()
    first_pass = models.BooleanField()
    denied_first = models.BooleanField()
    denial_ended = models.BooleanField()
    overturned = models.BooleanField()
    to_build = models.IntegerField(null=True)
    to_send = models.IntegerField(null=True)
    to_resolve = models.IntegerField(null=True)
    to_appeal = models.IntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "claim"], name="a_claim_is_measured_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "sent_on", "claim"], name="claim_fact_by_sending")]


class ClaimMoney(Keyed):
    """What the services of one claim came to (`rules.measures.Fact`), so that sums of money open down to claims."""

    classified = classify(business=f"claim payer clinician {' '.join(SERVED)}", clinical="served_on")

    claim = PracticeForeignKey("claims.Claim", db_index=False)
    served_on = models.DateField()
    served_amount = _money()
    paid_amount = _money()
    contractual_amount = _money()
    other_amount = _money()
    net_amount = _money()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "served_on", "claim"], name="claim_money_by_service")]


class ClaimAge(Keyed):
    """One claim as it stood at the end of a day on which receivables are told (`rules.measures.Stood`)."""

    classified = classify(
        business="claim payer clinician stood_on bucket open_amount credit_amount patient_amount net_amount "
        "unbilled_amount",
        clinical="served_on",
    )

    claim = PracticeForeignKey("claims.Claim", db_index=False)
    served_on = models.DateField()
    stood_on = models.DateField()
    bucket = models.PositiveSmallIntegerField(help_text="Days of age from which it counts")
    open_amount = _money()
    credit_amount = _money()
    patient_amount = _money()
    net_amount = _money()
    unbilled_amount = _money()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "stood_on", "served_on", "claim"], name="claim_age_by_day"),
        ]


class Cell(Keyed):
    """Measures of a month, payer and clinician, added up (`rules.measures.Sums`)."""

    classified = classify(business=f"payer clinician month {' '.join((*FLAGS, *AMOUNTS))}")

    month = models.DateField(help_text="Its first day")
    submitted = models.PositiveIntegerField(default=0)
    accepted_first = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    judged = models.PositiveIntegerField(default=0)
    first_pass = models.PositiveIntegerField(default=0)
    denied_first = models.PositiveIntegerField(default=0)
    denial_ended = models.PositiveIntegerField(default=0)
    overturned = models.PositiveIntegerField(default=0)
    submitted_amount = _money()
    denied_first_amount = _money()
    served_amount = _money()
    paid_amount = _money()
    contractual_amount = _money()
    other_amount = _money()
    net_amount = _money()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "month", "payer", "clinician"], nulls_distinct=False, name="a_month_is_one_cell"
            ),
        ]


class Lag(Keyed):
    """How many claims took so many days, by the month in which they were first sent."""

    classified = classify(business="payer clinician month kind days claims")

    month = models.DateField(help_text="Its first day")
    kind = models.CharField(max_length=10)
    days = models.IntegerField()
    claims = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "kind", "month"], name="lag_by_month")]


class Age(Keyed):
    """Receivables of an age as they stood at the end of a day: of each month's last, and of the day of the count."""

    classified = classify(
        business="payer clinician stood_on bucket claims open_amount credit_amount patient_amount net_amount "
        "unbilled_amount"
    )

    stood_on = models.DateField()
    bucket = models.PositiveSmallIntegerField(help_text="Days of age from which it counts")
    claims = models.PositiveIntegerField()
    open_amount = _money()
    credit_amount = _money()
    patient_amount = _money()
    net_amount = _money()
    unbilled_amount = _money()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "stood_on"], name="age_by_day")]


class Cohort(Keyed):
    """What was paid for the services of a month, by days since the service (`rules.measures.cohorts`)."""

    classified = classify(business="payer clinician month age paid_amount")

    month = models.DateField(help_text="Its first day")
    age = models.PositiveSmallIntegerField(help_text="Days since the service from which it counts")
    paid_amount = _money()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "month", "age", "payer", "clinician"], nulls_distinct=False,
                name="a_cohort_has_an_age_once",
            ),
        ]  # fmt: skip


class Occurrence(Keyed):
    """Something that a figure counts and that is no claim sent in a month (`rules.occurrences`)."""

    classified = classify(business="payer clinician kind source count hits amount", clinical="occurred_on")

    kind = models.CharField(max_length=10, help_text="`rules.occurrences.Of`")
    occurred_on = models.DateField()
    source = models.CharField(max_length=16, help_text="Public id of what tells it")
    count = models.IntegerField()
    hits = models.IntegerField()
    amount = _money()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "kind", "occurred_on", "id"], name="occurrence_by_day")]


class OccurrenceSum(Keyed):
    """Occurrences of a kind in a month, added up."""

    classified = classify(business="payer clinician kind month count hits amount hit_amount")

    kind = models.CharField(max_length=10, help_text="`rules.occurrences.Of`")
    month = models.DateField(help_text="Its first day")
    count = models.IntegerField()
    hits = models.IntegerField()
    amount = _money()
    hit_amount = _money()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "month", "kind", "payer", "clinician"], nulls_distinct=False,
                name="a_month_of_a_kind_is_one_row",
            ),
        ]  # fmt: skip


class Curve(Keyed):
    """How the dollars of claims of an age were paid, and what is open at that age (`rules.curves.Week`)."""

    classified = classify(
        business="payer clinician week claims open_amount paid_amount other_amount waiting_amount fresh_amount"
    )

    week = models.PositiveSmallIntegerField(help_text="Of the claim's age, from its first sending")
    claims = models.PositiveIntegerField()
    open_amount = _money()
    paid_amount = _money()
    other_amount = _money()
    waiting_amount = _money()
    fresh_amount = _money()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "week", "payer", "clinician"], nulls_distinct=False, name="a_week_of_age_is_one_row"
            ),
        ]


class Count(PracticeModel):
    """When a practice was counted last, and whether something has happened since."""

    temper = "workpaper"
    classified = classify(business="counted_at counted_on is_stale foretold_amount came_amount")

    counted_at = models.DateTimeField(null=True)
    counted_on = models.DateField(null=True, help_text="The practice's day of the count")
    is_stale = models.BooleanField(default=True)
    foretold_amount = models.DecimalField(
        max_digits=16, decimal_places=2, null=True, help_text="Cash that would have been foretold of the weeks before"
    )
    came_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, help_text="Cash that came in them")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["practice"], name="a_practice_is_counted_in_one_row")]


class NetworkFigure(models.Model):
    """A key figure of a month over the practices that have theirs compared; told by how many, never by whom."""

    scope = "global"
    temper = "workpaper"
    classified = classify(public="kpi month practices low median high at")

    kpi = models.CharField(max_length=40)
    month = models.DateField(help_text="Its first day")
    practices = models.PositiveSmallIntegerField()
    low = models.DecimalField(max_digits=20, decimal_places=6)
    median = models.DecimalField(max_digits=20, decimal_places=6)
    high = models.DecimalField(max_digits=20, decimal_places=6)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kpi", "month"], name="a_figure_of_the_network_is_told_once"),
            models.CheckConstraint(condition=Q(practices__gte=FEWEST), name="few_practices_are_not_compared"),
        ]


class HourCost(models.Model):
    """What an hour of a function's work costs from a day on, as somebody entered it. The last that has begun holds."""

    scope = "global"
    temper = "journal"
    classified = classify(public="function number starts_on hourly minutes source why at by")

    function = models.CharField(max_length=10, choices=[(one.value, one.label) for one in Function])
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    hourly = models.DecimalField(
        max_digits=8, decimal_places=2, help_text="Dollars, with everything that an hour costs"
    )
    minutes = models.DecimalField(max_digits=5, decimal_places=1, help_text="How long one touch of an item takes")
    source = models.CharField(max_length=200, help_text="Where the figures come from")
    why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["function", "number"], name="costs_of_a_function_are_numbered"),
            models.CheckConstraint(
                condition=Q(hourly__gt=0, minutes__gt=0, source__gt=""), name="costs_of_an_hour_name_their_source"
            ),
        ]
