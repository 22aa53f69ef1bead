"""Instalments that are charged to cards."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from openmso.billing.states import Charging
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class Charge(PracticeModel):
    """An instalment of a plan that is to be charged to the patient's card on a day: announced first, then charged."""

    classified = classify(business="patient plan card number amount charge_on state words payment made_at")

    public_id = PublicIdField("CHP")
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    plan = PracticeForeignKey("billing.Plan", db_index=False)
    card = PracticeForeignKey("billing.Card", db_index=False)
    number = models.PositiveSmallIntegerField(help_text="Which instalment")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    charge_on = models.DateField()
    state = models.CharField(
        max_length=9, choices=[(one.value, one.label) for one in Charging], default=Charging.ANNOUNCED.value
    )  # fmt: skip
    words = models.CharField(max_length=200, blank=True, help_text="Why it was not charged")
    payment = PracticeForeignKey("billing.OnlinePayment", null=True, db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="charges_of_cards_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "plan", "number"], name="an_instalment_is_charged_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "charge_on"], condition=models.Q(state=Charging.ANNOUNCED.value),
                name="card_charge_to_come",
            ),
        ]  # fmt: skip
