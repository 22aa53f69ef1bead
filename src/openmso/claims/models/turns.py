"""What earlier payers of a claim decided, as the next one is told it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from openmso.claims.models.claims import Claim
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel


class EarlierPayer(PracticeModel):
    """A payer that has decided, with all that stands of its decision; the latest of an order is what is told."""

    temper = "journal"
    classified = classify(business="ordinal payer coverage payer_control source_id at", clinical="decision")

    claim = PracticeForeignKey(Claim, db_index=False)
    ordinal = models.CharField(max_length=1, help_text="SBR01 of this payer")
    payer = models.ForeignKey("parties.Payer", models.PROTECT, null=True, related_name="+", db_index=False)
    coverage = PracticeForeignKey("patients.Coverage", null=True, db_index=False)
    payer_control = models.CharField(max_length=60, blank=True, help_text="CLP07: that payer's number (F8)")
    decision = models.JSONField(help_text="contracts.EarlierDecision, frozen")
    source_id = models.CharField(max_length=16, help_text="Public id of its latest claim payment")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "claim", "id"], name="earlier_payer_by_claim")]
