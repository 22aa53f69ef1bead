"""Denials, what was done about them, and write-offs that were asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round

from openmso.denials.contracts import Category, Cause, Owner
from openmso.denials.states import FINAL, OPEN, Asked, S
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

CENTS: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


def _in(states: Collection[S]) -> list[str]:
    return sorted(one.value for one in states)


class Denial(PracticeModel):
    """What one decision of a payer left open on one line of a claim (number 0: on the claim itself).

    Worth (`value_amount`) is kept for the order of the queue; it is nothing once nobody works on it.
    """

    classified = classify(
        public="payer payer_name",
        business="payment payment_name remittance number claim claim_name claim_line charge_line line_control "
        "resent_as resent_name clinician ordinal category is_denial owner action stage cause cause_why note "
        "charge_amount claim_charge_amount is_whole_claim touch_by paid_amount amount "
        "is_first denied_on correct_by appeal_by due_on win_rate weight "
        "value_amount state state_at touched_at "
        "resolved_on recovered_amount written_off_amount patient_amount opened_at",
        demographic="patient",
        clinical="code modifiers service_on group reason codes remarks words",
    )

    public_id = PublicIdField("DNL")
    payment = PracticeForeignKey("remittances.ClaimPayment", db_index=False)
    payment_name = models.CharField(max_length=16)
    remittance = models.CharField(max_length=16, help_text="Public id of the remittance")
    number = models.PositiveSmallIntegerField(help_text="Line of the payment, 0 the claim itself")
    claim = PracticeForeignKey("claims.Claim", db_index=False)
    claim_name = models.CharField(max_length=16)
    claim_line = PracticeForeignKey("claims.ClaimLine", null=True, db_index=False)
    charge_line = PracticeForeignKey("charges.Charge", null=True, db_index=False)
    line_control = models.CharField(max_length=30, blank=True)
    resent_as = PracticeForeignKey("claims.Claim", null=True, db_index=False)
    resent_name = models.CharField(max_length=16, blank=True)
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    clinician = PracticeForeignKey("parties.Clinician", null=True, db_index=False)
    payer = models.ForeignKey("parties.Payer", models.PROTECT, null=True, related_name="+", db_index=False)
    payer_name = models.CharField(max_length=80)
    ordinal = models.CharField(max_length=1, help_text="SBR01 of the claim: P primary, S secondary, T tertiary")
    code = models.CharField(max_length=48, blank=True)
    modifiers = models.CharField(max_length=24, blank=True)
    service_on = models.DateField(null=True)
    group = models.CharField(max_length=2, blank=True)
    reason = models.CharField(max_length=5, blank=True)
    codes = ArrayField(models.CharField(max_length=10), default=list, help_text="All that left money open: CO-197")
    remarks = ArrayField(models.CharField(max_length=10), default=list)
    words = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=24, choices=[(one.value, one.label) for one in Category])
    is_denial = models.BooleanField(help_text="Not a reduction or a note that only has to be looked at")
    owner = models.CharField(max_length=20, choices=[(one.value, one.label) for one in Owner])
    action = models.CharField(max_length=50)
    stage = models.CharField(max_length=20, blank=True, help_text="Where it could have been prevented")
    cause = models.CharField(max_length=10, choices=[(one.value, one.label) for one in Cause])
    cause_why = models.CharField(max_length=300)
    charge_amount = models.DecimalField(**CENTS)
    paid_amount = models.DecimalField(**CENTS, help_text="What the same decision paid: it is not what came in later")
    amount = models.DecimalField(**CENTS, help_text="What was left open")
    claim_charge_amount = models.DecimalField(**CENTS, help_text="Of the whole claim, as the payer decided it")
    is_whole_claim = models.BooleanField(help_text="The same decision paid nothing of the claim")
    is_first = models.BooleanField(help_text="The first denial of this charge by this payer")
    denied_on = models.DateField(help_text="Day of the payer's answer, from which its clocks run")
    correct_by = models.DateField()
    appeal_by = models.DateField()
    due_on = models.DateField(help_text="The one of them that counts for what comes next")
    win_rate = models.DecimalField(max_digits=5, decimal_places=4)
    weight = models.DecimalField(max_digits=3, decimal_places=2)
    value_amount = models.GeneratedField(
        expression=Round(F("amount") * F("win_rate") * F("weight"), 2), output_field=models.DecimalField(**CENTS),
        db_persist=True,
    )  # fmt: skip
    state = models.CharField(max_length=10, choices=[(one.value, one.label) for one in S])
    state_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    touch_by = models.DateTimeField(help_text="What the agreement promised when it came up")
    touched_at = models.DateTimeField(null=True, help_text="When somebody first did something about it")
    resolved_on = models.DateField(null=True)
    recovered_amount = models.DecimalField(**CENTS, default=0)
    written_off_amount = models.DecimalField(**CENTS, default=0)
    patient_amount = models.DecimalField(**CENTS, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="denials_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "payment", "number"], name="a_decision_denies_a_line_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="denials_leave_money_open"),
            models.CheckConstraint(
                condition=Q(state__in=_in(OPEN), resolved_on=None)
                | ~Q(state__in=_in(OPEN)) & Q(resolved_on__isnull=False),
                name="resolved_denials_say_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_in(OPEN)) | Q(weight=0), name="nothing_is_expected_of_resolved_denials"
            ),
            models.CheckConstraint(
                condition=Q(win_rate__range=(0, 1)) & Q(weight__range=(0, 1)), name="chances_lie_between_0_and_1"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "-value_amount", "id"], name="denials_by_value"),
            models.Index(
                fields=["practice", "state", "-value_amount", "id"],
                include=["amount", "due_on", "weight", "recovered_amount"],
                name="denial_queue",
            ),
            models.Index(
                fields=["practice", "due_on", "id"], condition=Q(state__in=_in(OPEN)), name="denials_by_due_day"
            ),
            models.Index(fields=["practice", "-denied_on", "id"], name="denials_by_day"),
            models.Index(fields=["practice", "-amount", "id"], name="denials_by_amount"),
            models.Index(fields=["practice", "claim"], name="denials_of_claim"),
            models.Index(
                fields=["practice", "resent_as"], condition=Q(resent_as__isnull=False),
                name="denials_of_corrected_claim",
            ),
            models.Index(fields=["practice", "charge_line"], name="denials_of_charge"),
            models.Index(
                fields=["practice", "category", "payer"], condition=Q(state__in=_in(FINAL)),
                include=["amount", "recovered_amount", "is_denial"], name="denials_that_ended",
            ),
        ]  # fmt: skip


class DenialMove(PracticeModel):
    """Something that was done about a denial, or happened to it."""

    temper = "journal"
    classified = classify(business="denial at actor_name user what frm to amount", clinical="note")

    denial = PracticeForeignKey(Denial, db_index=False)
    at = models.DateTimeField()
    actor_name = models.CharField(max_length=160)
    user = models.BigIntegerField(null=True)
    what = models.CharField(max_length=80)
    frm = models.CharField(max_length=10, blank=True)
    to = models.CharField(max_length=10)
    note = models.CharField(max_length=600, blank=True)
    amount = models.DecimalField(**CENTS, null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "denial", "at"], name="moves_of_denial")]


class WriteOff(PracticeModel):
    """A denial that somebody wants to give up; above the network's limit another person must agree."""

    classified = classify(
        business="denial amount why state asked_at asked_by asked_user decided_at decided_by decided_why entry"
    )

    public_id = PublicIdField("WOF")
    denial = PracticeForeignKey(Denial, db_index=False)
    amount = models.DecimalField(**CENTS)
    why = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=[(one.value, one.label) for one in Asked])
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=160)
    asked_user = models.CharField(max_length=16, blank=True, help_text="Public id of the account")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    decided_why = models.CharField(max_length=300, blank=True)
    entry = models.CharField(max_length=16, blank=True, help_text="Entry in the practice's books")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="write_offs_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "denial"], condition=Q(state="waiting"), name="a_denial_waits_for_one_write_off"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(why=""), name="write_offs_say_how_much_and_why"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_at__isnull=False), name="decided_write_offs_say_when"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "denial", "asked_at"], name="write_offs_of_denial")]
