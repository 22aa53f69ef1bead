"""The papers that go along with an agreement, the lines of asset lists, and which agreements need which."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.agreements.models.agreement import SHA256, ServiceAgreement
from openmso.agreements.paper.companions import ALWAYS_CLINICAL, AssetKind, CompanionKind, Disposition, Standing
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class CompanionDocument(PracticeModel):
    """A paper that goes along with an agreement: its terms by kind, where it stands, and the signed bytes."""

    classified = classify(
        business="agreement kind state revision terms starts_on ends_on note document document_sha256 mso_signer "
        "practice_signer signed_on drafted_at drafted_by drafted_user recorded_at recorded_by ended_on ended_why"
    )

    public_id = PublicIdField("CMP")
    agreement = PracticeForeignKey(ServiceAgreement)
    kind = models.CharField(max_length=20, choices=[(one.value, one.label) for one in CompanionKind])
    state = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Standing])
    revision = models.PositiveSmallIntegerField(default=1, help_text="How often its draft was written")
    terms = models.JSONField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="As agreed; the first day on which it no longer holds")
    note = models.CharField(max_length=200, blank=True)
    document = models.CharField(max_length=16, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    mso_signer = models.CharField(max_length=120, blank=True)
    practice_signer = models.CharField(max_length=120, blank=True)
    signed_on = models.DateField(null=True)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=120)
    drafted_user = models.CharField(max_length=16, blank=True, help_text="Account that wrote it as it stands")
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.CharField(max_length=120, blank=True)
    ended_on = models.DateField(null=True, help_text="Where it was ended before that day")
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="companions_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(state__in=[Standing.DRAFT.value, Standing.DROPPED.value])
                | Q(document_sha256__regex=SHA256, signed_on__isnull=False, recorded_at__isnull=False)
                & ~Q(mso_signer="")
                & ~Q(practice_signer=""),
                name="no_companion_holds_without_its_signed_paper",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="companions_end_after_they_start"
            ),
            models.CheckConstraint(
                condition=Q(state=Standing.ENDED.value, ended_on__isnull=False) & ~Q(ended_why="")
                | ~Q(state=Standing.ENDED.value) & Q(ended_on=None, ended_why=""),
                name="ended_companions_say_when_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(kind=CompanionKind.BAA.value), name="business_associate_agreements_have_their_own_table"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "agreement"], name="companions_of")]


class CompanionAsset(PracticeModel):
    """A line of an asset list as it was revised; a clinical asset is never for sale, whoever writes the row."""

    temper = "journal"
    classified = classify(business="companion revision place name kind is_clinical disposition amount")

    companion = PracticeForeignKey(CompanionDocument)
    revision = models.PositiveSmallIntegerField(help_text="The list holds the lines of the paper's own revision")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=24, choices=[(one.value, one.label) for one in AssetKind])
    is_clinical = models.BooleanField()
    disposition = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Disposition])
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "companion", "revision", "place"], name="assets_stand_in_order"
            ),
            models.CheckConstraint(
                condition=Q(is_clinical=False) | ~Q(disposition=Disposition.SALE.value),
                name="clinical_assets_are_never_for_sale",
            ),
            models.CheckConstraint(
                condition=Q(is_clinical=True) | ~Q(kind__in=[one.value for one in ALWAYS_CLINICAL]),
                name="clinical_kinds_are_clinical",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="asset_values_are_not_negative"),
        ]


class CompanionNeed(models.Model):
    """Which agreements need a kind of paper, as an office wrote it; the last of a kind holds before the house's own."""

    scope = "global"
    temper = "journal"
    classified = classify(public="kind number body why at by user")

    kind = models.CharField(max_length=20, choices=[(one.value, one.label) for one in CompanionKind])
    number = models.PositiveIntegerField()
    body = models.JSONField()
    why = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    user = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "number"], name="needs_are_numbered"),
            models.CheckConstraint(condition=~Q(why=""), name="needs_say_why"),
        ]
