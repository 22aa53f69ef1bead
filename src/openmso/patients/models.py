"""Patients, their names in other systems, and their coverages."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.patients.contracts import Order, PlanKind, Relationship, Sex
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.platform.vault.fields import BlindIndexField, SecretField


class Named(models.Model):
    """A person's name, birth date and address, as loops 2010BA and 2010CA of an 837 say them."""

    last_name = models.CharField(max_length=60)
    first_name = models.CharField(max_length=35, blank=True)
    middle_name = models.CharField(max_length=25, blank=True)
    suffix = models.CharField(max_length=10, blank=True)
    born_on = models.DateField(null=True)
    sex = models.CharField(max_length=1, choices=[(s.value, s.label) for s in Sex], default=Sex.UNKNOWN.value)
    line1 = models.CharField(max_length=55, blank=True)
    line2 = models.CharField(max_length=55, blank=True)
    city = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip = models.CharField(max_length=9, blank=True)

    class Meta:
        abstract = True


NAMED = "last_name first_name middle_name suffix born_on sex line1 line2 city state zip"


class Patient(PracticeModel, Named):
    """A person treated by one practice. The same person in another practice is another patient."""

    classified = classify(demographic=f"{NAMED} mrn phone email lookup", identity_secret="ssn ssn_index")

    public_id = PublicIdField("PAT")
    mrn = models.CharField(max_length=50, help_text="Medical record number in this practice (REF*EA)")
    phone = models.CharField(max_length=10, blank=True)
    email = models.EmailField(blank=True)
    ssn = SecretField(kind="ssn")
    ssn_index = BlindIndexField(of="ssn")
    lookup = models.CharField(
        max_length=120, db_collation="C", help_text="rules.lookup_name: what lists are sorted and searched by"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="patients_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "mrn"], name="a_record_number_is_one_patient"),
            models.CheckConstraint(condition=~Q(mrn="") & ~Q(last_name=""), name="patients_have_a_name_and_a_number"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "lookup"], name="patient_by_name"),
            models.Index(fields=["practice", "born_on"], name="patient_by_birth"),
            models.Index(fields=["practice", "phone"], name="patient_by_phone"),
        ]


class PatientIdentifier(PracticeModel):
    """Under which id another system knows a patient: what makes a second import of them no second patient."""

    temper = "journal"
    classified = classify(business="source", demographic="source_id")

    patient = PracticeForeignKey(Patient, db_index=True)
    source = models.CharField(max_length=80)
    source_id = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "source", "source_id"], name="a_foreign_id_names_one_patient"
            ),
        ]  # fmt: skip


class Coverage(PracticeModel):
    """What a payer promised for a patient; the subscriber's own data only when the patient is not the subscriber."""

    classified = classify(
        business="payer kind insurance_type starts_on ends_on copay_amount plan_name",
        demographic="order member_id group_number relationship subscriber_last_name subscriber_first_name "
        "subscriber_middle_name subscriber_suffix subscriber_born_on subscriber_sex subscriber_line1 "
        "subscriber_line2 subscriber_city subscriber_state subscriber_zip",
    )

    public_id = PublicIdField("COV")
    patient = PracticeForeignKey(Patient, db_index=False)
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+")
    kind = models.CharField(
        max_length=7, choices=[(k.value, k.label) for k in PlanKind], default=PlanKind.MEDICAL.value
    )
    order = models.CharField(max_length=1, choices=[(o.value, o.label) for o in Order], help_text="SBR01")
    member_id = models.CharField(max_length=80)
    group_number = models.CharField(max_length=50, blank=True)
    plan_name = models.CharField(max_length=60, blank=True)
    relationship = models.CharField(max_length=2, choices=[(r.value, r.label) for r in Relationship])
    insurance_type = models.CharField(max_length=2, blank=True, help_text="SBR05, where Medicare is secondary")
    subscriber_last_name = models.CharField(max_length=60, blank=True)
    subscriber_first_name = models.CharField(max_length=35, blank=True)
    subscriber_middle_name = models.CharField(max_length=25, blank=True)
    subscriber_suffix = models.CharField(max_length=10, blank=True)
    subscriber_born_on = models.DateField(null=True)
    subscriber_sex = models.CharField(max_length=1, blank=True)
    subscriber_line1 = models.CharField(max_length=55, blank=True)
    subscriber_line2 = models.CharField(max_length=55, blank=True)
    subscriber_city = models.CharField(max_length=30, blank=True)
    subscriber_state = models.CharField(max_length=2, blank=True)
    subscriber_zip = models.CharField(max_length=9, blank=True)
    copay_amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="The first day it no longer holds")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="coverages_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "patient", "kind", "order", "starts_on"], name="one_coverage_an_order_from_a_day"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="coverages_end_after_they_start"
            ),
            models.CheckConstraint(
                condition=Q(relationship="18") | ~Q(subscriber_last_name=""),
                name="dependents_name_their_subscriber",
            ),
            models.CheckConstraint(condition=Q(copay_amount__gte=0), name="copays_are_not_negative"),
        ]
