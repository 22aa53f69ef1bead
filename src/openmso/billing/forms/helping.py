"""Forms of charity care."""

from __future__ import annotations

from django import forms

from openmso.billing.rules.charity import HOUSEHOLD_MAX


class ApplicationForm(forms.Form):
    """Household and income, with a proof."""

    household = forms.IntegerField(label="Persons in the household", min_value=1, max_value=HOUSEHOLD_MAX)
    income = forms.DecimalField(label="Income of the household, a year", max_digits=11, decimal_places=2, min_value=0)
    proof = forms.FileField(label="Proof of income", required=False, help_text="A tax return or pay stubs, as PDF.")
