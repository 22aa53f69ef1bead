"""Lines that were paid short, and the disputes about them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.underpayments.contracts import About, Owner, Treatment
from openmso.underpayments.states import Cause, Proposed, S

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


class Difference(PracticeModel):
    """A payment that differs in another way than paid short: what it is about, and since when it is no more so."""

    classified = classify(
        business="about words source claim claim_name claim_line payer payer_name expected_amount amount found_on "
        "gone_on",
        clinical="line code service_on reasons remarks",
    )

    public_id = PublicIdField("DIF")
    about = models.CharField(max_length=12, choices=[(one.value, one.label) for one in About])
    words = models.CharField(max_length=300)
    source = models.CharField(max_length=16, help_text="Public id of the claim payment, or of the adjustment")
    claim = PracticeForeignKey("claims.Claim", null=True, db_index=False)
    claim_name = models.CharField(max_length=16, blank=True)
    claim_line = PracticeForeignKey("claims.ClaimLine", null=True, db_index=False)
    line = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=48, blank=True)
    service_on = models.DateField(null=True)
    payer = models.ForeignKey("parties.Payer", models.PROTECT, null=True, related_name="+")
    payer_name = models.CharField(max_length=80)
    reasons = ArrayField(models.CharField(max_length=10), default=list)
    remarks = ArrayField(models.CharField(max_length=12), default=list)
    expected_amount = models.DecimalField(**CENTS, null=True)
    amount = models.DecimalField(**CENTS)
    found_on = models.DateField()
    gone_on = models.DateField(null=True, help_text="Since when the payer has decided otherwise")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="differences_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "source", "about", "line"], name="a_payment_differs_once_in_one_way"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "about", "-id"], name="differences_by_kind"),
            models.Index(fields=["practice", "claim_line"], name="differences_by_line",
                         condition=Q(claim_line__isnull=False)),
        ]  # fmt: skip


class PostingRule(models.Model):
    """A version of a rule that proposes what is done where a payment differs. The last that has begun holds."""

    scope = "global"
    temper = "journal"
    classified = classify(
        public="code number title payer about owner when treatment words starts_on withdrawn why at by"
    )

    code = models.SlugField(max_length=40)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    payer = models.ForeignKey("parties.Payer", models.PROTECT, null=True, related_name="+")
    about = models.CharField(
        max_length=12, choices=[(one.value, one.label) for one in About], default=About.SHORT.value
    )
    owner = models.CharField(
        max_length=10, choices=[(one.value, one.label) for one in Owner], default=Owner.POSTING.value
    )
    when = models.JSONField()
    treatment = models.CharField(max_length=10, choices=[(one.value, one.label) for one in Treatment])
    words = models.CharField(max_length=200, help_text="What the proposal says, and what stands as the reason")
    starts_on = models.DateField()
    withdrawn = models.BooleanField(default=False, help_text="From that day on it proposes nothing")
    why = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "number"], name="a_posting_rule_numbers_its_versions"),
            models.CheckConstraint(condition=Q(why__gt=""), name="versions_of_posting_rules_say_why"),
        ]


class Proposal(PracticeModel):
    """What a rule proposed for a line paid short, or another difference, and what a person did with it.

    What it is about is untouched by it.
    """

    classified = classify(
        business="underpayment difference rule number title owner treatment words amount state proposed_at decided_at "
        "decided_by why"
    )

    underpayment = PracticeForeignKey(Underpayment, null=True, db_index=False)
    difference = PracticeForeignKey(Difference, null=True, db_index=False)
    rule = models.SlugField(max_length=40)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    owner = models.CharField(
        max_length=10, choices=[(one.value, one.label) for one in Owner], default=Owner.POSTING.value
    )
    treatment = models.CharField(max_length=10, choices=[(one.value, one.label) for one in Treatment])
    words = models.CharField(max_length=200)
    amount = models.DecimalField(**CENTS, help_text="What was missing when it was proposed")
    state = models.CharField(max_length=10, choices=[(one.value, one.label) for one in Proposed])
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "underpayment"], condition=Q(state=Proposed.WAITS.value),
                name="one_proposal_waits_for_a_line",
            ),
            models.UniqueConstraint(
                fields=["practice", "difference"], condition=Q(state=Proposed.WAITS.value),
                name="one_proposal_waits_for_a_difference",
            ),
            models.CheckConstraint(
                condition=Q(underpayment__isnull=True, difference__isnull=False)
                | Q(underpayment__isnull=False, difference__isnull=True),
                name="a_proposal_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state=Proposed.WAITS.value, decided_at=None)
                | ~Q(state=Proposed.WAITS.value) & Q(decided_at__isnull=False),
                name="decided_proposals_say_when",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "rule", "id"], name="proposals_by_state"),
            models.Index(fields=["practice", "underpayment"], name="proposals_of_a_line"),
            models.Index(fields=["practice", "difference"], name="proposals_of_a_difference"),
        ]
