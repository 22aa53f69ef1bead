"""Claim and line payments with every adjustment, and the claims that they were posted to. Nothing here is changed.

A payment is what the payer said; an application says which claim it was posted to, at once or later by hand.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.remittances.contracts import Effect, Outcome
from openmso.remittances.models.files import Remittance

CENTS: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}
WHOLE = (
    F("paid_amount")
    + F("contractual_amount")
    + F("other_amount")
    + F("patient_amount")
    + F("denied_amount")
    + F("prior_amount")
)


class ClaimPayment(PracticeModel):
    """One CLP loop: a claim as adjudicated. The charge is paid, written off, the patient's, left open or prior."""

    temper = "journal"
    classified = classify(
        business="remittance position charge_amount paid_amount contractual_amount other_amount patient_amount "
        "denied_amount prior_amount told_patient_amount outcome is_reversal forwarded applies payer_rank filing_code "
        "span_start span_end reverses",
        demographic="patient_last patient_first member_id",
        clinical="control payer_control status_code service_on remarks",
    )

    public_id = PublicIdField("PMT")
    remittance = PracticeForeignKey(Remittance, db_index=False)
    position = models.PositiveIntegerField()
    control = models.CharField(max_length=50, help_text="CLP01: our claim control number")
    payer_control = models.CharField(max_length=60, blank=True, help_text="CLP07: the payer's")
    status_code = models.CharField(max_length=3, help_text="CLP02")
    filing_code = models.CharField(max_length=3, blank=True)
    charge_amount = models.DecimalField(**CENTS)
    paid_amount = models.DecimalField(**CENTS)
    contractual_amount = models.DecimalField(**CENTS)
    other_amount = models.DecimalField(**CENTS)
    patient_amount = models.DecimalField(**CENTS)
    denied_amount = models.DecimalField(**CENTS)
    prior_amount = models.DecimalField(**CENTS)
    told_patient_amount = models.DecimalField(**CENTS, help_text="CLP05, which need not be the sum of the PR reasons")
    outcome = models.CharField(max_length=14, choices=[(o.value, o.label) for o in Outcome])
    is_reversal = models.BooleanField()
    forwarded = models.BooleanField(help_text="Crossed over to the next payer")
    applies = models.BooleanField(help_text="Not a predetermination")
    payer_rank = models.SmallIntegerField(help_text="1 primary, 2 secondary, 3 tertiary, 0 not said")
    reverses = PracticeForeignKey("self", null=True, db_index=False)
    patient_last = models.CharField(max_length=60, blank=True)
    patient_first = models.CharField(max_length=40, blank=True)
    member_id = models.CharField(max_length=80, blank=True)
    service_on = models.DateField(null=True)
    remarks = models.CharField(max_length=120, blank=True)
    span_start = models.PositiveBigIntegerField()
    span_end = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="payments_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "remittance", "position"], name="a_claim_is_paid_once_a_place"),
            models.CheckConstraint(condition=Q(charge_amount=WHOLE), name="claim_payments_account_for_the_charge"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "control"], name="payments_by_control"),
            models.Index(fields=["practice", "payer_control"], name="payments_by_payer_control"),
        ]


class ServicePayment(PracticeModel):
    """One SVC loop: a service line as adjudicated."""

    temper = "journal"
    classified = classify(
        business="payment number charge_amount paid_amount contractual_amount other_amount patient_amount "
        "denied_amount prior_amount allowed_amount span_start span_end line_control",
        clinical="code modifiers submitted_code submitted_modifiers units service_on remarks",
    )

    payment = PracticeForeignKey(ClaimPayment, db_index=False)
    number = models.PositiveSmallIntegerField()
    line_control = models.CharField(max_length=50, blank=True, help_text="REF*6R")
    code = models.CharField(max_length=48)
    modifiers = models.CharField(max_length=24, blank=True)
    submitted_code = models.CharField(max_length=48, blank=True, help_text="SVC06: what was billed, if other")
    submitted_modifiers = models.CharField(max_length=24, blank=True)
    units = models.DecimalField(max_digits=15, decimal_places=3, null=True)
    service_on = models.DateField(null=True)
    charge_amount = models.DecimalField(**CENTS)
    paid_amount = models.DecimalField(**CENTS)
    contractual_amount = models.DecimalField(**CENTS)
    other_amount = models.DecimalField(**CENTS)
    patient_amount = models.DecimalField(**CENTS)
    denied_amount = models.DecimalField(**CENTS)
    prior_amount = models.DecimalField(**CENTS)
    allowed_amount = models.DecimalField(**CENTS, null=True, help_text="AMT*B6")
    remarks = models.CharField(max_length=120, blank=True, help_text="LQ*HE codes")
    span_start = models.PositiveBigIntegerField()
    span_end = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "payment", "number"], name="a_line_is_paid_once_a_place"),
            models.CheckConstraint(condition=Q(charge_amount=WHOLE), name="line_payments_account_for_the_charge"),
        ]


