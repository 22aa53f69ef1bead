"""Statements as imported and their lines; both are added to, never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import Entity, PracticeForeignKey, PracticeModel, PublicIdField


class Statement(PracticeModel):
    """One bank file's say about one account. The same file is kept once."""

    temper = "journal"
    classified = classify(
        business="account document sha256 file_name format bank_key starts_on ends_on opening_amount closing_amount "
        "line_count known_count imported_at imported_by"
    )

    public_id = PublicIdField("STM")
    account = PracticeForeignKey("parties.BankAccount")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+")
    document = models.CharField(max_length=16, help_text="Public id of the stored file")
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    format = models.CharField(max_length=8)
    bank_key = models.CharField(max_length=100, blank=True, help_text="The bank's own id of the statement")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    opening_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    closing_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    line_count = models.PositiveIntegerField(help_text="New lines it brought")
    known_count = models.PositiveIntegerField(help_text="Lines that earlier statements had brought")
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="statements_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "account", "sha256"], name="a_bank_file_is_imported_once_an_account"
            ),
        ]


class Line(PracticeModel):
    """One movement of money on an account: in is positive, out is negative."""

    temper = "journal"
    classified = classify(
        business="account statement position bank_key posted_on amount kind description reference originator trace "
        "trace_payer span_start span_end"
    )

    public_id = PublicIdField("BNK")
    account = PracticeForeignKey("parties.BankAccount")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    statement = PracticeForeignKey(Statement)
    position = models.PositiveIntegerField()
    bank_key = models.CharField(max_length=120, help_text="FITID, or the line's content and its place among equals")
    posted_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    kind = models.CharField(max_length=20, blank=True)
    description = models.CharField(max_length=400, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    originator = models.CharField(max_length=100, blank=True)
    trace = models.CharField(max_length=50, blank=True, help_text="TRN02 of the 835 this pays")
    trace_payer = models.CharField(max_length=30, blank=True, help_text="TRN03: 1 and the payer's TIN")
    span_start = models.PositiveBigIntegerField(default=0)
    span_end = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="bank_lines_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "account", "bank_key"], name="a_bank_line_is_kept_once"),
            models.CheckConstraint(condition=Q(span_end__gte=F("span_start")), name="bank_lines_end_after_they_start"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "-posted_on", "-id"], name="bank_lines_by_day"),
            models.Index(fields=["practice", "trace"], condition=~Q(trace=""), name="bank_lines_by_trace"),
            models.Index(fields=["practice", "amount"], condition=Q(amount__gt=0), name="bank_lines_in_by_amount"),
        ]


class Unexplained(PracticeModel):
    """Money in that nobody explained yet, for as long as that is so: so that the few are found without the many.

    Who finds out what a line pays takes it out here in the same transaction, and puts it back when that was wrong.
    """

    temper = "workpaper"
    classified = classify(business="line")

    line = PracticeForeignKey(Line, db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "line"], name="a_bank_line_is_unexplained_once"),
        ]
