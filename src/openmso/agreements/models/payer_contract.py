"""Payer contracts of a practice: what a payer allows, by version and day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.agreements.contracts import RateMethod
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class PayerContract(PracticeModel):
    """A practice's contract with a payer; its rates lie in versions."""

    classified = classify(business="payer")

    public_id = PublicIdField("PCN")
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="payer_contracts_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "payer"], name="one_contract_a_payer"),
        ]


class PayerContractVersion(PracticeModel):
    """The rates of a payer contract from a day on, until the next version begins or its own end."""

    temper = "journal"
    classified = classify(business="contract number method percent_rate starts_on ends_on recorded_at")

    contract = PracticeForeignKey(PayerContract)
    number = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=20, choices=[(m.value, m.label) for m in RateMethod])
    percent_rate = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "contract", "number"], name="rate_versions_are_numbered"),
            models.CheckConstraint(
                condition=Q(percent_rate=None) | Q(percent_rate__gt=0, percent_rate__lte=1),
                name="allowed_percents_lie_between_0_and_1",
            ),
            models.CheckConstraint(
                condition=~Q(method=RateMethod.PERCENT_OF_CHARGE.value) | Q(percent_rate__isnull=False),
                name="a_percent_of_charge_names_its_percent",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="rates_end_after_they_start"
            ),
        ]  # fmt: skip


class AllowedAmount(PracticeModel):
    """What one version allows for a code, per unit; an empty modifier stands for none."""

    temper = "journal"
    classified = classify(business="version code modifier allowed_amount")

    version = PracticeForeignKey(PayerContractVersion)
    code = models.CharField(max_length=5)
    modifier = models.CharField(max_length=2, blank=True)
    allowed_amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "version", "code", "modifier"], name="a_code_is_allowed_one_amount"
            ),
            models.CheckConstraint(condition=Q(allowed_amount__gte=0), name="allowed_amounts_are_not_negative"),
        ]
