"""Accounts of patients, their payments, and what each payment paid for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.billing.models.common import CENTS
from openmso.billing.models.deposits import Slip
from openmso.billing.states import (
    Hold,
    Method,
    P,
    Why,
)
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class Account(PracticeModel):
    """What a patient owes and has paid ahead, as it stood when money or a payer's decision last moved it.

    Claims and settlements tell the same line by line; `services.keeping.refresh` makes it again from them.
    """

    classified = classify(
        business="patient owed_amount unapplied_amount hold hold_why hold_until hold_by statements last_statement_on",
        clinical="oldest_on",
    )

    patient = PracticeForeignKey("patients.Patient", db_index=False)
    owed_amount = models.DecimalField(**CENTS, default=0)
    unapplied_amount = models.DecimalField(**CENTS, default=0)
    oldest_on = models.DateField(null=True, help_text="Service day of the oldest line that is owed")
    hold = models.CharField(max_length=12, blank=True, choices=[(one.value, one.label) for one in Hold])
    hold_why = models.CharField(max_length=300, blank=True)
    hold_until = models.DateField(null=True, help_text="Its last day; without one until it is lifted")
    hold_by = models.CharField(max_length=160, blank=True)
    statements = models.PositiveSmallIntegerField(default=0, help_text="Sent since something was owed")
    last_statement_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "patient"], name="a_patient_has_one_account"),
            models.CheckConstraint(condition=Q(unapplied_amount__gte=0), name="nobody_pays_less_than_nothing_ahead"),
            models.CheckConstraint(condition=Q(hold="") | Q(hold_why__gt=""), name="statement_holds_say_why"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "-owed_amount", "id"], name="patient_account_by_amount"),
            models.Index(fields=["practice", "oldest_on", "id"], name="patient_account_by_age"),
        ]


class Payment(PracticeModel):
    """Money of a patient: how it came, how much of it is not applied, and its entry in the books."""

    classified = classify(
        business="patient entity method amount left_amount reference received_on received_at received_by state entry "
        "reversed_on reversed_by reversed_why slip fee_amount visit",
    )

    public_id = PublicIdField("RCP")
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    entity = models.ForeignKey("tenancy.Entity", models.PROTECT, related_name="+", db_index=False)
    method = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Method])
    amount = models.DecimalField(**CENTS)
    left_amount = models.DecimalField(**CENTS, help_text="Not applied and not given back")
    reference = models.CharField(max_length=40, blank=True, help_text="Check number; last four and approval of a card")
    received_on = models.DateField(help_text="Accounting day")
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=160)
    state = models.CharField(max_length=8, choices=[(one.value, one.label) for one in P], default=P.POSTED.value)
    entry = models.CharField(max_length=16)
    reversed_on = models.DateField(null=True)
    reversed_by = models.CharField(max_length=160, blank=True)
    reversed_why = models.CharField(max_length=300, blank=True)
    slip = PracticeForeignKey(Slip, null=True, db_index=False)
    fee_amount = models.DecimalField(**CENTS, default=0, help_text="What an agency kept of it; the bank gets the rest")
    visit = PracticeForeignKey("scheduling.Visit", null=True, help_text="At which visit the desk collected it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="patient_payments_have_one_public_id"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="patients_pay_something"),
            models.CheckConstraint(
                condition=Q(left_amount__gte=0, left_amount__lte=F("amount")),
                name="what_is_left_of_a_payment_is_part_of_it",
            ),
            models.CheckConstraint(
                condition=Q(state=P.POSTED.value) | Q(left_amount=0, reversed_on__isnull=False, reversed_why__gt=""),
                name="payments_taken_back_say_when_and_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "patient", "id"], name="patient_payment_by_patient"),
            models.Index(fields=["practice", "-received_on", "id"], name="patient_payment_by_day"),
            models.Index(
                fields=["practice", "-left_amount", "id"], condition=Q(left_amount__gt=0),
                name="patient_payment_unapplied",
            ),
            models.Index(fields=["practice", "slip", "id"], name="patient_payment_by_slip"),
        ]  # fmt: skip


class Settlement(PracticeModel):
    """What settled part of what a patient owes of a line (of a claim as a whole, without one); negative takes back.

    The rows of one act share its name and stand in one entry of the books.
    """

    temper = "journal"
    classified = classify(business="act why payment patient claim claim_name claim_line amount on at by entry note",
                          clinical="line")  # fmt: skip

    act = models.CharField(max_length=16)
    why = models.CharField(max_length=12, choices=[(one.value, one.label) for one in Why])
    payment = PracticeForeignKey(Payment, null=True, db_index=False)
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    claim = PracticeForeignKey("claims.Claim", db_index=False)
    claim_name = models.CharField(max_length=16)
    claim_line = PracticeForeignKey("claims.ClaimLine", null=True, db_index=False)
    line = models.PositiveSmallIntegerField(help_text="0 for the claim as a whole")
    amount = models.DecimalField(**CENTS)
    on = models.DateField(help_text="Accounting day")
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    entry = models.CharField(max_length=16)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount=0), name="settlements_move_something"),
            models.CheckConstraint(
                condition=Q(why=Why.PAYMENT.value, payment__isnull=False) | ~Q(why=Why.PAYMENT.value) & Q(payment=None),
                name="payments_settle_by_their_name",
            ),
            models.CheckConstraint(
                condition=Q(line=0, claim_line=None) | Q(line__gt=0, claim_line__isnull=False),
                name="settlements_name_a_line_or_the_whole_claim",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "claim"], name="settlement_by_claim"),
            models.Index(fields=["practice", "patient", "id"], name="settlement_by_patient"),
            models.Index(
                fields=["practice", "payment"], condition=Q(payment__isnull=False), name="settlement_by_payment"
            ),
        ]
