"""Forms of analytics."""

from __future__ import annotations

from django import forms

from openmso.analytics.contracts import Function


class HourCostForm(forms.Form):
    """What an hour of a function costs, from when, and by whose figures."""

    function = forms.ChoiceField(label="Whose work", choices=[(one.value, one.label) for one in Function])
    hourly = forms.DecimalField(
        label="An hour costs, in dollars", min_value=0, max_digits=8, decimal_places=2,
        help_text="With everything: wages, taxes, benefits, and overhead where your source has it",
    )  # fmt: skip
    minutes = forms.DecimalField(
        label="Minutes that a touch takes", min_value=0, max_digits=5, decimal_places=1,
        help_text="On average, as somebody measured it",
    )  # fmt: skip
    starts_on = forms.DateField(
        label="Holds from", widget=forms.DateInput(attrs={"type": "date"}),
        help_text="A day in the past counts what was done since",
    )  # fmt: skip
    source = forms.CharField(label="By which source", max_length=200, help_text="A payroll report, an offer, a study")
    why = forms.CharField(label="Why it changes", max_length=300, required=False)