class Adjustment(PracticeModel):
    """One reason of a CAS, verbatim, and what we did with its money. Line 0 is the claim itself."""

    temper = "journal"
    classified = classify(business="payment line place amount effect", clinical="group reason quantity")

    payment = PracticeForeignKey(ClaimPayment, db_index=False)
    line = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=2)
    reason = models.CharField(max_length=5)
    amount = models.DecimalField(**CENTS)
    quantity = models.DecimalField(max_digits=15, decimal_places=3, null=True)
    effect = models.CharField(max_length=12, choices=[(e.value, e.label) for e in Effect])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "payment", "line", "place"], name="an_adjustment_stands_once_in_its_place"
            ),
        ]


class ProviderAdjustment(PracticeModel):
    """One item of a PLB: positive takes money from the payment, negative adds to it."""

    temper = "journal"
    classified = classify(
        public="payer_key",
        business="remittance position provider fiscal_on code reference amount account span_start span_end",
    )

    public_id = PublicIdField("PLB")
    remittance = PracticeForeignKey(Remittance, db_index=False)
    position = models.PositiveSmallIntegerField()
    payer_key = models.CharField(max_length=80)
    provider = models.CharField(max_length=50, blank=True)
    fiscal_on = models.DateField(null=True)
    code = models.CharField(max_length=5)
    reference = models.CharField(max_length=80, blank=True)
    amount = models.DecimalField(**CENTS)
    account = models.CharField(max_length=12, help_text="Ledger account it is kept in")
    span_start = models.PositiveBigIntegerField()
    span_end = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="provider_adjustments_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "remittance", "position"], name="a_provider_adjustment_stands_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "payer_key", "reference"], name="provider_adjustments_by_ref"),
        ]


class Application(PracticeModel):
    """The claim that a payment was posted to: found by its control number at once, or by a person later."""

    temper = "journal"
    classified = classify(business="payment claim claim_name matched_by why applied_on applied_at applied_by")

    payment = PracticeForeignKey(ClaimPayment, db_index=False)
    claim = PracticeForeignKey("claims.Claim", db_index=False)
    claim_name = models.CharField(max_length=16, help_text="Public id of the claim")
    matched_by = models.CharField(max_length=16, help_text="control, payer_control or hand")
    why = models.CharField(max_length=400, blank=True)
    applied_on = models.DateField(help_text="Accounting day")
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "payment"], name="a_payment_is_applied_once"),
            models.CheckConstraint(condition=~Q(matched_by="hand") | ~Q(why=""), name="matches_by_hand_say_why"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "claim", "id"], name="applications_by_claim")]


class Unapplied(PracticeModel):
    """A payment that waits for its claim, for as long as it does: so that the few are found without the many.

    What it says follows from payments and applications; it can be made again from them.
    """

    temper = "workpaper"
    classified = classify(business="payment")

    payment = PracticeForeignKey(ClaimPayment, db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "payment"], name="a_payment_waits_for_its_claim_once"),
        ]


class LineApplication(PracticeModel):
    """The claim line that a line payment was posted to."""

    temper = "journal"
    classified = classify(business="payment number claim_line claim_line_number")

    payment = PracticeForeignKey(ClaimPayment, db_index=False)
    number = models.PositiveSmallIntegerField()
    claim_line = PracticeForeignKey("claims.ClaimLine", db_index=False)
    claim_line_number = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "payment", "number"], name="a_line_payment_is_applied_once"),
        ]


class PatientShare(PracticeModel):
    """A change of what the patient owes on a claim after insurance; the sum of them is what is owed now."""

    temper = "journal"
    classified = classify(business="claim payment turn amount on at")

    claim = PracticeForeignKey("claims.Claim", db_index=False)
    payment = PracticeForeignKey(ClaimPayment, db_index=False)
    turn = models.PositiveSmallIntegerField(
        default=0, help_text="0 by the payment itself; from 1 because another payer was asked, or was not"
    )
    amount = models.DecimalField(**CENTS, help_text="Added to the patient's share; negative gives back")
    on = models.DateField(help_text="Accounting day")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "payment", "turn"], name="a_payment_moves_a_patients_share_once_a_turn"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="changes_of_a_patients_share_are_not_zero"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "claim"], name="patient_shares_by_claim")]
