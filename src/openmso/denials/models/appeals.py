"""Appeals with their letters and enclosures, and the templates that letters are written from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.denials.models.denials import CENTS, Denial
from openmso.denials.states import A
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class Appeal(PracticeModel):
    """One letter to a payer about some denials of one claim or of several, at one level."""

    classified = classify(
        public="payer payer_name",
        business="level level_words template state amount due_on drafted_at drafted_by letter method proof sent_on "
        "sent_by answered_on answer_note won_amount",
        clinical="title body",
    )

    public_id = PublicIdField("APL")
    payer = models.ForeignKey("parties.Payer", models.PROTECT, null=True, related_name="+", db_index=False)
    payer_name = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField()
    level_words = models.CharField(max_length=80)
    template = models.CharField(max_length=60, help_text="Name and version of what it was written from")
    title = models.CharField(max_length=200)
    body = models.TextField(help_text="The letter, with its fields filled in")
    state = models.CharField(max_length=8, choices=[(one.value, one.label) for one in A])
    amount = models.DecimalField(**CENTS)
    due_on = models.DateField(help_text="Last day of its level")
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=160)
    letter = models.CharField(max_length=16, blank=True, help_text="Document of the letter as it was sent")
    method = models.CharField(max_length=10, blank=True)
    proof = models.CharField(max_length=300, blank=True, help_text="What shows that it left: a number, a confirmation")
    sent_on = models.DateField(null=True)
    sent_by = models.CharField(max_length=160, blank=True)
    answered_on = models.DateField(null=True)
    answer_note = models.CharField(max_length=600, blank=True)
    won_amount = models.DecimalField(**CENTS, default=0, help_text="What the payer says it will pay")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="appeals_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "dropped"]) | Q(sent_on__isnull=False) & ~Q(letter="") & ~Q(proof=""),
                name="sent_appeals_have_a_letter_and_proof",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["won", "partly", "lost"]) | Q(answered_on__isnull=False),
                name="answered_appeals_say_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "-drafted_at", "id"], name="appeals_by_day"),
            models.Index(fields=["practice", "state", "due_on", "id"], name="appeals_by_state"),
        ]


class AppealItem(PracticeModel):
    """A denial that an appeal is about."""

    temper = "journal"
    classified = classify(business="appeal denial amount")

    appeal = PracticeForeignKey(Appeal, db_index=False)
    denial = PracticeForeignKey(Denial, db_index=False)
    amount = models.DecimalField(**CENTS)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "appeal", "denial"], name="an_appeal_names_a_denial_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "denial"], name="appeals_of_denial")]


class Enclosure(PracticeModel):
    """A document that goes with an appeal, or proves that it left."""

    temper = "journal"
    classified = classify(business="appeal document is_proof at by", clinical="name")

    appeal = PracticeForeignKey(Appeal, db_index=False)
    document = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    is_proof = models.BooleanField()
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "appeal", "document"], name="a_document_is_enclosed_once"),
        ]


class Template(models.Model):
    """A version of a letter of the network. The last version of a name holds."""

    scope = "global"
    temper = "journal"
    classified = classify(public="name number title category body at by")

    name = models.SlugField(max_length=40, db_index=False)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    category = models.CharField(max_length=24, blank=True, help_text="Kind of denial that it fits best")
    body = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "number"], name="versions_of_a_letter_are_numbered"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(body=""), name="letters_say_something"),
        ]
