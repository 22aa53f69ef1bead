"""Standing instructions of deposit accounts; and every step in the life of anything that treasury keeps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.treasury.states import Formula, Held


class Instruction(PracticeModel):
    """What leaves a deposit account until further notice.

    The database lets nobody give one for the government account, or revoke it, who is not of the practice (see
    migration 0002): the instruction is the practice's own, and revocable at any time (42 CFR 424.73(b), 447.10).
    """

    classified = classify(
        business="account use target target_name target_holder to_mso agreement version clause formula amount "
        "starts_on state given_at given_by given_by_user revoked_at revoked_by revoked_by_user revoked_why"
    )

    public_id = PublicIdField("SIN")
    account = PracticeForeignKey("parties.BankAccount")
    use = models.CharField(max_length=24, help_text="Of the account, as it was then")
    target = models.CharField(max_length=16, help_text="Public id of the account that receives")
    target_name = models.CharField(max_length=60)
    target_holder = models.CharField(max_length=120)
    to_mso = models.BooleanField(default=False)
    agreement = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField()
    clause = models.CharField(max_length=200)
    formula = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Formula])
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    starts_on = models.DateField()
    state = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Held], default=Held.GIVEN.value)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=120)
    given_by_user = models.CharField(max_length=16, help_text="Public id of the account of who gave it")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=120, blank=True)
    revoked_by_user = models.CharField(max_length=16, blank=True)
    revoked_why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="instructions_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "account"], condition=Q(state=Held.GIVEN.value),
                name="an_account_has_one_standing_instruction",
            ),
            models.CheckConstraint(condition=~Q(clause=""), name="instructions_name_their_clause"),
            models.CheckConstraint(
                condition=Q(formula=Formula.ALL.value, amount=None)
                | (~Q(formula=Formula.ALL.value) & Q(amount__gt=0)),
                name="formulas_that_need_an_amount_have_one",
            ),
            models.CheckConstraint(
                condition=Q(state=Held.GIVEN.value, revoked_at=None, revoked_why="")
                | (Q(state=Held.REVOKED.value, revoked_at__isnull=False) & ~Q(revoked_why="")),
                name="revoked_instructions_say_when_and_why",
            ),
        ]  # fmt: skip


class Move(PracticeModel):
    """A step in the life of an instruction, a run, a payment or a file."""

    temper = "journal"
    classified = classify(business="subject from_state to_state moved_at moved_by why")

    subject = models.CharField(max_length=16, help_text="Its public id")
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    moved_at = models.DateTimeField()
    moved_by = models.CharField(max_length=120)
    why = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "subject", "id"], name="treasury_moves")]
