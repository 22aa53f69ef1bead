"""Documents and what they became; both are added to, never changed. Their keys can be sealed anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.platform.vault.fields import SecretField


class Document(PracticeModel):
    """Bytes that came or went: the same bytes in the same practice are one document."""

    temper = "journal"
    classified = classify(
        business="sha256 size purpose media_type path stored_at stored_by stored_by_user", demographic="name"
    )

    public_id = PublicIdField("DOC")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    name = models.CharField(max_length=200, help_text="As the sender called it; never a path")
    media_type = models.CharField(max_length=100)
    purpose = models.CharField(max_length=60)
    path = models.CharField(max_length=160)
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=160)
    stored_by_user = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "sha256"], name="the_same_bytes_are_one_document"),
            models.UniqueConstraint(fields=["practice", "public_id"], name="documents_have_their_own_id"),
            models.CheckConstraint(condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="digests_are_sha256"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "-stored_at"], name="documents_newest")]


class DocumentKey(PracticeModel):
    """The key of one document's file, sealed; it alone is written anew when keys rotate."""

    classified = classify(identity_secret="key")

    public_id = models.CharField(max_length=16, help_text="The document's id, which the sealed key is bound to")
    key = SecretField(kind="text", null=False, blank=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="one_key_for_each_document")
        ]


class Became(PracticeModel):
    """What a document became: a remittance, an agreement, visits."""

    temper = "journal"
    classified = classify(business="subject_kind subject_id at")

    document = PracticeForeignKey(Document)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "document", "subject_kind", "subject_id"], name="a_document_became_it_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "subject_kind", "subject_id"], name="documents_by_subject")
        ]
