"""Financial assistance: what patients applied for, with which income, and what was decided."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from openmso.billing.states import Ground, Helped
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

CENTS: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class Assistance(PracticeModel):
    """An application for charity care: household and income as told, the percentage that was given, and until when."""

    classified = classify(
        business="patient state asked_at asked_by asked_user percent poverty_year discount is_presumptive paper "
        "decided_at decided_by decided_why valid_until amount letter reversed_at reversed_by reversed_why "
        "reversed_amount",
        demographic="household income_amount ground evidence",
    )

    public_id = PublicIdField("FAP")
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    state = models.CharField(
        max_length=8, choices=[(one.value, one.label) for one in Helped], default=Helped.ASKED.value
    )  # fmt: skip
    household = models.PositiveSmallIntegerField(help_text="Persons; 0 where nobody asked (presumptive)")
    income_amount = models.DecimalField(**CENTS, help_text="Of the household, a year")
    percent = models.PositiveIntegerField(help_text="Of the poverty guideline")
    poverty_year = models.PositiveSmallIntegerField(help_text="Whose guideline it was")
    discount = models.PositiveSmallIntegerField(help_text="Percent that the practice's scale gives")
    is_presumptive = models.BooleanField(default=False)
    ground = models.CharField(max_length=8, blank=True, choices=[(one.value, one.label) for one in Ground])
    evidence = models.CharField(max_length=300, blank=True, help_text="What documents the ground")
    paper = models.CharField(max_length=16, blank=True, help_text="Document: what proves the income")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=160)
    asked_user = models.CharField(max_length=20, blank=True, help_text="Public id of their account")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    decided_why = models.CharField(max_length=300, blank=True)
    valid_until = models.DateField(null=True, help_text="Its last day, where it was granted")
    amount = models.DecimalField(**CENTS, default=0, help_text="Given so far")
    letter = models.CharField(max_length=16, blank=True, help_text="Document: the answer to the patient")
    reversed_at = models.DateTimeField(null=True)
    reversed_by = models.CharField(max_length=160, blank=True)
    reversed_why = models.CharField(max_length=300, blank=True)
    reversed_amount = models.DecimalField(**CENTS, default=0, help_text="What of it is owed again")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="applications_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "patient"], condition=Q(state=Helped.ASKED.value),
                name="one_application_waits_for_a_patient",
            ),
            models.CheckConstraint(condition=Q(discount__lte=100), name="nobody_is_given_more_than_all"),
            models.CheckConstraint(
                condition=~Q(state=Helped.GRANTED.value) | Q(valid_until__isnull=False, decided_at__isnull=False),
                name="granted_help_has_a_last_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=Helped.DENIED.value) | Q(decided_why__gt=""), name="denied_help_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state=Helped.REVERSED.value) | Q(reversed_at__isnull=False, reversed_why__gt=""),
                name="help_taken_back_says_why",
            ),
            models.CheckConstraint(
                condition=Q(is_presumptive=False, ground="") | Q(is_presumptive=True, ground__gt="", evidence__gt=""),
                name="presumed_help_names_its_ground",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["practice", "-asked_at", "id"], name="assistance_by_time"),
            models.Index(fields=["practice", "patient", "id"], name="assistance_by_patient"),
        ]


class Proof(PracticeModel):
    """A document that proves what an application says."""

    temper = "journal"
    classified = classify(business="application document name at by")

    application = PracticeForeignKey(Assistance, db_index=False)
    document = models.CharField(max_length=16)
    name = models.CharField(max_length=120)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "application", "document"], name="a_proof_stands_once_with_an_application"
            ),
        ]  # fmt: skip
