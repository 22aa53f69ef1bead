"""Who bills and where: billing providers and sites, with profiles that hold from a day on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.parties.contracts import NpiType
from openmso.parties.models.dated import Dated
from openmso.parties.models.postal import ZIP, Postal, zips_have_five_or_nine_digits
from openmso.parties.models.practices import LegalEntity
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

NPI = r"^[12]\d{9}$"


class BillingProvider(PracticeModel):
    """Who asks a payer for money: NPI and TIN (837P loop 2010AA); a practice may have several."""

    classified = classify(public="npi npi_type", business="legal_entity tin closed_on")

    public_id = PublicIdField("BIL")
    legal_entity = PracticeForeignKey(LegalEntity)
    npi = models.CharField(max_length=10)
    npi_type = models.CharField(max_length=1, choices=[(t.value, t.label) for t in NpiType])
    tin = models.CharField(max_length=9, help_text="Employer identification number it bills under (REF*EI)")
    closed_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="billing_providers_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "npi", "tin"], condition=Q(closed_on=None), name="one_biller_an_npi_and_tin"
            ),
            models.CheckConstraint(condition=Q(npi__regex=NPI), name="biller_npis_have_ten_digits"),
            models.CheckConstraint(condition=Q(tin__regex=r"^\d{9}$"), name="biller_tins_have_nine_digits"),
        ]


class BillingProfile(PracticeModel, Postal, Dated):
    """Name, taxonomy and addresses of a billing provider from a day on; the latest row that has begun holds.

    `line1` to `zip` is the street address of loop 2010AA; `pay_to_*` that of 2010AB, empty when it is the same.
    """

    temper = "journal"
    classified = classify(
        public="provider name first_name middle_name suffix taxonomy line1 line2 city state zip "
        "pay_to_line1 pay_to_line2 pay_to_city pay_to_state pay_to_zip phone starts_on recorded_at"
    )

    provider = PracticeForeignKey(BillingProvider)
    name = models.CharField(max_length=60, help_text="Organization, or last name of a type 1 biller (NM103)")
    first_name = models.CharField(max_length=35, blank=True)
    middle_name = models.CharField(max_length=25, blank=True)
    suffix = models.CharField(max_length=10, blank=True)
    taxonomy = models.CharField(max_length=10)
    pay_to_line1 = models.CharField(max_length=55, blank=True)
    pay_to_line2 = models.CharField(max_length=55, blank=True)
    pay_to_city = models.CharField(max_length=30, blank=True)
    pay_to_state = models.CharField(max_length=2, blank=True)
    pay_to_zip = models.CharField(max_length=9, blank=True)
    phone = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "provider", "starts_on", "recorded_at"], name="a_biller_has_one_profile_a_moment"
            ),
            models.CheckConstraint(
                condition=Q(zip__regex=r"^\d{9}$"), name="billers_have_nine_digit_zips"
            ),
            models.CheckConstraint(
                condition=Q(pay_to_line1="", pay_to_zip="") | Q(pay_to_zip__regex=ZIP) & ~Q(pay_to_line1=""),
                name="pay_to_addresses_are_whole_or_absent",
            ),
        ]  # fmt: skip


class Site(PracticeModel):
    """A place where patients are seen (place of service; loop 2310C where it differs from the biller's address)."""

    classified = classify(public="npi place_of_service clia closed_on")

    public_id = PublicIdField("SIT")
    npi = models.CharField(max_length=10, blank=True)
    place_of_service = models.CharField(max_length=2, help_text="Two digits: 11 office, 10 telehealth at home")
    clia = models.CharField(max_length=10, blank=True, help_text="Laboratory certificate number, such as 05D0642827")
    closed_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="sites_have_one_public_id"),
            models.CheckConstraint(condition=Q(npi="") | Q(npi__regex=NPI), name="site_npis_have_ten_digits"),
            models.CheckConstraint(
                condition=Q(place_of_service__regex=r"^\d{2}$"), name="places_of_service_have_two_digits"
            ),
            models.CheckConstraint(
                condition=Q(clia="") | Q(clia__regex=r"^\d{2}D\d{7}$"), name="clia_numbers_have_their_form"
            ),
        ]


class SiteProfile(PracticeModel, Postal, Dated):
    """Name and address of a site from a day on."""

    temper = "journal"
    classified = classify(public="site name line1 line2 city state zip starts_on recorded_at")

    site = PracticeForeignKey(Site)
    name = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "site", "starts_on", "recorded_at"], name="a_site_has_one_profile_a_moment"
            ),
            zips_have_five_or_nine_digits("site"),
        ]
