"""What happens when patients do not pay: runs over accounts, stages of dunning, agencies and what they got."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from openmso.billing.states import Deed, Placed, Stage, Sweeping, SweepKind, Swept
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

CENTS: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


def _choices(of: Any) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in of]


class Agency(PracticeModel):
    """A collection agency of a practice, and the share of what it brings that it keeps."""

    classified = classify(business="name fee_percent ended_on")

    public_id = PublicIdField("AGY")
    name = models.CharField(max_length=120)
    fee_percent = models.DecimalField(max_digits=5, decimal_places=2)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="agencies_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "name"], name="an_agency_is_named_once"),
            models.CheckConstraint(
                condition=Q(fee_percent__gte=0, fee_percent__lt=100), name="agencies_keep_less_than_all"
            ),
        ]


class Sweep(PracticeModel):
    """A run over the accounts of a practice: proposed by one person, decided by another where money is given up."""

    classified = classify(
        business="kind agency on state made_at made_by made_user decided_at decided_by decided_why count amount paper "
        "sheet only whole looked after reference"
    )

    public_id = PublicIdField("CRN")
    kind = models.CharField(max_length=8, choices=_choices(SweepKind))
    agency = PracticeForeignKey(Agency, null=True, db_index=False)
    on = models.DateField(help_text="The practice's day")
    state = models.CharField(max_length=8, choices=_choices(Sweeping), default=Sweeping.PROPOSED.value)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=160)
    made_user = models.CharField(max_length=20, blank=True, help_text="Public id of their account")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    decided_why = models.CharField(max_length=300, blank=True)
    count = models.PositiveIntegerField(help_text="Accounts with which something is done")
    amount = models.DecimalField(**CENTS)
    paper = models.CharField(max_length=16, blank=True, help_text="Document: the letters")
    sheet = models.CharField(max_length=16, blank=True, help_text="Document: the file for the agency")
    only = models.JSONField(null=True, help_text="Patients by their keys; nothing where every account is looked at")
    whole = models.PositiveIntegerField(null=True, help_text="Accounts to be looked at, or to be done; null before")
    looked = models.PositiveIntegerField(default=0, help_text="Accounts of them that were")
    after = models.BigIntegerField(default=0, help_text="The last patient whose account was looked at")
    reference = models.CharField(max_length=40, blank=True, help_text="Checks by which small credits go back")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="runs_over_accounts_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(state__in=[Sweeping.BEGUN.value, Sweeping.PROPOSED.value, Sweeping.NOTHING.value])
                | Q(decided_at__isnull=False),
                name="decided_runs_say_when",
            ),
            models.CheckConstraint(
                condition=Q(kind=SweepKind.AGENCY.value, agency__isnull=False)
                | ~Q(kind=SweepKind.AGENCY.value) & Q(agency=None),
                name="what_is_handed_over_names_an_agency",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "-made_at", "id"], name="sweep_by_time")]


class SweptAccount(PracticeModel):
    """What a run proposes for an account, why, and what came of it."""

    classified = classify(business="sweep number patient payment deed amount words state why act")

    sweep = PracticeForeignKey(Sweep, db_index=False)
    number = models.PositiveIntegerField()
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    payment = PracticeForeignKey("billing.Payment", null=True, db_index=False)
    deed = models.CharField(max_length=12, choices=_choices(Deed))
    amount = models.DecimalField(**CENTS)
    words = models.CharField(max_length=300)
    state = models.CharField(max_length=12, choices=_choices(Swept), default=Swept.PROPOSED.value)
    why = models.CharField(max_length=300, blank=True, help_text="Why it was left out or taken back")
    act = models.CharField(max_length=16, blank=True, help_text="Its refund or placement")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "sweep", "number"], name="a_run_numbers_its_accounts"),
            models.CheckConstraint(
                condition=~Q(state__in=[Swept.LEFT_OUT.value, Swept.TAKEN_BACK.value]) | Q(why__gt=""),
                name="accounts_left_out_say_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "patient", "id"], name="swept_account_by_patient"),
            models.Index(fields=["practice", "sweep", "-amount", "id"], name="swept_account_by_amount"),
        ]


class Chase(PracticeModel):
    """How far a patient was asked for what they owe, and what comes next; made anew every night and by every run."""

    temper = "workpaper"
    classified = classify(business="patient stage stage_on next due_on words")

    patient = PracticeForeignKey("patients.Patient", db_index=False)
    stage = models.CharField(max_length=12, choices=_choices(Stage))
    stage_on = models.DateField(null=True)
    next = models.CharField(max_length=12, blank=True, choices=_choices(Stage))
    due_on = models.DateField(null=True)
    words = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "patient"], name="a_patient_is_asked_in_one_row"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "stage", "id"], name="chase_by_stage"),
            models.Index(fields=["practice", "due_on", "id"], name="chase_by_day"),
        ]


class Placement(PracticeModel):
    """An account that was handed over to an agency: given up as bad debt, and what came back of it."""

    classified = classify(
        business="patient agency sweep amount placed_on state ended_on ended_why recovered_amount fee_amount"
    )

    public_id = PublicIdField("PLC")
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    agency = PracticeForeignKey(Agency, db_index=False)
    sweep = PracticeForeignKey(Sweep, db_index=False)
    amount = models.DecimalField(**CENTS)
    placed_on = models.DateField()
    state = models.CharField(max_length=12, choices=_choices(Placed), default=Placed.OUT.value)
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)
    recovered_amount = models.DecimalField(**CENTS, default=0)
    fee_amount = models.DecimalField(**CENTS, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="placements_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "patient"], condition=Q(state=Placed.OUT.value),
                name="an_account_is_with_one_agency",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="agencies_get_what_is_owed"),
            models.CheckConstraint(
                condition=Q(state=Placed.OUT.value) | Q(ended_on__isnull=False, ended_why__gt=""),
                name="placements_that_ended_say_why",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["practice", "-placed_on", "id"], name="placement_by_day")]


class AgencyFile(PracticeModel):
    """A file that went to an agency or came from it, with its hash: the same file is taken once."""

    temper = "journal"
    classified = classify(business="agency is_out document sha256 rows amount words at by")

    agency = PracticeForeignKey(Agency, db_index=False)
    is_out = models.BooleanField()
    document = models.CharField(max_length=16)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    amount = models.DecimalField(**CENTS)
    words = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "agency", "sha256"], name="an_agencys_file_is_taken_once"),
        ]
