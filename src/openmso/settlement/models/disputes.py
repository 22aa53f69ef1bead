"""Disputes of an invoice, every step of them, and the credit memos that they led to."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.settlement.models.settlements import Settlement, StatementRow
from openmso.settlement.states import HELD, D

_HELD = sorted(one.value for one in HELD)


class Dispute(PracticeModel):
    """A row of an invoice that the practice contests; what of it is not credited is held until it is settled.

    Of what was paid already nothing is held: what is credited is paid back.
    """

    classified = classify(
        business="settlement row state stage amount credited_amount reason opened_at opened_by opened_by_user due_on "
        "settled_at grant of_paid"
    )

    public_id = PublicIdField("IDP")
    settlement = PracticeForeignKey(Settlement)
    row = PracticeForeignKey(StatementRow)
    state = models.CharField(max_length=12, choices=[(one.value, one.label) for one in D], default=D.OPEN.value)
    stage = models.CharField(max_length=12, default=D.OPEN.value, help_text="The last stage that heard it")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    credited_amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    reason = models.CharField(max_length=600)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=120)
    opened_by_user = models.CharField(max_length=16, help_text="Public id of the account")
    due_on = models.DateField(null=True, help_text="By when whoever has the word is to say it")
    settled_at = models.DateTimeField(null=True)
    of_paid = models.BooleanField(default=False, help_text="About what was paid: what is won is paid back")
    grant = models.CharField(max_length=20, blank=True, help_text="Under which it was answered, and lapses")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="invoice_disputes_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "row"],
                condition=~Q(state=D.TAKEN_BACK.value),
                name="a_row_is_disputed_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="disputes_are_about_something"),
            models.CheckConstraint(
                condition=Q(credited_amount__gte=0, credited_amount__lte=F("amount")),
                name="no_more_is_credited_than_was_disputed",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="disputes_say_why"),
            models.CheckConstraint(
                condition=Q(state__in=_HELD, settled_at=None, due_on__isnull=False)
                | (~Q(state__in=_HELD) & Q(settled_at__isnull=False, due_on=None)),
                name="disputes_have_a_day_until_they_end",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "settlement"], name="disputes_of_settlement")]


class DisputeMove(PracticeModel):
    """A step of a dispute: who said what, with which papers, and what was credited by it."""

    temper = "journal"
    classified = classify(business="dispute from_state to_state moved_at moved_by why credited_amount due_on documents")

    dispute = PracticeForeignKey(Dispute)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    moved_at = models.DateTimeField()
    moved_by = models.CharField(max_length=120)
    why = models.CharField(max_length=600)
    credited_amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    due_on = models.DateField(null=True)
    documents = ArrayField(models.CharField(max_length=16), default=list, help_text="Public ids of its papers")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "dispute"], name="dispute_moves")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(credited_amount__gte=0), name="a_step_credits_nothing_below_zero")
        ]


class CreditMemo(PracticeModel):
    """What the MSO gave back of an invoice: numbered, on paper, with an entry in each of two books."""

    temper = "journal"
    classified = classify(
        business="settlement dispute number amount issued_on issued_at issued_by document practice_entry mso_entry"
    )

    public_id = PublicIdField("CRM")
    settlement = PracticeForeignKey(Settlement)
    dispute = PracticeForeignKey(Dispute)
    number = models.CharField(max_length=32)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=120)
    document = models.CharField(max_length=16)
    practice_entry = models.CharField(max_length=16)
    mso_entry = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="credit_memos_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "number"], name="credit_memos_are_numbered_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="credit_memos_give_something_back"),
        ]
