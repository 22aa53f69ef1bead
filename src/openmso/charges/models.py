"""Fee schedules with versions, the coding of visits, and charge lines."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openmso.charges.states import S
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class FeeSchedule(PracticeModel):
    """A price list of a practice; one for everybody, and one for a payer where it has its own."""

    classified = classify(business="name payer")

    public_id = PublicIdField("FEE")
    name = models.CharField(max_length=60)
    payer = models.ForeignKey("parties.Payer", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="schedules_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "name"], name="a_schedule_is_named_once"),
        ]


class FeeVersion(PracticeModel):
    """The prices of a schedule from a day on."""

    temper = "journal"
    classified = classify(business="label starts_on published_at")

    schedule = PracticeForeignKey(FeeSchedule)
    label = models.CharField(max_length=60, help_text="How people call it: RFP-2026-07")
    starts_on = models.DateField()
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "schedule", "starts_on"], name="a_schedule_changes_once_a_day"),
        ]


class Fee(PracticeModel):
    """The price of one unit of a code in a version."""

    temper = "journal"
    classified = classify(business="code modifier amount")

    version = PracticeForeignKey(FeeVersion, db_index=False)
    code = models.CharField(max_length=5)
    modifier = models.CharField(max_length=2, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "code", "version", "modifier"], name="a_version_prices_a_code_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="fees_are_more_than_nothing"),
        ]  # fmt: skip


class Coding(PracticeModel):
    """The diagnoses of a visit in order of importance; the pointers of its charges count into them from 1."""

    classified = classify(clinical="diagnoses system coded_at")

    visit = PracticeForeignKey("scheduling.Visit", db_index=False)
    diagnoses = ArrayField(models.CharField(max_length=20), help_text="ICD-10-CM without the point: E119")
    system = models.CharField(max_length=20, blank=True, help_text="Of codes no payer takes: SNOMED CT")
    coded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "visit"], name="a_visit_is_coded_once"),
        ]


class Stay(PracticeModel):
    """What a facility says of a visit on an institutional claim; code values are the NUBC's, as they were entered."""

    classified = classify(
        clinical="bill_type admission_type admission_source patient_status admitted_on admitted_hour discharged_hour "
        "admitting_diagnosis conditions occurrences values visit_reasons procedures",
        business="attending operating",
    )

    visit = PracticeForeignKey("scheduling.Visit", db_index=False)
    bill_type = models.CharField(max_length=2, help_text="Facility and kind of bill; the third digit is the frequency")
    admission_type = models.CharField(max_length=1)
    admission_source = models.CharField(max_length=1, blank=True)
    patient_status = models.CharField(max_length=2)
    admitted_on = models.DateField(null=True)
    admitted_hour = models.CharField(max_length=2, blank=True)
    discharged_hour = models.CharField(max_length=2, blank=True)
    admitting_diagnosis = models.CharField(max_length=20, blank=True)
    conditions = ArrayField(models.CharField(max_length=2), default=list)
    occurrences = models.JSONField(default=list, help_text="[code, day, last day of a span or empty]")
    values = models.JSONField(default=list, help_text="[code, amount]")
    attending = PracticeForeignKey("parties.Clinician", null=True, db_index=False)
    operating = PracticeForeignKey("parties.Clinician", null=True, db_index=False)
    visit_reasons = ArrayField(models.CharField(max_length=8), default=list, help_text="ICD-10-CM (NUBC FL 70)")
    procedures = models.JSONField(default=list, help_text="[ICD-10-PCS, day], the principal one first (NUBC FL 74)")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "visit"], name="a_visit_has_one_stay"),
            models.CheckConstraint(condition=Q(bill_type__regex=r"^\d{2}$"), name="bill_types_have_two_digits"),
        ]


class Charge(PracticeModel):
    """One thing done at a visit: code, modifiers, units, price, and whether it stands on a claim."""

    classified = classify(
        clinical="number code code_system modifiers pointers units service_on service_through ndc ndc_quantity "
        "ndc_unit note revenue_code minutes",
        business="amount is_priced fee_version expected_amount expected_words expected_source state state_at "
        "hold_reason source_id",
    )

    public_id = PublicIdField("CHG")
    visit = PracticeForeignKey("scheduling.Visit", db_index=False)
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    number = models.PositiveSmallIntegerField(help_text="Place at the visit, from 1")
    code = models.CharField(
        max_length=20, blank=True, help_text="CPT or HCPCS level II; another system's where it is named"
    )
    code_system = models.CharField(max_length=20, blank=True)
    modifiers = ArrayField(models.CharField(max_length=2), default=list)
    pointers = ArrayField(models.PositiveSmallIntegerField(), default=list)
    units = models.DecimalField(max_digits=9, decimal_places=3)
    service_on = models.DateField()
    service_through = models.DateField(null=True)
    ndc = models.CharField(max_length=11, blank=True)
    ndc_quantity = models.DecimalField(max_digits=11, decimal_places=3, null=True)
    ndc_unit = models.CharField(max_length=2, blank=True)
    note = models.CharField(max_length=80, blank=True)
    revenue_code = models.CharField(max_length=4, blank=True, help_text="Of what a facility bills (NUBC FL 42)")
    minutes = models.PositiveSmallIntegerField(null=True, help_text="How long it took, of what is billed by time")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    is_priced = models.BooleanField(help_text="By a fee schedule or given; false leaves the amount at zero")
    fee_version = models.CharField(max_length=60, blank=True, help_text="Label of the version it was priced by")
    expected_amount = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, help_text="What the first payer should allow by its contract"
    )
    expected_words = models.CharField(max_length=300, blank=True, help_text="The term that says so, or why none does")
    expected_source = models.CharField(max_length=24, blank=True, help_text="Contract and version: PCN-7K2P9M4X/2")
    state = models.CharField(max_length=8, choices=[(s.value, s.label) for s in S], default=S.CAPTURED.value)
    state_at = models.DateTimeField()
    hold_reason = models.CharField(max_length=200, blank=True)
    source_id = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="charges_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "visit", "number"], name="a_visit_numbers_its_charges"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="charges_are_not_negative"),
            models.CheckConstraint(
                condition=Q(expected_amount=None) | Q(expected_source__gt=""),
                name="expected_amounts_name_their_contract",
            ),
            models.CheckConstraint(
                condition=~Q(code="") | Q(revenue_code__gt=""), name="charges_have_a_code_or_a_revenue_code"
            ),
            models.CheckConstraint(
                condition=Q(revenue_code="") | Q(revenue_code__regex=r"^\d{4}$"), name="revenue_codes_have_four_digits"
            ),
            models.CheckConstraint(condition=Q(modifiers__len__lte=4), name="a_charge_has_four_modifiers_at_most"),
            models.CheckConstraint(
                condition=Q(state=S.HELD.value, hold_reason__gt="") | ~Q(state=S.HELD.value) & Q(hold_reason=""),
                name="held_charges_say_why",
            ),
            models.CheckConstraint(
                condition=Q(ndc="", ndc_quantity=None) | Q(ndc__regex=r"^\d{11}$", ndc_quantity__gt=0),
                name="drugs_say_which_and_how_much",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "visit"], condition=Q(state=S.CAPTURED.value), name="charge_waiting"),
            models.Index(fields=["practice", "patient", "service_on"], name="charge_by_patient_and_day"),
        ]
