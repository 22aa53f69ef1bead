"""Frozen submissions and the 837 batches they left in.

Envelope numbers come from the sequence `claims_envelope_number`, one for the whole house: ISA13 and GS06 never
repeat with any partner, and releasing waits for nobody. A number that a rolled-back release took is left out.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.claims.models.claims import Claim, money
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class Submission(PracticeModel):
    """A claim as its payer will see it, frozen; the claim may change afterwards, this does not."""

    temper = "journal"
    classified = classify(business="version payer total_amount sha256 frozen_at actor_name", clinical="sheet segments")

    public_id = PublicIdField("SUB")
    claim = PracticeForeignKey(Claim, db_index=False)
    version = models.PositiveSmallIntegerField()
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+", db_index=False)
    total_amount = money()
    sheet = models.JSONField(help_text="The claim sheet, as rules.freezing writes it")
    segments = models.TextField(
        default="",
        help_text="What the sheet says in an 837, level by level; empty: not said yet",
    )
    sha256 = models.CharField(max_length=64, help_text="Of the frozen sheet")
    frozen_at = models.DateTimeField()
    actor_name = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="submissions_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "claim", "version"], name="a_version_is_frozen_once"),
        ]


class Batch(PracticeModel):
    """An 837 or print of claims of one form that left for one payer: its numbers, its bytes, what it asked for."""

    temper = "journal"
    classified = classify(
        business="payer form is_paper receiver interchange_control group_control reference document sha256 claims "
        "total_amount sent_at actor_name"
    )

    public_id = PublicIdField("BAT")
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+", db_index=False)
    form = models.CharField(max_length=1, default="P", help_text="P: 837P, I: 837I")
    is_paper = models.BooleanField(default=False, help_text="Printed: CMS-1500 or UB-04")
    receiver = models.CharField(max_length=15, help_text="ISA08")
    interchange_control = models.PositiveIntegerField(help_text="ISA13; never repeats, whoever the receiver is")
    group_control = models.PositiveIntegerField(help_text="GS06, the same number")
    reference = models.CharField(max_length=30, help_text="BHT03; a 277CA names it in its 2200B")
    document = models.CharField(max_length=16)
    sha256 = models.CharField(max_length=64)
    claims = models.PositiveIntegerField()
    total_amount = money()
    sent_at = models.DateTimeField()
    actor_name = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="batches_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "interchange_control"], name="an_interchange_number_is_used_once"
            ),
            models.UniqueConstraint(fields=["practice", "reference"], name="a_batch_reference_is_used_once"),
            models.CheckConstraint(condition=Q(claims__gt=0), name="batches_are_not_empty"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "sent_at", "id"], include=["claims", "total_amount"], name="batch_by_sending"
            )
        ]


class Sending(PracticeModel):
    """Where in a batch a submission stands: set, segments and bytes."""

    temper = "journal"
    classified = classify(business="position set_control set_segment first_segment last_segment start end")

    submission = PracticeForeignKey(Submission, db_index=False)
    batch = PracticeForeignKey(Batch, db_index=False)
    position = models.PositiveIntegerField(help_text="Place in the file, from 1")
    set_control = models.CharField(max_length=9, blank=True, help_text="ST02; empty on paper")
    set_segment = models.PositiveIntegerField(help_text="Number of that ST in the file; a 999 counts from it")
    first_segment = models.PositiveIntegerField()
    last_segment = models.PositiveIntegerField()
    start = models.PositiveBigIntegerField(help_text="Byte offset of its 2300 loop in the file")
    end = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "submission"], name="a_submission_leaves_once"),
            models.UniqueConstraint(fields=["practice", "batch", "position"], name="a_batch_numbers_its_claims"),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")) | Q(set_control="", start=0, end=0), name="sendings_have_bytes"
            ),
        ]
