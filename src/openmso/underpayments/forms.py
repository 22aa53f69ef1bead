"""Forms of underpayments."""

from __future__ import annotations

from typing import Any

from django import forms

Choices = list[tuple[str, str]]


class AcceptForm(forms.Form):
    """Why a line is left as it was paid."""

    why = forms.CharField(label="Why", max_length=300)


class DisputeForm(forms.Form):
    """Whose short payments go into a packet."""

    dispute_practice = forms.ChoiceField(label="Practice")
    dispute_payer = forms.ChoiceField(label="Payer")

    def __init__(self, *args: Any, practices: Choices, payers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dispute_practice"].choices = practices  # type: ignore[attr-defined]
        self.fields["dispute_payer"].choices = payers  # type: ignore[attr-defined]
