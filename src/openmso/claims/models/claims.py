"""Claims, their lines, their moves, and what payers decided about them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openmso.claims.states import S
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

STATES = [(s.value, s.label) for s in S]
OPEN = F("total_amount") - F("paid_amount") - F("adjusted_amount") - F("patient_amount")


def money(**kwargs: object) -> models.DecimalField:
    """A column of dollars and cents."""
    return models.DecimalField(max_digits=14, decimal_places=2, **kwargs)  # type: ignore[arg-type]


class Claim(PracticeModel):
    """What one payer is asked to pay for one visit. total = paid + adjusted + patient + open, always.

    The amounts of decisions are sums over the journal `Decision`; what was denied is information and stays open.
    """

    classified = classify(
        business="control payer coverage ordinal billing_provider rendering site state state_at hold_reason frequency "
        "is_held_by_hand recognised_amount payer_control split_from total_amount paid_amount adjusted_amount "
        "patient_amount denied_amount open_amount forwarded crossed_on asked_as "
        "built_at due_on sent_at first_sent_on version blocks warnings top_finding sheet_version form",
        clinical="service_on service_through place_of_service diagnoses diagnosis_system prior_authorization "
        "referral_number referring_last_name referring_first_name referring_npi delay_reason accident "
        "accident_state accident_on patient_paid_amount",
    )

    came_from = ""
    """The state before the last move of this very object; not stored (the history is)."""

    public_id = PublicIdField("CLM")
    form = models.CharField(max_length=1, default="P", help_text="P professional (837P), I institutional (837I)")
    control = models.CharField(max_length=20, help_text="CLM01; comes back in 277CA and 835")
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    visit = PracticeForeignKey("scheduling.Visit", db_index=False)
    payer = models.ForeignKey("parties.Payer", models.PROTECT, null=True, related_name="+", db_index=False)
    coverage = PracticeForeignKey("patients.Coverage", null=True, db_index=False)
    ordinal = models.CharField(max_length=1, default="P", help_text="SBR01: P primary, S secondary, T tertiary")
    billing_provider = PracticeForeignKey("parties.BillingProvider", null=True, db_index=False)
    rendering = PracticeForeignKey("parties.Clinician", null=True, db_index=False)
    site = PracticeForeignKey("parties.Site", null=True, db_index=False)
    state = models.CharField(max_length=8, choices=STATES, default=S.DRAFT.value)
    state_at = models.DateTimeField()
    hold_reason = models.CharField(max_length=200, blank=True)
    is_held_by_hand = models.BooleanField(default=False, help_text="A person holds it; scrubbing does not let it go")
    frequency = models.CharField(max_length=1, default="1", help_text="CLM05-3: 1 original, 7 replacement, 8 void")
    original = PracticeForeignKey("self", null=True, db_index=False)
    split_from = PracticeForeignKey(
        "self", null=True, db_index=False, help_text="The claim whose lines this one asks for now"
    )
    payer_control = models.CharField(max_length=50, blank=True, help_text="The payer's number (1K, CLP07, F8)")
    service_on = models.DateField()
    service_through = models.DateField(null=True)
    place_of_service = models.CharField(max_length=2)
    diagnoses = ArrayField(models.CharField(max_length=20), default=list)
    diagnosis_system = models.CharField(max_length=20, blank=True)
    prior_authorization = models.CharField(max_length=50, blank=True, help_text="REF*G1")
    referral_number = models.CharField(max_length=50, blank=True, help_text="REF*9F")
    referring_last_name = models.CharField(max_length=60, blank=True)
    referring_first_name = models.CharField(max_length=35, blank=True)
    referring_npi = models.CharField(max_length=10, blank=True)
    delay_reason = models.CharField(max_length=2, blank=True, help_text="CLM20, when filed late with a reason")
    accident = models.CharField(max_length=2, blank=True, help_text="CLM11-1: AA auto, EM employment, OA other")
    accident_state = models.CharField(max_length=2, blank=True)
    accident_on = models.DateField(null=True)
    patient_paid_amount = money(default=0)
    total_amount = money()
    paid_amount = money(default=0)
    adjusted_amount = money(default=0)
    patient_amount = money(default=0)
    denied_amount = money(default=0)
    open_amount = models.GeneratedField(expression=OPEN, output_field=money(), db_persist=True)
    recognised_amount = money(default=0, help_text="Accrual revenue that the ledger has for it")
    forwarded = models.BooleanField(default=False, help_text="The payer sent it on to the next one (crossover)")
    crossed_on = models.DateField(null=True, help_text="The day on which the payer told that it sent it on")
    asked_as = models.CharField(
        max_length=1, default="1", help_text="CLM05-3 of a later payer's claim: 1, or 7 when it is asked again"
    )
    built_at = models.DateTimeField()
    due_on = models.DateField(null=True, help_text="Last day the payer takes it")
    sent_at = models.DateTimeField(null=True)
    first_sent_on = models.DateField(null=True, help_text="The practice's day on which it first left")
    version = models.PositiveSmallIntegerField(default=0, help_text="How often it was frozen for sending")
    blocks = models.PositiveSmallIntegerField(default=0)
    warnings = models.PositiveSmallIntegerField(default=0)
    top_finding = models.CharField(max_length=200, blank=True, help_text="The first thing to fix, in words")
    sheet_version = models.PositiveIntegerField(default=1, help_text="Rises with every change: 409 for stale forms")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="claims_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "control"], name="a_control_number_is_one_claim"),
            models.CheckConstraint(
                condition=Q(state=S.HELD.value, hold_reason__gt="") | ~Q(state=S.HELD.value), name="held_claims_say_why"
            ),
            models.CheckConstraint(
                condition=Q(frequency="1", original=None) | Q(frequency__in=["7", "8"]) & Q(original__isnull=False),
                name="corrected_claims_name_their_original",
            ),
            models.CheckConstraint(
                condition=Q(asked_as="1") | Q(asked_as="7") & ~Q(ordinal="P"), name="later_payers_are_asked_again"
            ),
            models.CheckConstraint(condition=Q(total_amount__gte=0), name="claims_are_not_negative"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in (S.DRAFT, S.HELD, S.READY, S.QUEUED, S.VOIDED)])
                | Q(sent_at__isnull=False),
                name="claims_with_a_payer_were_sent",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "state", "due_on", "id"],
                include=["total_amount", "open_amount"],
                name="claim_queue_and_sums",
            ),
            models.Index(fields=["practice", "due_on", "id"], name="claim_by_due_day"),
            models.Index(
                fields=["practice", "-service_on", "id"],
                include=["due_on", "total_amount", "open_amount"],
                name="claim_by_day_and_sums",
            ),
            models.Index(fields=["practice", "open_amount", "id"], name="claim_by_open_amount"),
            models.Index(fields=["patient", "service_on"], name="claim_of_patient"),
            models.Index(
                fields=["practice", "payer", "due_on", "id"],
                include=["state", "total_amount", "open_amount"],
                name="claim_by_payer_and_due_day",
            ),
            models.Index(fields=["practice", "total_amount", "id"], name="claim_by_charge"),
            models.Index(fields=["practice", "sent_at", "id"], name="claim_by_sending"),
            models.Index(
                fields=["practice", "first_sent_on", "id"],
                include=["due_on", "total_amount", "open_amount"],
                condition=Q(frequency="1", first_sent_on__isnull=False),
                name="claim_by_first_day_sent",
            ),
            models.Index(
                fields=["practice", "ordinal", "due_on", "id"],
                condition=~Q(ordinal="P"),
                name="claim_of_later_payer",
            ),
            models.Index(
                fields=["practice", "crossed_on", "id"],
                condition=Q(forwarded=True, crossed_on__isnull=False),
                name="claim_crossed_over",
            ),
            models.Index(
                fields=["practice", "payer_control"], condition=~Q(payer_control=""), name="claim_by_payer_control"
            ),
        ]

    @property
    def is_denied_whole(self) -> bool:
        """Whether nothing but a denial of all of it was decided, by the line or of the claim itself."""
        decided = self.paid_amount or self.adjusted_amount or self.patient_amount
        return not decided and 0 < self.total_amount <= self.denied_amount


class Standing(PracticeModel):
    """A difference in how many claims stand in a state and what they come to; their sum is how it stands now.

    A trigger of the claims keeps it (`sql/standing.sql`), in the statement that makes the difference.
    """

    temper = "guarded"
    classified = classify(business="state claims charged_amount open_amount")

    state = models.CharField(max_length=8)
    claims = models.IntegerField()
    charged_amount = models.DecimalField(max_digits=16, decimal_places=2)
    open_amount = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "state"], name="standing_by_state")]


class ClaimLine(PracticeModel):
    """One charge on a claim. The amounts of decisions are sums over the journal, as on the claim."""

    classified = classify(
        clinical="number code modifiers pointers units service_on service_through place_of_service",
        business="line_control charge amount carried_to paid_amount adjusted_amount patient_amount denied_amount",
    )

    claim = PracticeForeignKey(Claim, db_index=False)
    charge = PracticeForeignKey("charges.Charge")
    number = models.PositiveSmallIntegerField()
    line_control = models.CharField(max_length=30, help_text="REF*6R; comes back in the 835")
    code = models.CharField(max_length=20)
    modifiers = ArrayField(models.CharField(max_length=2), default=list)
    pointers = ArrayField(models.PositiveSmallIntegerField(), default=list)
    units = models.DecimalField(max_digits=9, decimal_places=3)
    service_on = models.DateField()
    service_through = models.DateField(null=True)
    place_of_service = models.CharField(max_length=2, blank=True, help_text="Only where it differs from the claim's")
    amount = money()
    carried_to = PracticeForeignKey(
        Claim, null=True, db_index=False, help_text="The claim that asks for it now; it is not in this one's total"
    )
    paid_amount = money(default=0)
    adjusted_amount = money(default=0)
    patient_amount = money(default=0)
    denied_amount = money(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "claim", "number"], name="a_claim_numbers_its_lines"),
            models.UniqueConstraint(fields=["practice", "line_control"], name="a_line_control_is_one_line"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "carried_to"],
                condition=Q(carried_to__isnull=False),
                name="lines_carried_to_a_claim",
            )
        ]


class ClaimMove(PracticeModel):
    """A claim went from one state to another."""

    temper = "journal"
    classified = classify(business="frm to at actor_name user why")

    claim = PracticeForeignKey(Claim, db_index=False)
    frm = models.CharField(max_length=8, choices=STATES, blank=True)
    to = models.CharField(max_length=8, choices=STATES)
    at = models.DateTimeField()
    actor_name = models.CharField(max_length=160)
    user = models.BigIntegerField(null=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "claim", "at"], name="move_by_claim")]


class Decision(PracticeModel):
    """What one claim payment of a payer decided about a claim (line null) or one of its lines; reversals negative."""

    temper = "journal"
    classified = classify(
        business="paid_amount adjusted_amount patient_amount denied_amount outcome source_id payer_control payer_rank "
        "applied_at",
        clinical="decided_on",
    )

    claim = PracticeForeignKey(Claim, db_index=False)
    line = PracticeForeignKey(ClaimLine, null=True, db_index=False)
    paid_amount = money()
    adjusted_amount = money()
    patient_amount = money()
    denied_amount = money()
    outcome = models.CharField(max_length=16)
    decided_on = models.DateField()
    payer_control = models.CharField(max_length=50, blank=True)
    payer_rank = models.PositiveSmallIntegerField(default=0, help_text="1 primary, 2 secondary, 3 tertiary, 0 not said")
    source_id = models.CharField(max_length=16, help_text="Public id of the claim payment")
    applied_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "claim", "line"], name="decision_by_claim")]
