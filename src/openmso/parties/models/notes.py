"""What people should know of a payer or a practice while they work: words, until a day or until they are ended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeModel, PublicIdField


class Words(models.Model):
    """A note as it was written, and its end."""

    words = models.CharField(max_length=500)
    until = models.DateField(null=True, help_text="Its last day; without one until it is ended")
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=160, blank=True)

    class Meta:
        abstract = True


class PayerNote(Words):
    """A note about a payer for every practice of the network."""

    scope = "global"
    temper = "register"
    classified = classify(public="payer words until written_at written_by ended_at ended_by")

    public_id = PublicIdField("NTP", unique=True)
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=""), name="notes_about_payers_say_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["payer", "id"], name="note_by_payer")]


class PracticeNote(Words, PracticeModel):
    """A note about a practice, or about a payer in this practice alone."""

    temper = "register"
    classified = classify(business="payer words until written_at written_by ended_at ended_by")

    public_id = PublicIdField("NTE")
    payer = models.ForeignKey("parties.Payer", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="notes_have_one_public_id"),
            models.CheckConstraint(condition=~Q(words=""), name="notes_about_practices_say_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "payer", "id"], name="note_by_practice_and_payer")]
