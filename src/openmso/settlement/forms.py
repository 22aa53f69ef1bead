"""What people fill in: which month to settle, when a fee was paid, why a settlement is withdrawn."""

from __future__ import annotations

from typing import Any

from django import forms

from openmso.kit.periods import Month

EVERY = "every"
EVERY_CHOICE = (EVERY, "Every practice")


class SettleForm(forms.Form):
    """Which practices' month is settled."""

    practice = forms.ChoiceField(label="Practice")
    month = forms.CharField(
        label="Month", max_length=7, help_text="A month that is over, such as 2026-10",
        widget=forms.TextInput(attrs={"placeholder": "2026-10", "inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, *args: Any, practices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["practice"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [EVERY_CHOICE, *practices] if len(practices) > 1 else practices

    def clean_month(self) -> Month:
        """The month as a value."""
        try:
            return Month.parse(self.cleaned_data["month"])
        except ValueError:
            raise forms.ValidationError("Write the month as year and number, such as 2026-10.") from None


class PaidForm(forms.Form):
    """When the money left the practice's account."""

    paid_on = forms.DateField(label="Paid on", widget=forms.DateInput(attrs={"type": "date"}))


class WithdrawForm(forms.Form):
    """Why the settlement is taken back."""

    why = forms.CharField(label="Why is it withdrawn?", max_length=200)
