"""Forms of billing: what a person types, checked for its form only."""

from __future__ import annotations

from django import forms

from openmso.billing.states import Method


class PaymentForm(forms.Form):
    """A payment at the desk."""

    amount = forms.DecimalField(label="Amount", max_digits=9, decimal_places=2)
    method = forms.ChoiceField(label="How", choices=[(one.value, one.label) for one in Method])
    reference = forms.CharField(
        label="Reference", max_length=40, required=False,
        help_text="The number of a check; of a card slip the last four digits and the approval code.",
    )  # fmt: skip
    keep = forms.BooleanField(label="Do not apply it yet", required=False)
