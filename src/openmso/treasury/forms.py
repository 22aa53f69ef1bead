"""What people fill in: which month to run, what a standing instruction says, which account pays, why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from openmso.kit.periods import Month
from openmso.platform.ui.uploads import FileField
from openmso.treasury.contracts import RETURNS
from openmso.treasury.states import Formula

Choices = Sequence[tuple[str, str]]
DAY = forms.DateInput(attrs={"type": "date"})


class ProposeForm(forms.Form):
    """Which month of which practice is paid out."""

    practice = forms.ChoiceField(label="Practice")
    month = forms.CharField(
        label="Month", max_length=7, help_text="A month that is over, such as 2026-10",
        widget=forms.TextInput(attrs={"placeholder": "2026-10", "inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, *args: Any, practices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practice"].choices = practices  # type: ignore[attr-defined]

    def clean_month(self) -> Month:
        """The month as a value."""
        try:
            return Month.parse(self.cleaned_data["month"])
        except ValueError:
            raise forms.ValidationError("Write the month as year and number, such as 2026-10.") from None


class PostForm(forms.Form):
    """On which day a run is paid."""

    on = forms.DateField(label="Paid on", widget=DAY)


class WhyForm(forms.Form):
    """Why something is taken back."""

    why = forms.CharField(label="Why?", max_length=200)


class RevokeForm(forms.Form):
    """Why an instruction ends; it ends without a word, too."""

    why = forms.CharField(label="Why?", max_length=400, required=False)


class InstructForm(forms.Form):
    """What a standing instruction says."""

    target = forms.ChoiceField(label="To which account")
    formula = forms.ChoiceField(label="How much", choices=[(one.value, one.label) for one in Formula])
    amount = forms.DecimalField(
        label="Amount", min_value=0, max_digits=12, decimal_places=2, required=False,
        help_text="What stays, or what moves; empty where everything does",
    )  # fmt: skip
    clause = forms.CharField(label="By which clause", max_length=200, help_text="Of the agreement, such as 5.2")
    starts_on = forms.DateField(label="From", widget=DAY)

    def __init__(self, *args: Any, targets: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = targets  # type: ignore[attr-defined]


class PrepareForm(forms.Form):
    """Out of which account what waits is paid."""

    account = forms.ChoiceField(label="Practice and account")

    def __init__(self, *args: Any, accounts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = accounts  # type: ignore[attr-defined]


class ReturnsForm(forms.Form):
    """What a bank sent back, and whose payments they were."""

    practice = forms.ChoiceField(label="Practice")
    file = FileField(label="File of returns", purpose=RETURNS, kinds="NACHA")

    def __init__(self, *args: Any, practices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practice"].choices = practices  # type: ignore[attr-defined]
