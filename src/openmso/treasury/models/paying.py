"""Payments of runs, and the files in which banks are told of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.treasury.models.instructions import Instruction
from openmso.treasury.models.runs import Run
from openmso.treasury.states import Changed, P, Pays
from openmso.treasury.states import F as Filed


class BankFile(PracticeModel):
    """A file of payments out of one account. It is sent as it was approved, or not at all."""

    classified = classify(
        business="account account_name use from_mso name modifier made_on effective_on entries amount hash sha256 "
        "fingerprint document state prepared_at prepared_by prepared_by_user approved_at approved_by approved_by_user "
        "sent_at sent_by cancelled_why"
    )

    public_id = PublicIdField("BKF")
    account = models.CharField(max_length=16, help_text="Public id of the account that pays")
    account_name = models.CharField(max_length=60)
    use = models.CharField(max_length=24)
    from_mso = models.BooleanField(default=False)
    name = models.CharField(max_length=80)
    modifier = models.CharField(max_length=1)
    made_on = models.DateField()
    effective_on = models.DateField()
    entries = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    hash = models.BigIntegerField(help_text="Of the receiving banks, as the file's control record has it")
    sha256 = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of payees, amounts and references")
    document = models.CharField(max_length=16)
    state = models.CharField(
        max_length=12, choices=[(one.value, one.label) for one in Filed], default=Filed.PREPARED.value
    )
    prepared_at = models.DateTimeField()
    prepared_by = models.CharField(max_length=120)
    prepared_by_user = models.CharField(max_length=16)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=120, blank=True)
    approved_by_user = models.CharField(max_length=16, blank=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=120, blank=True)
    cancelled_why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="bank_files_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "account", "made_on", "modifier"], name="files_of_a_day_have_their_own_modifiers"
            ),
            models.UniqueConstraint(
                fields=["practice", "fingerprint"], condition=~Q(state=Filed.CANCELLED.value),
                name="the_same_payments_stand_in_one_file",
            ),
            models.CheckConstraint(
                condition=Q(approved_by_user="") | ~Q(approved_by_user=F("prepared_by_user")),
                name="who_prepared_a_file_does_not_approve_it",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[Filed.APPROVED.value, Filed.SENT.value])
                | (Q(approved_at__isnull=False) & ~Q(approved_by_user="")),
                name="no_file_goes_to_a_bank_unapproved",
            ),
            models.CheckConstraint(
                condition=~Q(state=Filed.CANCELLED.value) | ~Q(cancelled_why=""), name="cancelled_files_say_why"
            ),
        ]  # fmt: skip


class Payment(PracticeModel):
    """One payment of a run. Where it goes is frozen when it is put into a file."""

    classified = classify(
        business="run instruction kind amount from_account from_name from_use from_mso to_account to_name to_holder "
        "to_bank to_mso reference state file trace changed returned_code returned_at authorized_at "
        "authorized_by authorized_why entries"
    )

    public_id = PublicIdField("TPM")
    run = PracticeForeignKey(Run)
    instruction = PracticeForeignKey(Instruction, null=True)
    kind = models.CharField(max_length=12, choices=[(one.value, one.label) for one in Pays])
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    from_account = models.CharField(max_length=16)
    from_name = models.CharField(max_length=60)
    from_use = models.CharField(max_length=24)
    from_mso = models.BooleanField(default=False)
    to_account = models.CharField(max_length=16)
    to_name = models.CharField(max_length=60)
    to_holder = models.CharField(max_length=120)
    to_bank = models.CharField(max_length=80, help_text="Bank, and the last digits of the account")
    to_mso = models.BooleanField(default=False)
    reference = models.CharField(max_length=80, help_text="What the file says with it")
    state = models.CharField(max_length=12, choices=[(one.value, one.label) for one in P], default=P.DUE.value)
    file = PracticeForeignKey(BankFile, null=True)
    trace = models.CharField(max_length=15, blank=True)
    changed = models.CharField(max_length=8, default=Changed.FIRST.value)
    returned_code = models.CharField(max_length=3, blank=True)
    returned_at = models.DateTimeField(null=True)
    authorized_at = models.DateTimeField(null=True, help_text="When the payee authorized it anew after it came back")
    authorized_by = models.CharField(max_length=120, blank=True)
    authorized_why = models.CharField(max_length=200, blank=True)
    entries = models.JSONField(default=list, help_text="Of the money that came back, in each book")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="treasury_payments_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "run", "kind"], name="a_run_pays_each_kind_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_pay_something"),
            models.CheckConstraint(condition=~Q(to_account=F("from_account")), name="nobody_pays_the_same_account"),
            models.CheckConstraint(
                condition=~Q(state__in=[P.FILED.value, P.SENT.value]) | Q(file__isnull=False),
                name="filed_payments_stand_in_a_file",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "trace"], condition=~Q(trace=""), name="payments_by_trace"),
            models.Index(fields=["practice", "file"], name="payments_of_file"),
        ]
