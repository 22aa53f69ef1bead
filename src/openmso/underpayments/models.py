"""Lines that were paid short, and the disputes about them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.underpayments.states import Cause, S

CENTS: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class Dispute(PracticeModel):
    """A packet that was made for a payer: contract page and lines."""

    temper = "journal"
    classified = classify(business="payer lines amount document made_at made_by")

    public_id = PublicIdField("DSP")
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+")
    lines = models.PositiveIntegerField()
    amount = models.DecimalField(**CENTS)
    document = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="disputes_have_one_public_id"),
        ]


class Underpayment(PracticeModel):
    """A line for which its payer allowed less than the contract; what is missing now, and what came later."""

    classified = classify(
        business="claim claim_line claim_name payer payment source term expected_amount allowed_amount short_amount "
        "recovered_amount cause state found_on why dispute",
        clinical="line code service_on reasons",
    )

    public_id = PublicIdField("UPY")
    claim = PracticeForeignKey("claims.Claim", db_index=False)
    claim_line = PracticeForeignKey("claims.ClaimLine", db_index=False)
    claim_name = models.CharField(max_length=16)
    line = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    service_on = models.DateField()
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+")
    payment = models.CharField(max_length=16, help_text="Public id of the latest claim payment")
    source = models.CharField(max_length=24, help_text="Contract and version that expects more")
    term = models.CharField(max_length=300)
    reasons = ArrayField(models.CharField(max_length=8), default=list)
    expected_amount = models.DecimalField(**CENTS)
    allowed_amount = models.DecimalField(**CENTS)
    short_amount = models.DecimalField(**CENTS)
    recovered_amount = models.DecimalField(**CENTS, default=0)
    cause = models.CharField(max_length=16, choices=[(c.value, c.label) for c in Cause])
    state = models.CharField(max_length=12, choices=[(s.value, s.label) for s in S])
    found_on = models.DateField()
    why = models.CharField(max_length=300, blank=True, help_text="Why it was accepted")
    dispute = PracticeForeignKey(Dispute, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="underpayments_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "claim_line"], name="a_line_is_paid_short_once"),
            models.CheckConstraint(
                condition=~Q(state=S.ACCEPTED.value) | Q(why__gt=""), name="accepted_underpayments_say_why"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "-short_amount", "id"], name="underpayment_queue"),
            models.Index(fields=["practice", "claim"], name="underpayment_by_claim"),
        ]
