"""Explanations of benefits on paper, as somebody types them, before they are posted as every remittance is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.remittances.contracts import EobState


class Eob(PracticeModel):
    """One payment that came with a paper: who pays whom, how, when and how much; and who typed it."""

    classified = classify(
        public="payer",
        business="biller method trace paid_on amount provider taken_back state file scan opened_at opened_by "
        "decided_at decided_by why",
    )

    public_id = PublicIdField("EOB")
    biller = PracticeForeignKey("parties.BillingProvider", db_index=False)
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+", db_index=False)
    method = models.CharField(max_length=3, help_text="BPR04: CHK, ACH, NON")
    trace = models.CharField(max_length=50, help_text="Number of the check or of the transfer (TRN02)")
    paid_on = models.DateField(help_text="Day of the check (BPR16)")
    amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Of the check (BPR02)")
    provider = models.JSONField(default=list, help_text="PLB items: [code, reference, amount]; positive takes money")
    taken_back = models.JSONField(default=list, help_text="Public ids of the claim payments that the paper takes back")
    state = models.CharField(max_length=10, choices=[(s.value, s.label) for s in EobState])
    file = models.CharField(max_length=16, blank=True, help_text="Remittance file that was made of it")
    scan = models.CharField(max_length=16, blank=True, help_text="Document of the paper")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=160)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    why = models.CharField(max_length=300, blank=True, help_text="Why it was withdrawn")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="eobs_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "payer", "trace", "paid_on", "amount"],
                condition=~Q(state="withdrawn"),
                name="a_paper_is_typed_once",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="eobs_pay_nothing_or_more"),
            models.CheckConstraint(condition=~Q(state="posted") | ~Q(file=""), name="posted_eobs_name_their_file"),
            models.CheckConstraint(condition=~Q(state="withdrawn") | ~Q(why=""), name="withdrawn_eobs_say_why"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "state", "-opened_at"], name="eob_by_state")]  # fmt: skip


class EobClaim(PracticeModel):
    """What a paper says of one claim, line by line."""

    classified = classify(business="eob position claim", clinical="status payer_control lines")

    eob = PracticeForeignKey(Eob, db_index=False)
    position = models.PositiveSmallIntegerField(help_text="Place on the paper, from 1")
    claim = PracticeForeignKey("claims.Claim", db_index=False)
    status = models.CharField(max_length=2, help_text="CLP02: 1 primary, 2 secondary, 3 tertiary, 19 to 21 forwarded")
    payer_control = models.CharField(max_length=50, blank=True, help_text="CLP07: the payer's number for the claim")
    lines = models.JSONField(help_text="rules.eobs.TypedLine, written out")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "eob", "claim"], name="a_paper_speaks_once_of_a_claim"),
        ]
