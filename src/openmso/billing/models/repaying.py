"""Money given back: refunds of patients, and overpayments of payers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.billing.models.accounts import Payment
from openmso.billing.models.common import CENTS
from openmso.billing.states import (
    Cause,
    R,
    V,
)
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class Refund(PracticeModel):
    """Money of a payment that is to go back to the patient: asked for by one person, decided by another."""

    classified = classify(
        business="payment patient amount why state asked_at asked_by asked_user decided_at decided_by decided_why "
        "reference entry",
    )

    public_id = PublicIdField("RFD")
    payment = PracticeForeignKey(Payment, db_index=False)
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    amount = models.DecimalField(**CENTS)
    why = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=[(one.value, one.label) for one in R], default=R.ASKED.value)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=160)
    asked_user = models.CharField(max_length=20, blank=True, help_text="Public id of their account")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    decided_why = models.CharField(max_length=300, blank=True)
    reference = models.CharField(
        max_length=40, blank=True, help_text="Number of the check, or what the card's slip says"
    )
    entry = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="refunds_have_one_public_id"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refunds_give_something_back"),
            models.CheckConstraint(
                condition=~Q(state=R.PAID.value) | Q(reference__gt="", entry__gt="", decided_at__isnull=False),
                name="paid_refunds_have_a_reference_and_an_entry",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "-asked_at", "id"], name="refund_by_time"),
            models.Index(fields=["practice", "payment"], name="refund_by_payment"),
        ]


class Overpayment(PracticeModel):
    """What a payer paid too much on a claim, and its clock: 60 days where the law sets them (42 CFR 401.305)."""

    classified = classify(
        business="claim claim_name patient payer_name has_clock amount identified_on began_on ended_on state cause why "
        "reference entry returned_amount returned closed_on",
    )

    public_id = PublicIdField("OVP")
    claim = PracticeForeignKey("claims.Claim", db_index=False)
    claim_name = models.CharField(max_length=16)
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    payer_name = models.CharField(max_length=160)
    has_clock = models.BooleanField(help_text="Medicare or Medicaid: to be returned within 60 days")
    amount = models.DecimalField(**CENTS)
    identified_on = models.DateField()
    began_on = models.DateField(null=True, help_text="A timely good-faith investigation began")
    ended_on = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=[(one.value, one.label) for one in V], default=V.OPEN.value)
    cause = models.CharField(max_length=12, blank=True, choices=[(one.value, one.label) for one in Cause])
    why = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=40, blank=True, help_text="Proof that it was returned")
    entry = models.CharField(max_length=16, blank=True)
    returned_amount = models.DecimalField(**CENTS, default=0)
    returned = models.PositiveSmallIntegerField(default=0, help_text="How often it was returned")
    closed_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="overpayments_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "claim"], name="a_claim_is_overpaid_in_one_row"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="overpayments_are_too_much"),
            models.CheckConstraint(
                condition=~Q(state=V.RETURNED.value) | Q(reference__gt="", entry__gt="", closed_on__isnull=False),
                name="returned_overpayments_have_a_proof",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(began_on__isnull=False, ended_on__gte=F("began_on")),
                name="investigations_end_after_they_begin",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "identified_on", "id"], name="overpayment_by_day"),
        ]
