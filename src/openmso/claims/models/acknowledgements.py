"""What payers answered before they judged: TA1, 999, 277CA, matched to the claims they speak of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from openmso.claims.models.claims import Claim
from openmso.claims.models.submissions import Batch
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class Acknowledgement(PracticeModel):
    """One answer in a file: the whole TA1, 999 or 277CA."""

    temper = "journal"
    classified = classify(
        business="kind document position control batch_reference code words received_at accepted rejected unmatched"
    )

    public_id = PublicIdField("ACK")
    kind = models.CharField(max_length=5)
    document = models.CharField(max_length=16)
    position = models.PositiveIntegerField(help_text="Place among the answers of its file, from 1")
    batch = PracticeForeignKey(Batch, null=True, db_index=False)
    control = models.CharField(max_length=30, help_text="ISA13 (TA1), GS06 (999) or the trace (277CA) it names")
    batch_reference = models.CharField(max_length=50, blank=True)
    code = models.CharField(max_length=3, blank=True)
    words = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField()
    accepted = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    unmatched = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="acknowledgements_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "document", "position"], name="an_answer_is_taken_in_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "-received_at"], name="ack_by_arrival"),
            models.Index(fields=["practice", "batch"], name="ack_by_batch"),
        ]


class ClaimAnswer(PracticeModel):
    """What an acknowledgement says of one claim; without a claim when none of ours fits."""

    temper = "journal"
    classified = classify(
        business="control is_accepted category status entity payer_control words fix field start end",
        clinical="line_number",
    )

    acknowledgement = PracticeForeignKey(Acknowledgement, db_index=False)
    claim = PracticeForeignKey(Claim, null=True, db_index=False)
    control = models.CharField(max_length=38, help_text="The claim number as the payer wrote it")
    is_accepted = models.BooleanField()
    category = models.CharField(max_length=3, blank=True, help_text="277CA STC01-1, 999 IK304/IK403, TA1 TA105")
    status = models.CharField(max_length=5, blank=True, help_text="277CA STC01-2")
    entity = models.CharField(max_length=3, blank=True, help_text="277CA STC01-3: whose data it is about")
    payer_control = models.CharField(max_length=50, blank=True)
    line_number = models.PositiveSmallIntegerField(null=True)
    field = models.CharField(max_length=40, blank=True, help_text="What a biller can change: the field's name here")
    words = models.CharField(max_length=300)
    fix = models.CharField(max_length=300, blank=True)
    start = models.PositiveBigIntegerField(null=True, help_text="Bytes of the answer in its file")
    end = models.PositiveBigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "claim"], name="answer_by_claim"),
            models.Index(fields=["practice", "acknowledgement"], name="answer_by_ack"),
        ]
