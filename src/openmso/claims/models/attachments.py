"""Papers that go beside a claim: what they are, how they go, and whether they have gone (PWK)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.claims.contracts import AttachmentKind, AttachmentWay
from openmso.claims.models.claims import Claim
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class Attachment(PracticeModel):
    """An attachment of a claim. Its public id is the control number that the claim and the paper both bear (PWK06)."""

    classified = classify(
        business="kind way added_at added_by sent_on sent_at sent_by withdrawn_at", clinical="note",
    )  # fmt: skip

    public_id = PublicIdField("PWK")
    claim = PracticeForeignKey(Claim, db_index=False)
    kind = models.CharField(max_length=2, choices=[(k.value, k.label) for k in AttachmentKind], help_text="PWK01")
    way = models.CharField(max_length=2, choices=[(w.value, w.label) for w in AttachmentWay], help_text="PWK02")
    note = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=160)
    sent_on = models.DateField(null=True, help_text="The practice's day on which it went")
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=160, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="attachments_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_on=None) | Q(sent_at__isnull=False, sent_on__isnull=False),
                name="attachments_that_went_say_when",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(sent_at=None), name="attachments_that_went_are_not_withdrawn"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "claim", "id"], name="attachment_by_claim")]
