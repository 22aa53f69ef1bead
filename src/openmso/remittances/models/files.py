"""835 files and the remittances (one ST each) that stand in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import Entity, PracticeForeignKey, PracticeModel, PublicIdField
from openmso.remittances.contracts import FileState, RemittanceState


class File(PracticeModel):
    """An 835 file of one practice; the same bytes are one file."""

    classified = classify(
        business="document arrival sha256 origin_sha256 name size claims state words findings finding_count "
        "received_at received_by decided_at"
    )

    public_id = PublicIdField("RFL")
    document = models.CharField(max_length=16, help_text="Public id of the stored bytes")
    arrival = models.CharField(max_length=16, blank=True, help_text="Document of the file as it came, kept by the MSO")
    sha256 = models.CharField(max_length=64)
    origin_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of the file this one was cut out of, when that paid several practices"
    )
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    claims = models.PositiveIntegerField(
        default=0, help_text="As counted on arrival; 0 for one that came before they were counted"
    )
    state = models.CharField(max_length=12, choices=[(s.value, s.label) for s in FileState])
    words = models.CharField(max_length=400, blank=True, help_text="What became of it, in a sentence")
    findings = models.JSONField(default=list)
    finding_count = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=160)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="remittance_files_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "sha256"], name="the_same_bytes_are_one_remittance_file"),
            models.CheckConstraint(
                condition=Q(state=FileState.RECEIVED) | Q(decided_at__isnull=False),
                name="decided_remittance_files_say_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[FileState.QUARANTINED, FileState.HELD]) | ~Q(words=""),
                name="stopped_remittance_files_say_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "-received_at"], name="remittance_files_by_arrival"),
            models.Index(fields=["practice", "state", "-received_at"], name="remittance_files_by_state"),
        ]


class Remittance(PracticeModel):
    """One payment of a payer as its 835 explains it (one ST). Written once, when its file is decided."""

    temper = "journal"
    classified = classify(
        public="payer_name payer_key",
        business="file position control business_key payer entity biller payee_npi payee_tin trace trace_payer method "
        "paid_on production_on posted_on posted_at posted_by amount charge_amount paid_amount line_paid_amount "
        "provider_adjusted_amount claim_count line_count state duplicate_of span_start span_end",
    )

    public_id = PublicIdField("ERA")
    file = PracticeForeignKey(File)
    position = models.PositiveSmallIntegerField(help_text="Place in the file, from 1")
    control = models.CharField(max_length=20, help_text="ST02")
    business_key = models.CharField(max_length=64, help_text="Digest of payer, trace, day, amount and payee")
    payer = models.ForeignKey("parties.Payer", models.PROTECT, null=True, db_index=False, related_name="+")
    payer_name = models.CharField(max_length=80)
    payer_key = models.CharField(max_length=80)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    biller = PracticeForeignKey("parties.BillingProvider")
    payee_npi = models.CharField(max_length=10, blank=True)
    payee_tin = models.CharField(max_length=20, blank=True)
    trace = models.CharField(max_length=60, help_text="TRN02")
    trace_payer = models.CharField(max_length=30, blank=True, help_text="TRN03")
    method = models.CharField(max_length=3, blank=True, help_text="BPR04: ACH, CHK, NON")
    paid_on = models.DateField(null=True, help_text="BPR16")
    production_on = models.DateField(null=True)
    posted_on = models.DateField(help_text="Accounting day")
    posted_at = models.DateTimeField()
    posted_by = models.CharField(max_length=160)
    amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="BPR02")
    charge_amount = models.DecimalField(max_digits=14, decimal_places=2)
    paid_amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Sum of CLP04")
    line_paid_amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Sum of SVC03")
    provider_adjusted_amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Sum of PLB")
    claim_count = models.PositiveIntegerField()
    line_count = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=[(s.value, s.label) for s in RemittanceState])
    duplicate_of = PracticeForeignKey("self", null=True)
    span_start = models.PositiveBigIntegerField()
    span_end = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="remittances_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "file", "position"], name="a_remittance_stands_once_in_a_file"),
            models.UniqueConstraint(
                fields=["practice", "business_key"], condition=Q(state=RemittanceState.POSTED),
                name="a_payment_is_posted_once",
            ),
            models.CheckConstraint(
                condition=Q(state=RemittanceState.DUPLICATE, duplicate_of__isnull=False)
                | Q(state=RemittanceState.POSTED, duplicate_of__isnull=True),
                name="duplicates_name_the_first",
            ),
            models.CheckConstraint(
                condition=Q(amount=F("paid_amount") - F("provider_adjusted_amount")), name="remittances_balance"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payments_are_not_negative"),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "-posted_on", "-id"],
                include=["state", "method", "paid_on", "amount"],
                name="remittances_by_day",
            ),
            models.Index(fields=["practice", "trace"], name="remittances_by_trace"),
            models.Index(fields=["practice", "amount"], name="remittances_by_amount"),
            models.Index(fields=["practice", "paid_on", "id"], name="remittances_by_payment_day"),
        ]
