"""The MSO, its practices, their legal entities and their bank accounts.

Three things that are not one: the practice (a tenant: who may see), the legal entity (whose books), and the
billing provider (who bills; see `providers`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.parties.contracts import AccountUse, Basis, EntityForm, Ownership, Specialty, TaxStatus
from openmso.parties.models.dated import Dated
from openmso.parties.models.postal import STATE
from openmso.platform.tenancy.models import Entity, PracticeForeignKey, PracticeModel, PublicIdField, Tenant
from openmso.platform.vault.fields import BlindIndexField, SecretField


class Mso(models.Model):
    """The management services organization: a tenant with legal entities and no patients."""

    scope = "global"
    temper = "register"
    classified = classify(public="legal_name ownership tax_status state")

    tenant = models.OneToOneField(Tenant, models.PROTECT, primary_key=True, related_name="+")
    legal_name = models.CharField(max_length=120)
    ownership = models.CharField(max_length=20, choices=[(o.value, o.label) for o in Ownership])
    tax_status = models.CharField(max_length=20, choices=[(s.value, s.label) for s in TaxStatus])
    state = models.CharField(max_length=2, help_text="State of organization")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__regex=STATE), name="mso_states_are_two_capitals"),
        ]


class Practice(PracticeModel):
    """A medical practice: the tenant, and what the house knows about it as a whole."""

    classified = classify(public="specialty state")

    practice = models.OneToOneField(Tenant, models.PROTECT, primary_key=True, related_name="+")
    specialty = models.CharField(max_length=24, choices=[(s.value, s.label) for s in Specialty])
    state = models.CharField(max_length=2, help_text="State whose law governs the practice")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__regex=STATE), name="practice_states_are_two_capitals"),
        ]


class PracticeName(PracticeModel, Dated):
    """The registered name of a practice from a day on; the latest row that has begun holds."""

    temper = "journal"
    classified = classify(public="legal_name starts_on recorded_at")

    legal_name = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "starts_on", "recorded_at"], name="a_practice_has_one_name_a_moment"
            ),
            models.CheckConstraint(condition=~Q(legal_name=""), name="practice_names_are_not_empty"),
        ]


class LegalEntity(PracticeModel):
    """A taxpayer whose books are kept: keyed by `tenancy.Entity`, owned by one tenant."""

    classified = classify(public="form", business="ein basis fiscal_year_starts closed_on")

    entity = models.OneToOneField(Entity, models.PROTECT, primary_key=True, related_name="+")
    public_id = PublicIdField("ENT")
    form = models.CharField(max_length=12, choices=[(f.value, f.label) for f in EntityForm])
    ein = models.CharField(max_length=9, help_text="Employer identification number, nine digits; not a secret")
    basis = models.CharField(max_length=8, choices=[(b.value, b.label) for b in Basis])
    fiscal_year_starts = models.PositiveSmallIntegerField(default=1, help_text="Month number, 1 to 12")
    closed_on = models.DateField(null=True, help_text="The first day on which it no longer exists")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="entities_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "ein"], name="one_entity_an_ein_in_a_practice"),
            models.CheckConstraint(condition=Q(ein__regex=r"^\d{9}$"), name="eins_have_nine_digits"),
            models.CheckConstraint(
                condition=Q(fiscal_year_starts__range=(1, 12)), name="fiscal_years_start_in_a_month"
            ),
        ]


class EntityName(PracticeModel, Dated):
    """The registered name of a legal entity from a day on."""

    temper = "journal"
    classified = classify(public="legal_entity legal_name starts_on recorded_at")

    legal_entity = PracticeForeignKey(LegalEntity)
    legal_name = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "legal_entity", "starts_on", "recorded_at"], name="an_entity_has_one_name_a_moment"
            ),
            models.CheckConstraint(condition=~Q(legal_name=""), name="entity_names_are_not_empty"),
        ]


class BankAccount(PracticeModel):
    """An account of a legal entity at a bank. Only the practice instructs the one that takes government money."""

    classified = classify(
        business="legal_entity name bank_name routing use opened_on closed_on",
        identity_secret="account_number account_index",
    )

    public_id = PublicIdField("ACT")
    legal_entity = PracticeForeignKey(LegalEntity)
    name = models.CharField(max_length=60, help_text="What people call it: Operating account")
    bank_name = models.CharField(max_length=60)
    routing = models.CharField(max_length=9, help_text="ABA routing number; printed on every cheque, not a secret")
    account_number = SecretField(kind="account")
    account_index = BlindIndexField(of="account_number")
    use = models.CharField(max_length=24, choices=[(u.value, u.label) for u in AccountUse])
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="accounts_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "routing", "account_index"], condition=Q(closed_on=None),
                name="an_open_account_is_kept_once",
            ),
            models.CheckConstraint(condition=Q(routing__regex=r"^\d{9}$"), name="routing_numbers_have_nine_digits"),
        ]  # fmt: skip
