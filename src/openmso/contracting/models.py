"""Payer contracts of practices: a version on the desk, versions that were published, and their fee schedules."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

TERMS = (
    "wording limits procedures bilateral_rate lesser_of_charge sequestration starts_on ends_on written_at written_by"
)


class PayerContract(PracticeModel):
    """A practice's contract with a payer."""

    classified = classify(business="payer")

    public_id = PublicIdField("PCN")
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="contracts_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "payer"], name="a_payer_has_one_contract"),
        ]


class Written(PracticeModel):
    """Terms as they are written, and the days they hold."""

    wording = models.TextField(help_text="A line for each, the first that fits a code holds")
    limits = models.TextField(blank=True)
    procedures = models.CharField(max_length=60)
    bilateral_rate = models.DecimalField(max_digits=9, decimal_places=6)
    lesser_of_charge = models.BooleanField()
    sequestration = models.BooleanField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=160)

    class Meta:
        abstract = True


class ContractDraft(Written):
    """The version on the desk: one a contract."""

    temper = "workpaper"
    classified = classify(business=f"{TERMS} rates")

    contract = PracticeForeignKey(PayerContract)
    rates = models.JSONField(default=list, help_text="Code, modifier, outside a facility, in one")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "contract"], name="a_contract_has_one_draft"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="drafts_end_after_they_start"
            ),
        ]


class ContractVersion(Written):
    """What was published: it holds from its day until the next begins, or its own end."""

    temper = "journal"
    classified = classify(business=f"{TERMS} number")

    contract = PracticeForeignKey(PayerContract)
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "contract", "number"], name="contract_versions_are_numbered"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="contract_versions_end_after_they_start"
            ),
        ]


class ContractRate(PracticeModel):
    """What a version allows for a unit of a code; an empty modifier stands for none."""

    temper = "journal"
    classified = classify(business="code modifier nonfacility_amount facility_amount")

    version = PracticeForeignKey(ContractVersion, db_index=False)
    code = models.CharField(max_length=5)
    modifier = models.CharField(max_length=2, blank=True)
    nonfacility_amount = models.DecimalField(max_digits=14, decimal_places=2)
    facility_amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "version", "code", "modifier"], name="a_version_allows_a_code_once"
            ),
            models.CheckConstraint(
                condition=Q(nonfacility_amount__gte=0, facility_amount__gte=0), name="rates_are_not_negative"
            ),
        ]
