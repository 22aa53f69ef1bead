"""Facts, which never change, and their deliveries, which do."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.outbox.states import Delivering
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class Fact(PracticeModel):
    """Something that happened, in the transaction in which it became true."""

    temper = "journal"
    classified = classify(business="name at behind", clinical="payload")

    name = models.CharField(max_length=80)
    payload = models.JSONField()
    at = models.DateTimeField()
    behind = models.CharField(max_length=40, blank=True, help_text="Grant under which it became true")


class Delivery(PracticeModel):
    """One fact for one subscriber; written with the fact, moved to `done` with the subscriber's own writes."""

    temper = "workpaper"
    classified = classify(business="subscriber state tries next_at done_at failed_at reason")

    public_id = PublicIdField("DLV")
    fact = PracticeForeignKey(Fact)
    subscriber = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=[(s.value, s.label) for s in Delivering], default=Delivering.WAITING)
    tries = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "fact", "subscriber"], name="a_fact_reaches_a_subscriber_once"),
            models.UniqueConstraint(fields=["practice", "public_id"], name="deliveries_have_their_own_id"),
            models.CheckConstraint(
                condition=~Q(state="dead") | (Q(failed_at__isnull=False) & ~Q(reason="")),
                name="dead_letters_say_why_and_since_when",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at__isnull=True)),
                name="delivered_letters_say_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "subscriber", "fact"], condition=Q(state="waiting"), name="outbox_waiting"
            ),
            models.Index(fields=["practice", "-failed_at"], condition=Q(state="dead"), name="outbox_dead"),
        ]
