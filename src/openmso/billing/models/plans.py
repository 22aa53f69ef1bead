"""Payment plans, cards on file, and payments on line."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.billing.models.accounts import Payment
from openmso.billing.models.common import CENTS
from openmso.billing.models.statements import Statement
from openmso.billing.states import (
    C,
    L,
    Paying,
    Reach,
)
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class Plan(PracticeModel):
    """What a patient owes, paid in instalments on a day of the month: its terms, and how it stood when last looked at.

    `covers` are the lines that it is for, each as it was owed then: `[claim, line, amount]`. What is paid of the plan
    is what is no longer owed of them (`rules.plans`).
    """

    classified = classify(
        business="patient amount instalment_amount first_on covers beyond why state made_at made_by made_user grant "
        "decided_at decided_by decided_why left_amount due_amount missed next_on",
    )

    public_id = PublicIdField("PLN")
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    amount = models.DecimalField(**CENTS)
    instalment_amount = models.DecimalField(**CENTS)
    first_on = models.DateField()
    covers = models.JSONField()
    beyond = models.CharField(max_length=200, blank=True, help_text="What of it is outside the practice's policy")
    why = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=[(one.value, one.label) for one in L])
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=160)
    made_user = models.CharField(max_length=20, blank=True, help_text="Public id of their account")
    grant = models.CharField(max_length=20, blank=True, help_text="Under which it was made, and is charged to a card")
    decided_at = models.DateTimeField(null=True, help_text="Approved, refused, ended, paid or broken")
    decided_by = models.CharField(max_length=160, blank=True)
    decided_why = models.CharField(max_length=300, blank=True)
    left_amount = models.DecimalField(**CENTS, help_text="Still owed of what it covers")
    due_amount = models.DecimalField(**CENTS, default=0, help_text="Due, and not paid")
    missed = models.PositiveSmallIntegerField(default=0)
    next_on = models.DateField(null=True, help_text="Day of the first instalment that is not paid")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="plans_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "patient"], condition=Q(state__in=[L.ASKED.value, L.ACTIVE.value]),
                name="a_patient_pays_by_one_plan",
            ),
            models.CheckConstraint(
                condition=Q(instalment_amount__gt=0, amount__gte=F("instalment_amount")),
                name="instalments_are_part_of_a_plan",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "next_on", "id"], name="plan_by_next_day"),
            models.Index(fields=["practice", "patient", "-id"], name="plan_by_patient"),
        ]


class Card(PracticeModel):
    """A card that a payment provider keeps for a patient, and what the patient agreed it may be charged.

    Here stand only the provider's names for it, its brand, its last four digits and its last month; its number was
    never here.
    """

    classified = classify(
        business="patient provider customer method brand expires_on state reach cap_amount notice_days cancel_days "
        "agreed_at agreed_by ends_on ended_at ended_by ended_why",
        demographic="last4",
    )

    public_id = PublicIdField("CRD")
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    provider = models.CharField(max_length=12)
    customer = models.CharField(max_length=80, blank=True, help_text="What the provider calls the patient")
    method = models.CharField(max_length=80, blank=True, help_text="What the provider calls the card")
    brand = models.CharField(max_length=20, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    expires_on = models.DateField(null=True, help_text="The last day of its last month")
    state = models.CharField(max_length=8, choices=[(one.value, one.label) for one in C], default=C.ASKED.value)
    reach = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Reach])
    cap_amount = models.DecimalField(**CENTS, help_text="The most of one charge")
    notice_days = models.PositiveSmallIntegerField(help_text="Days before a charge that the patient is told of it")
    cancel_days = models.PositiveSmallIntegerField(
        default=1, help_text="Days before a charge until which it can be called off"
    )
    agreed_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=160)
    ends_on = models.DateField(help_text="The last day of what was agreed")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=160, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="cards_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "patient"], condition=Q(state=C.ACTIVE.value), name="a_patient_has_one_card_on_file"
            ),
            models.CheckConstraint(
                condition=~Q(state=C.ACTIVE.value) | Q(method__gt="", last4__regex=r"^[0-9]{4}$"),
                name="cards_on_file_are_known_by_their_last_four",
            ),
            models.CheckConstraint(condition=Q(cap_amount__gt=0), name="cards_are_charged_up_to_something"),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["practice", "patient", "-id"], name="card_by_patient")]


class OnlinePayment(PracticeModel):
    """Money that a patient began to pay on line: with what the provider calls it, and the payment it became.

    It becomes one payment, whoever tells of it first and however often: the provider's message, the patient who comes
    back, or our own question.
    """

    classified = classify(
        business="patient statement card plan provider reference amount state words payment grant made_at settled_at",
    )

    public_id = PublicIdField("OLP")
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    statement = PracticeForeignKey(Statement, null=True, db_index=False)
    card = PracticeForeignKey(Card, null=True, db_index=False, help_text="That is to be kept, or was charged")
    plan = PracticeForeignKey(Plan, null=True, db_index=False, help_text="Whose instalment it is")
    provider = models.CharField(max_length=12)
    reference = models.CharField(max_length=120, blank=True, help_text="What the provider calls it")
    amount = models.DecimalField(**CENTS, help_text="0 where a card is only to be kept")
    state = models.CharField(
        max_length=8, choices=[(one.value, one.label) for one in Paying], default=Paying.STARTED.value
    )
    words = models.CharField(max_length=200, blank=True, help_text="Why it was not paid")
    payment = PracticeForeignKey(Payment, null=True, db_index=False)
    grant = models.CharField(max_length=20, blank=True, help_text="Under which the money is taken")
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="online_payments_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "provider", "reference"], condition=Q(reference__gt=""),
                name="a_provider_names_one_payment",
            ),
            models.UniqueConstraint(
                fields=["practice", "payment"], condition=Q(payment__isnull=False), name="a_payment_came_on_line_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=Paying.PAID.value) | Q(payment__isnull=False) | Q(amount=0),
                name="what_was_paid_on_line_is_a_payment",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["practice", "patient", "-id"], name="online_payment_by_patient"),
            models.Index(fields=["practice", "-made_at", "id"], name="online_payment_by_time"),
            models.Index(
                fields=["practice", "id"], condition=Q(state=Paying.STARTED.value), name="online_payment_not_settled"
            ),
        ]
