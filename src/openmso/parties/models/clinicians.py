"""Clinicians: people with a licence who treat, each known per practice."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.parties.models.dated import Dated
from openmso.parties.models.providers import NPI
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.platform.vault.fields import BlindIndexField, SecretField


class Clinician(PracticeModel):
    """Who renders: type 1 NPI and taxonomy (837P loop 2310B), licence, and an SSN where payroll or payers ask."""

    classified = classify(
        public="npi taxonomy last_name first_name middle_name suffix credential licence_number licence_state",
        business="starts_on ends_on",
        identity_secret="ssn ssn_index",
    )

    public_id = PublicIdField("CLN")
    npi = models.CharField(max_length=10)
    taxonomy = models.CharField(max_length=10)
    last_name = models.CharField(max_length=60)
    first_name = models.CharField(max_length=35)
    middle_name = models.CharField(max_length=25, blank=True)
    suffix = models.CharField(max_length=10, blank=True)
    credential = models.CharField(max_length=12, blank=True, help_text="MD, DO, OD, NP, PA, LCSW")
    licence_number = models.CharField(max_length=24, blank=True)
    licence_state = models.CharField(max_length=2, blank=True)
    ssn = SecretField(kind="ssn")
    ssn_index = BlindIndexField(of="ssn")
    starts_on = models.DateField(help_text="First day at the practice")
    ends_on = models.DateField(null=True, help_text="The first day no longer at the practice")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="clinicians_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "npi"], name="a_clinician_is_kept_once_in_a_practice"),
            models.CheckConstraint(condition=Q(npi__regex=NPI), name="clinician_npis_have_ten_digits"),
            models.CheckConstraint(
                condition=Q(licence_number="", licence_state="") | ~Q(licence_number="") & ~Q(licence_state=""),
                name="a_licence_names_its_state",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="clinicians_leave_after_they_come",
            ),
        ]


class ClinicianTime(PracticeModel, Dated):
    """How much of full time a clinician works at the practice from a day on; nobody's is stated who works all of it."""

    temper = "journal"
    classified = classify(business="clinician share shows starts_on recorded_at recorded_by")

    clinician = PracticeForeignKey(Clinician)
    share = models.DecimalField(max_digits=5, decimal_places=4, help_text="Of full time, as a part of one")
    shows = models.CharField(max_length=200, help_text="What shows it")
    recorded_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "clinician", "starts_on", "recorded_at"],
                name="a_clinician_has_one_share_of_time_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1) & ~Q(shows=""), name="shares_of_time_are_up_to_all_of_it"
            ),
        ]
