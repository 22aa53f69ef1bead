"""Forms of eligibility."""

from __future__ import annotations

from typing import Any

from django import forms

from openmso.eligibility.contracts import ANSWER
from openmso.patients.contracts import Order
from openmso.platform.ui.uploads import FileField


class TakeForm(forms.Form):
    """A file of answers and the practice that asked."""

    practice = forms.ChoiceField(label="Practice")
    file = FileField(label="Answers", purpose=ANSWER, kinds="271 files")

    def __init__(self, *args: Any, practices: Any = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["practice"].choices = list(practices)  # type: ignore[attr-defined]


class CoverageForm(forms.Form):
    """A payer that an answer found, as a coverage."""

    payer = forms.ChoiceField(label="Payer of the register")
    member_id = forms.CharField(label="Member id", max_length=80)
    starts_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    replaces = forms.BooleanField(
        label="It takes the place of the coverage that was asked about, which ends then", required=False
    )
    order = forms.ChoiceField(
        label="Otherwise, its place", choices=[(one.value, one.label) for one in Order], required=False,
        initial=Order.SECONDARY.value,
    )  # fmt: skip

    def __init__(self, *args: Any, payers: Any = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["payer"].choices = [("", "Choose a payer"), *payers]  # type: ignore[attr-defined]
