"""Transmissions: a file on its way to a partner, and every step of that way."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openmso.exchange.models.partners import Partner
from openmso.exchange.states import T
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class Transmission(PracticeModel):
    """A stored file that is to reach a partner once, whatever breaks on the way.

    It is uploaded under a temporary name; that it lies there whole (`is_uploaded`) is recorded before it is renamed.
    From then on no other partner gets it, for this one may have it already.
    """

    classified = classify(
        business="transaction payer document sent_document name about subject_kind subject_id state words tries tried "
        "next_at is_uploaded size sha256 created_at sent_at sent_by taken_at"
    )

    public_id = PublicIdField("TRX")
    transaction = models.CharField(max_length=4)
    payer = models.ForeignKey("parties.Payer", models.PROTECT, null=True, related_name="+", db_index=False)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+", db_index=False)
    document = models.CharField(max_length=16, help_text="The file as it was made")
    sent_document = models.CharField(max_length=16, blank=True, help_text="The file as the partner gets it")
    name = models.CharField(max_length=120, help_text="Its name at the partner; never used for another file")
    about = models.CharField(max_length=120, blank=True)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=[(s.value, s.label) for s in T])
    words = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="At the partner it is with now")
    tried = ArrayField(models.BigIntegerField(), default=list, help_text="Partners that failed it")
    next_at = models.DateTimeField(null=True, help_text="Not before")
    is_uploaded = models.BooleanField(default=False)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=160, blank=True)
    taken_at = models.DateTimeField(null=True, help_text="When a person took it to hand it in")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="transmissions_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "name"], name="a_name_at_a_partner_is_used_once"),
            models.UniqueConstraint(
                fields=["practice", "subject_kind", "subject_id"], name="a_thing_is_transmitted_once"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="what_was_sent_says_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "-created_at", "-id"], name="transmission_by_age"),
            models.Index(
                fields=["practice", "state"], condition=~Q(state__in=["sent", "given_up"]), name="transmission_open"
            ),
        ]


class TransmissionEvent(PracticeModel):
    """One step of a transmission: begun, uploaded, sent, failed, moved to another partner, taken, handed in."""

    temper = "journal"
    classified = classify(business="at what words actor")

    transmission = PracticeForeignKey(Transmission, db_index=False)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    what = models.CharField(max_length=10)
    words = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=160)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "transmission", "id"], name="transmission_story")]


class Arrival(PracticeModel):
    """A file found in a partner's mailbox, or brought by a person; the MSO's, for nobody knows yet whose it is."""

    temper = "journal"
    classified = classify(business="name size modified sha256 document kinds is_repeat arrived_at words")

    public_id = PublicIdField("ARV")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    modified = models.BigIntegerField(default=0, help_text="As the mailbox says, in seconds")
    sha256 = models.CharField(max_length=64)
    document = models.CharField(max_length=16)
    kinds = models.CharField(max_length=60, blank=True, help_text="Transactions in it; empty when it is none of X12")
    is_repeat = models.BooleanField(default=False, help_text="The same bytes were there before")
    arrived_at = models.DateTimeField()
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="arrivals_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "partner", "name", "size", "modified", "sha256"], nulls_distinct=False,
                name="a_file_of_a_mailbox_is_taken_once",
            ),
            models.UniqueConstraint(
                fields=["practice", "sha256"], condition=Q(is_repeat=False), name="the_same_bytes_arrive_once"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["practice", "-arrived_at", "-id"], name="arrival_by_age")]
