"""EDI enrolments: a payer, what is exchanged with it, and the billing provider it is exchanged for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.exchange.contracts import Transaction
from openmso.exchange.models.partners import Partner
from openmso.exchange.states import E
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

STATES = [(e.value, e.label) for e in E]


class Enrolment(PracticeModel):
    """Where one enrolment stands; who did what is its journal."""

    classified = classify(
        business="payer transaction partner number state requested_on state_on chase_on live_on words"
    )

    public_id = PublicIdField("ENR")
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+", db_index=False)
    transaction = models.CharField(max_length=4, choices=[(t.value, t.label) for t in Transaction])
    biller = PracticeForeignKey("parties.BillingProvider", db_index=False)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+", db_index=False)
    number = models.CharField(max_length=50, blank=True, help_text="What the payer calls it")
    state = models.CharField(max_length=9, choices=STATES)
    requested_on = models.DateField()
    state_on = models.DateField()
    chase_on = models.DateField(null=True, help_text="When somebody asks again")
    live_on = models.DateField(null=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="enrolments_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "payer", "transaction", "biller"], name="a_biller_is_enrolled_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=E.LIVE.value) | Q(live_on__isnull=False), name="live_enrolments_say_since_when"
            ),
            models.CheckConstraint(
                condition=~Q(state=E.REJECTED.value) | ~Q(words=""), name="rejected_enrolments_say_why"
            ),
        ]


class EnrolmentEvent(PracticeModel):
    """A step: the state it came to, or the same where somebody only asked."""

    temper = "journal"
    classified = classify(business="at state words actor document")

    enrolment = PracticeForeignKey(Enrolment, db_index=False)
    at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=STATES)
    words = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=160)
    document = models.CharField(max_length=16, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "enrolment", "id"], name="enrolment_story")]
