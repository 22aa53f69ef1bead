"""How patients are billed: policies, runs of statements, and notices."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.billing.models.charges import Charge
from openmso.billing.models.common import CENTS
from openmso.billing.states import (
    Making,
    NoStatement,
    Told,
    Way,
)
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class PolicyVersion(PracticeModel):
    """What a practice decided about its patients' money (`rules.policy`); the latest version holds."""

    temper = "journal"
    classified = classify(business="number text why decided_at decided_by")

    number = models.PositiveIntegerField()
    text = models.JSONField()
    why = models.CharField(max_length=300)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="a_policy_numbers_its_versions"),
        ]


class StatementRun(PracticeModel):
    """A run of statements: how many went and how many did not, what they ask for, and the files for a mail house."""

    classified = classify(
        business="on made_at made_by sent passed amount paper mail_list grant state whole looked after"
    )

    public_id = PublicIdField("PSR")
    on = models.DateField(help_text="The practice's day")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=160)
    sent = models.PositiveIntegerField()
    passed = models.PositiveIntegerField(help_text="Accounts that owe and got none")
    amount = models.DecimalField(**CENTS)
    paper = models.CharField(max_length=16, blank=True, help_text="Document: the pages to be printed")
    mail_list = models.CharField(max_length=16, blank=True, help_text="Document: whom they go to")
    grant = models.CharField(max_length=20, blank=True, help_text="Under which it was sent, and is paid on line")
    state = models.CharField(
        max_length=8, choices=[(one.value, one.label) for one in Making], default=Making.DONE.value
    )  # fmt: skip
    whole = models.PositiveIntegerField(null=True, help_text="Accounts that owe; null before they were counted")
    looked = models.PositiveIntegerField(default=0, help_text="Accounts of them that were judged")
    after = models.BigIntegerField(default=0, help_text="The last patient whose account was judged")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="statement_runs_have_one_public_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "-made_at"], name="statement_run_by_day")]


class Statement(PracticeModel):
    """What a run made of an account that owes: the statement as it was sent, or why there was none."""

    temper = "journal"
    classified = classify(business="run patient on reason words amount way", clinical="content")

    public_id = PublicIdField("PSM")
    run = PracticeForeignKey(StatementRun, db_index=False)
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    on = models.DateField()
    reason = models.CharField(max_length=12, blank=True, choices=[(one.value, one.label) for one in NoStatement])
    words = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(**CENTS)
    way = models.CharField(max_length=8, blank=True, choices=[(one.value, one.label) for one in Way])
    content = models.JSONField(null=True, help_text="What stands on it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="patient_statements_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "run", "patient"], name="an_account_is_judged_once_a_run"),
            models.CheckConstraint(
                condition=Q(reason="", content__isnull=False, way__gt="")
                | Q(reason__gt="", words__gt="", content=None, way=""),
                name="accounts_without_a_statement_say_why",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "patient", "-on"], name="statement_by_patient")]


class Notice(PracticeModel):
    """A message that a statement is there, or that a card will be charged; it says nothing else of the patient.

    It waits until somebody takes it.
    """

    classified = classify(business="statement charge way state tries reference words made_at taken_at sent_at")

    public_id = PublicIdField("NTC")
    statement = PracticeForeignKey(Statement, null=True, db_index=False)
    charge = PracticeForeignKey(Charge, null=True, db_index=False)
    way = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Way])
    state = models.CharField(
        max_length=8, choices=[(one.value, one.label) for one in Told], default=Told.WAITING.value
    )  # fmt: skip
    tries = models.PositiveSmallIntegerField(default=0)
    reference = models.CharField(max_length=80, blank=True, help_text="What the provider calls it")
    words = models.CharField(max_length=200, blank=True, help_text="Why it was not delivered")
    made_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, help_text="When it was marked as being sent")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "statement"], name="a_statement_is_told_of_once"),
            models.UniqueConstraint(fields=["practice", "charge"], name="a_charge_is_told_of_once"),
            models.CheckConstraint(
                condition=Q(statement=None, charge__isnull=False) | Q(statement__isnull=False, charge=None),
                name="notices_tell_of_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(state=Told.SENT.value) | Q(sent_at__isnull=False), name="sent_notices_say_when"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "id"], condition=Q(state=Told.WAITING.value), name="notice_in_the_outbox"),
        ]
