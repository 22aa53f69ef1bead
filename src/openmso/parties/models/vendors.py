"""Vendors and contacts of a tenant (a practice, or the MSO itself)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.parties.contracts import ContactRole
from openmso.parties.models.postal import Postal, zips_have_five_or_nine_digits
from openmso.platform.tenancy.models import PracticeModel, PublicIdField
from openmso.platform.vault.fields import BlindIndexField, SecretField


class Vendor(PracticeModel, Postal):
    """Somebody who sells to a tenant. A related party is named as one, with the relation in words."""

    classified = classify(
        business="name line1 line2 city state zip email phone related_party closed_on",
        identity_secret="tin tin_index routing account_number",
    )

    public_id = PublicIdField("VEN")
    name = models.CharField(max_length=80)
    tin = SecretField(kind="ein", help_text="May be a person's SSN, so it is kept as a secret")
    tin_index = BlindIndexField(of="tin")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=10, blank=True)
    routing = SecretField(kind="routing")
    account_number = SecretField(kind="account")
    related_party = models.CharField(max_length=120, blank=True, help_text="The relation in words; empty: none")
    closed_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="vendors_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "name"], condition=Q(closed_on=None), name="a_vendor_is_kept_once"
            ),
            zips_have_five_or_nine_digits("vendor"),
        ]


class Contact(PracticeModel):
    """A person to call or write to at a tenant, and for what."""

    classified = classify(business="name role email phone starts_on ends_on")

    public_id = PublicIdField("CON")
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in ContactRole])
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=10, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="contacts_have_one_public_id"),
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="contacts_can_be_reached"),
        ]
