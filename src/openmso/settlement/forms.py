"""What people fill in: which month to settle, when a fee was paid, why a settlement is withdrawn."""

from __future__ import annotations

from typing import Any

from django import forms

from openmso.kit.periods import Month


class SettleForm(forms.Form):
    """Which practice's month is settled."""

    practice = forms.ChoiceField(label="Practice")
    month = forms.CharField(
        label="Month", max_length=7, help_text="A month that is over, such as 2026-10",
        widget=forms.TextInput(attrs={"placeholder": "2026-10", "inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, *args: Any, practices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["practice"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = practices

    def clean_month(self) -> Month:
        """The month as a value."""
        try:
            return Month.parse(self.cleaned_data["month"])
        except ValueError as no:
            raise forms.ValidationError(str(no)) from no


class PaidForm(forms.Form):
    """When the money left the practice's account."""

    paid_on = forms.DateField(label="Paid on", widget=forms.DateInput(attrs={"type": "date"}))


class WithdrawForm(forms.Form):
    """Why the settlement is taken back."""

    why = forms.CharField(label="Why is it withdrawn?", max_length=200)
