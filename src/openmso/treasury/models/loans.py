"""Deficit loans: what the MSO advanced, lent and earned on it, and what was paid back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import Entity, PracticeForeignKey, PracticeModel, PublicIdField
from openmso.treasury.models.runs import Run
from openmso.treasury.states import LESS, Moved, Part

_LESS = [one.value for one in LESS]


class DeficitLoan(PracticeModel):
    """The loan of an agreement; its balance is the sum of its movements, and what both books say."""

    classified = classify(business="agreement mso_entity practice_entity opened_on")

    public_id = PublicIdField("LON")
    agreement = models.CharField(max_length=16)
    mso_entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    practice_entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    opened_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="deficit_loans_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "agreement"], name="an_agreement_has_one_deficit_loan"),
        ]


class LoanMovement(PracticeModel):
    """What moved a loan, once: a positive amount adds to it. A reversed run is met by movements of the other sign.

    What a dispute won of a fee that was lent is credited by no run: `dispute` says by which.
    """

    temper = "journal"
    classified = classify(business="loan run kind part amount moved_on moved_at moved_by words reverses dispute")

    loan = PracticeForeignKey(DeficitLoan)
    run = PracticeForeignKey(Run, null=True)
    dispute = models.CharField(max_length=16, blank=True, help_text="Public id of the dispute that was won")
    kind = models.CharField(max_length=12, choices=[(one.value, one.label) for one in Moved])
    part = models.CharField(max_length=12, choices=[(one.value, one.label) for one in Part])
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    moved_on = models.DateField()
    moved_at = models.DateTimeField()
    moved_by = models.CharField(max_length=120)
    words = models.CharField(max_length=200, help_text="Interest says its rate and days")
    reverses = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "run", "kind", "part", "reverses"], name="a_run_moves_each_part_of_a_loan_once"
            ),
            models.CheckConstraint(
                condition=(Q(kind__in=_LESS, reverses=False, amount__lt=0))
                | Q(kind__in=_LESS, reverses=True, amount__gt=0)
                | (~Q(kind__in=_LESS) & Q(reverses=False, amount__gt=0))
                | (~Q(kind__in=_LESS) & Q(reverses=True, amount__lt=0)),
                name="movements_go_the_way_of_their_kind",
            ),
            models.CheckConstraint(
                condition=Q(run__isnull=False, dispute="") | (Q(run__isnull=True) & ~Q(dispute="")),
                name="a_loan_is_moved_by_a_run_or_by_a_dispute",
            ),
            models.UniqueConstraint(
                fields=["practice", "loan", "dispute", "part"],
                condition=~Q(dispute=""),
                name="a_dispute_credits_each_part_of_a_loan_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "loan", "id"], name="movements_of_loan")]
