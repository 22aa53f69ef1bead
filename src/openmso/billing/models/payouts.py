"""Payouts of card providers: what arrives at the bank together, line by line."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from openmso.billing.models.deposits import Slip
from openmso.billing.states import Paid, Regard
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

CENTS: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class Payout(PracticeModel):
    """A payout as its provider reports it; when every line ties it is a slip on its way to the bank."""

    classified = classify(
        business="name on amount charged_amount fee_amount count open words document sha256 slip entry taken_at "
        "taken_by"
    )

    public_id = PublicIdField("PYO")
    name = models.CharField(max_length=80, help_text="What the provider calls it")
    on = models.DateField(help_text="The day on which it arrives at the bank")
    amount = models.DecimalField(**CENTS)
    charged_amount = models.DecimalField(**CENTS, help_text="Its charges, before fees and refunds")
    fee_amount = models.DecimalField(**CENTS, help_text="What the provider kept")
    count = models.PositiveIntegerField(help_text="Its lines")
    open = models.PositiveIntegerField(default=0, help_text="Lines that do not tie")
    words = models.CharField(max_length=300, blank=True, help_text="Why it does not tie as a whole")
    document = models.CharField(max_length=16, help_text="Public id of the report as it came")
    sha256 = models.CharField(max_length=64)
    slip = PracticeForeignKey(Slip, null=True, db_index=False)
    entry = models.CharField(max_length=16, blank=True, help_text="Fees, and refunds that it paid")
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="payouts_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "name"], name="a_payout_is_taken_once"),
            models.UniqueConstraint(
                fields=["practice", "slip"], condition=Q(slip__isnull=False), name="a_slip_is_one_payout"
            ),
            models.CheckConstraint(
                condition=Q(slip=None, entry="") | Q(slip__isnull=False, open=0, words=""),
                name="payouts_go_to_the_bank_when_every_line_ties",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "-on", "id"], name="payout_by_day")]


class PayoutLine(PracticeModel):
    """One balance transaction of a payout, and the payment or refund of ours that it is."""

    classified = classify(
        business="payout number name kind about amount fee_amount says payment refund regard failed fault hand_why "
        "hand_by"
    )

    payout = PracticeForeignKey(Payout, db_index=False)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80, help_text="What the provider calls it")
    kind = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Paid])
    about = models.CharField(max_length=80, blank=True, help_text="The provider's id of the payment or the refund")
    amount = models.DecimalField(**CENTS, help_text="Gross; negative takes money")
    fee_amount = models.DecimalField(**CENTS, help_text="What the provider kept of it")
    says = models.CharField(max_length=200, blank=True)
    payment = PracticeForeignKey("billing.Payment", null=True, db_index=False)
    refund = PracticeForeignKey("billing.Refund", null=True, db_index=False)
    regard = models.CharField(
        max_length=8, blank=True, choices=[(one.value, one.label) for one in Regard],
        help_text="What a person says it is that is no payment of ours",
    )  # fmt: skip
    failed = PracticeForeignKey(Payout, null=True, db_index=False)
    fault = models.CharField(max_length=300, blank=True, help_text="Why it does not tie")
    hand_why = models.CharField(max_length=300, blank=True, help_text="What shows a tie that was made by hand")
    hand_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "payout", "number"], name="a_payout_numbers_its_lines"),
            models.UniqueConstraint(
                fields=["practice", "payment"], condition=Q(payment__isnull=False, kind=Paid.CHARGE.value),
                name="a_payment_is_paid_out_once",
            ),
            models.UniqueConstraint(
                fields=["practice", "refund"], condition=Q(refund__isnull=False), name="a_refund_is_paid_out_once"
            ),
            models.CheckConstraint(
                condition=Q(fault__gt="") | Q(kind=Paid.FEE.value)
                | Q(payment__isnull=False) | Q(refund__isnull=False) | Q(regard__gt="", hand_why__gt=""),
                name="lines_of_payouts_tie_or_say_why_not",
            ),
            models.CheckConstraint(
                condition=Q(failed=None) | Q(regard=Regard.FAILED.value), name="only_failed_payouts_come_again"
            ),
        ]  # fmt: skip
