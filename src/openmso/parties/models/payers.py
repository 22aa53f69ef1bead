"""Payers: one register for the whole network."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.parties.contracts import Filing, PayerKind
from openmso.platform.tenancy.models import PublicIdField


class Payer(models.Model):
    """Who pays claims: its id in EDI, the line of business, and how long it takes a claim after the service."""

    scope = "global"
    temper = "register"
    classified = classify(
        public="name edi_id kind filing timely_filing_days corrected_days appeal_days claim_line1 claim_line2 "
        "claim_city claim_state claim_zip phone closed_on"
    )

    public_id = PublicIdField("PAY", unique=True)
    name = models.CharField(max_length=60)
    edi_id = models.CharField(max_length=30, help_text="Payer id in EDI (2010BB NM109, 835 1000A)")
    kind = models.CharField(max_length=12, choices=[(k.value, k.label) for k in PayerKind])
    filing = models.CharField(max_length=2, choices=[(f.value, f.label) for f in Filing], help_text="SBR09")
    timely_filing_days = models.PositiveSmallIntegerField(help_text="Days from the service to file a first claim")
    corrected_days = models.PositiveSmallIntegerField(help_text="Days from the remittance to file a corrected claim")
    appeal_days = models.PositiveSmallIntegerField(help_text="Days from the remittance to appeal")
    claim_line1 = models.CharField(max_length=55, blank=True)
    claim_line2 = models.CharField(max_length=55, blank=True)
    claim_city = models.CharField(max_length=30, blank=True)
    claim_state = models.CharField(max_length=2, blank=True)
    claim_zip = models.CharField(max_length=9, blank=True)
    phone = models.CharField(max_length=10, blank=True)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edi_id"], condition=Q(closed_on=None), name="an_edi_id_names_one_payer"),
            models.CheckConstraint(condition=~Q(edi_id="") & ~Q(name=""), name="payers_have_a_name_and_an_edi_id"),
            models.CheckConstraint(
                condition=Q(timely_filing_days__gt=0, corrected_days__gt=0, appeal_days__gt=0),
                name="payers_leave_time_to_file",
            ),
        ]
