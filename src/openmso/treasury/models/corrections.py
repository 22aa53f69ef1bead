"""What banks of payees say is right of their accounts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.treasury.models.paying import Payment
from openmso.treasury.states import Noted


class Correction(PracticeModel):
    """A notification of change: it is a proposal, and changes the account once a second person takes it over.

    The number of the account stays in the bank's file, which is kept encrypted; here are its last digits.
    """

    classified = classify(
        business="payment code trace account account_name from_mso was becomes document state told_at told_by "
        "told_by_user decided_at decided_by decided_by_user why made_account"
    )

    public_id = PublicIdField("NOC")
    payment = PracticeForeignKey(Payment)
    code = models.CharField(max_length=3)
    trace = models.CharField(max_length=15)
    account = models.CharField(max_length=16, help_text="Public id of the account that it is about")
    account_name = models.CharField(max_length=60)
    from_mso = models.BooleanField(default=False, help_text="Whether the account is the MSO's")
    was = models.CharField(max_length=120)
    becomes = models.CharField(max_length=120)
    document = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Noted], default=Noted.TOLD.value)
    told_at = models.DateTimeField()
    told_by = models.CharField(max_length=120)
    told_by_user = models.CharField(max_length=16, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_by_user = models.CharField(max_length=16, blank=True)
    why = models.CharField(max_length=200, blank=True)
    made_account = models.CharField(max_length=16, blank=True, help_text="Public id of the account as corrected")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="corrections_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "trace", "code"], name="a_bank_notes_a_change_once"),
            models.CheckConstraint(
                condition=Q(decided_by_user="") | ~Q(decided_by_user=F("told_by_user")),
                name="who_read_a_correction_does_not_take_it_over",
            ),
            models.CheckConstraint(
                condition=Q(state=Noted.TOLD.value) | Q(decided_at__isnull=False), name="decided_corrections_say_when"
            ),
            models.CheckConstraint(
                condition=~Q(state=Noted.DECLINED.value) | ~Q(why=""), name="declined_corrections_say_why"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["practice", "state"], name="corrections_to_decide")]
