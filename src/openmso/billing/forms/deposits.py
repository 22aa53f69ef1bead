"""Forms of deposits and card payouts."""

from __future__ import annotations

from typing import Any

from django import forms

from openmso.platform.ui.uploads import FileField


class SlipsForm(forms.Form):
    """Whose payments go to the bank, and until which day."""

    run_practice = forms.ChoiceField(label="Practice")
    until = forms.DateField(
        label="Paid until", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Today, where it is left out.",
    )  # fmt: skip

    def __init__(self, *args: Any, practices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["run_practice"].choices = practices  # type: ignore[attr-defined]


class PayoutsForm(forms.Form):
    """A report of payouts, and whose they are."""

    run_practice = forms.ChoiceField(label="Practice")
    file = FileField(
        label="Report", purpose="billing.payouts", kinds="CSV", ends=("csv",),
        help_text="The provider's itemized payout reconciliation; it may hold many payouts.",
    )  # fmt: skip

    def __init__(self, *args: Any, practices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["run_practice"].choices = practices  # type: ignore[attr-defined]
