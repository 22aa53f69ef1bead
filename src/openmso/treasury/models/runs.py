"""A month of a practice, paid out in the order of its agreement."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import Entity, PracticeForeignKey, PracticeModel, PublicIdField
from openmso.treasury.models.instructions import Instruction
from openmso.treasury.states import STANDING, R

_STANDING = sorted(one.value for one in STANDING)


class Run(PracticeModel):
    """The priority of payments of a month: frozen as it was proposed, with its terms and figures."""

    classified = classify(
        business="month agreement version mso_entity practice_entity state terms given notes opening closing "
        "cash_amount fee_amount advanced_amount residual_amount loan_amount held_amount swept_amount content "
        "instruction deposit_instruction collected_amount sentence "
        "proposed_at proposed_by proposed_by_user approved_at approved_by approved_by_user "
        "posted_on posted_at posted_by entries paid"
    )

    public_id = PublicIdField("WFR")
    month = models.DateField(help_text="Its first day")
    agreement = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField()
    mso_entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    practice_entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=[(one.value, one.label) for one in R], default=R.PROPOSED.value)
    instruction = PracticeForeignKey(Instruction, null=True)
    deposit_instruction = PracticeForeignKey(Instruction, null=True, related_name="+")
    terms = models.JSONField()
    sentence = models.CharField(max_length=800)
    given = models.JSONField(help_text="Each figure, with the ledger lines or invoices behind it")
    notes = models.JSONField(default=list)
    opening = models.JSONField()
    closing = models.JSONField()
    cash_amount = models.DecimalField(max_digits=14, decimal_places=2)
    fee_amount = models.DecimalField(max_digits=14, decimal_places=2)
    advanced_amount = models.DecimalField(max_digits=14, decimal_places=2)
    residual_amount = models.DecimalField(max_digits=14, decimal_places=2)
    loan_amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="What stands after it")
    held_amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Stays in the government account")
    swept_amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Leaves the government account")
    collected_amount = models.DecimalField(
        max_digits=14, decimal_places=2, default=0, help_text="Leaves the deposit account of other payers"
    )
    content = models.CharField(max_length=64, help_text="SHA-256 of terms, figures and what stood before")
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=120)
    proposed_by_user = models.CharField(max_length=16, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=120, blank=True)
    approved_by_user = models.CharField(max_length=16, blank=True)
    posted_on = models.DateField(null=True)
    posted_at = models.DateTimeField(null=True)
    posted_by = models.CharField(max_length=120, blank=True)
    entries = models.JSONField(default=list, help_text="Book and public id of each entry")
    paid = models.JSONField(default=list, help_text="Statement and amount of each invoice it paid or lent")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="waterfall_runs_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "month"], condition=Q(state__in=_STANDING), name="a_month_is_paid_out_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="waterfall_runs_name_months_by_their_first_day"),
            models.CheckConstraint(
                condition=Q(approved_by_user="") | ~Q(approved_by_user=F("proposed_by_user")),
                name="who_proposed_a_run_does_not_approve_it",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[R.APPROVED.value, R.POSTED.value, R.REVERSED.value])
                | (Q(approved_at__isnull=False) & ~Q(approved_by_user="")),
                name="nothing_is_paid_out_that_is_not_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[R.POSTED.value, R.REVERSED.value]) | Q(posted_on__isnull=False),
                name="posted_runs_say_when",
            ),
        ]


class RunStep(PracticeModel):
    """A line of a run in its order."""

    temper = "journal"
    classified = classify(
        business="run number line wanted_amount paid_amount advanced_amount missing_amount left_amount how outcome"
    )

    run = PracticeForeignKey(Run)
    number = models.PositiveSmallIntegerField()
    line = models.CharField(max_length=24)
    wanted_amount = models.DecimalField(max_digits=14, decimal_places=2)
    paid_amount = models.DecimalField(max_digits=14, decimal_places=2)
    advanced_amount = models.DecimalField(max_digits=14, decimal_places=2)
    missing_amount = models.DecimalField(max_digits=14, decimal_places=2)
    left_amount = models.DecimalField(max_digits=14, decimal_places=2)
    how = models.CharField(max_length=200)
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "run", "number"], name="steps_of_a_run_are_numbered"),
        ]
