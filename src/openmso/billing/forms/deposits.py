"""Forms of deposits."""

from __future__ import annotations

from typing import Any

from django import forms


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
