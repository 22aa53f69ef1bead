"""Events in a chain per practice, reads and their seals, and the heads that the database alone moves on.

The hashes are computed by triggers (`sql/chain.sql`); whatever a client writes into `seq`, `prev`, `hash` and
`recorded_at` is overwritten. How a row becomes bytes is said in `verifier.py`.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeModel


class Told(PracticeModel):
    """Who did something to what, and by which right."""

    at = models.DateTimeField()
    recorded_at = models.DateTimeField(editable=False)
    actor_user = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=160)
    actor_kind = models.CharField(max_length=8)
    session = models.CharField(max_length=32, blank=True)
    request = models.CharField(max_length=32, blank=True)
    grant = models.CharField(max_length=16, blank=True)
    permission = models.CharField(max_length=60, blank=True)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)

    class Meta:
        abstract = True


class Event(Told):
    """One change; the chain of a practice is its events in order of `seq`, from 1, without gaps."""

    temper = "journal"
    classified = classify(
        business="seq at recorded_at actor_user actor_name actor_kind session request grant permission action "
        "subject_kind subject_id facts why prev hash"
    )

    seq = models.BigIntegerField(default=0, editable=False)
    action = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    why = models.TextField(blank=True)
    prev = models.BinaryField(default=b"", editable=False)
    hash = models.BinaryField(default=b"", editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "seq"], name="one_event_for_each_number_of_a_practice")
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "subject_kind", "subject_id", "seq"], name="audit_event_subject"),
            models.Index(fields=["practice", "-at"], name="audit_event_at"),
        ]


class Read(Told):
    """One reading of patient data (45 CFR 164.312(b)): whose, which classes, how many rows."""

    temper = "journal"
    classified = classify(
        business="at recorded_at actor_user actor_name actor_kind session request grant permission "
        "subject_kind subject_id classes count"
    )

    classes = models.CharField(max_length=120)
    count = models.IntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "subject_kind", "subject_id", "-at"], name="audit_read_subject"),
            models.Index(fields=["practice", "-at"], name="audit_read_at"),
        ]


class Unsealed(PracticeModel):
    """A read that waits for its seal; entered by a trigger, taken out by the function that seals."""

    temper = "guarded"
    classified = classify(business="read")

    read = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "read"], name="audit_unsealed_read")]


class Seal(PracticeModel):
    """A batch of reads under one hash; the seals of a practice are a chain of their own."""

    temper = "sealed"
    classified = classify(business="seq sealed_at reads digest prev hash")

    seq = models.BigIntegerField()
    sealed_at = models.DateTimeField()
    reads = ArrayField(models.BigIntegerField())
    digest = models.BinaryField()
    prev = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "seq"], name="one_seal_for_each_number_of_a_practice")
        ]


class Head(PracticeModel):
    """Where both chains of a practice end; appending locks it until the commit."""

    temper = "guarded"
    classified = classify(business="seq hash seal_seq seal_hash")

    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField()
    seal_seq = models.BigIntegerField(default=0)
    seal_hash = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["practice"], name="one_head_for_each_practice")]
