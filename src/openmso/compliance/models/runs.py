"""Payment runs as they were judged, and how compliance settled what was stopped. Nothing of it is ever changed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openmso.compliance.models.register import EIN, NPI, Arrangement, Recorded
from openmso.compliance.states import Outcome
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PublicIdField


class PaymentRun(Recorded):
    """A file of payments; the same bytes are one run of a practice."""

    classified = classify(
        business="document sha256 file_name judged_on count amount released stopped stopped_amount recorded_at "
        "recorded_by"
    )

    public_id = PublicIdField("CPR")
    document = models.CharField(max_length=16, help_text="Public id of the stored file")
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    judged_on = models.DateField(help_text="The practice's day on which it was judged")
    count = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    released = models.PositiveIntegerField(help_text="Lines that may be paid, with those to no referral source")
    stopped = models.PositiveIntegerField()
    stopped_amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="payment_runs_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "sha256"], name="a_payment_file_is_one_run"),
            models.CheckConstraint(
                condition=Q(count=F("released") + F("stopped")), name="every_payment_is_released_or_stopped"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "-recorded_at"], name="payment_runs_latest_first")]


class PaymentLine(Recorded):
    """A line of a run with what became of it; `reasons` are those for which it was stopped, the gravest first."""

    classified = classify(
        business="number payee amount npi ein starts_on through hours units time_record named reference outcome "
        "reasons faults term_number expected_amount note recorded_at recorded_by"
    )

    public_id = PublicIdField("CPL")
    run = PracticeForeignKey(PaymentRun, db_index=False)
    number = models.PositiveIntegerField(help_text="The line of the file")
    payee = models.CharField(max_length=120)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    npi = models.CharField(max_length=10, blank=True)
    ein = models.CharField(max_length=9, blank=True)
    starts_on = models.DateField(null=True)
    through = models.DateField(null=True)
    hours = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    units = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    time_record = models.CharField(max_length=120, blank=True)
    named = models.CharField(max_length=16, blank=True, help_text="The arrangement that the line names")
    reference = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=8)
    reasons = ArrayField(models.CharField(max_length=16), help_text="Codes of reasons")
    faults = models.JSONField(help_text="What was found, a list of reason, words and citation")
    arrangement = PracticeForeignKey(Arrangement, null=True, db_index=False)
    term_number = models.PositiveSmallIntegerField(null=True)
    expected_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="payments_checked_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "run", "number"], name="payments_of_a_run_are_lines_of_it"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_checked_are_of_something"),
            models.CheckConstraint(condition=Q(npi__regex=NPI, ein__regex=EIN), name="payees_have_numbers_that_can_be"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.STOPPED, reasons__len__gt=0)
                | Q(outcome__in=[Outcome.RELEASED, Outcome.FREE], reasons__len=0),
                name="stopped_payments_say_why",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.RELEASED)
                | Q(arrangement__isnull=False, starts_on__isnull=False, through__isnull=False),
                name="released_payments_are_under_an_arrangement",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "arrangement", "through"], condition=Q(arrangement__isnull=False),
                name="payments_of_an_arrangement",
            ),
        ]  # fmt: skip


class Settlement(Recorded):
    """How compliance settled a payment that was stopped; once for each."""

    classified = classify(business="words recorded_at recorded_by")

    line = PracticeForeignKey(PaymentLine, db_index=False)
    words = models.CharField(max_length=1000)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "line"], name="a_stopped_payment_is_settled_once"),
            models.CheckConstraint(condition=~Q(words=""), name="settlements_say_how"),
        ]
