"""Forms of estimates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from openmso.estimates.contracts import Kind, Way
from openmso.estimates.rules import typed


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class EstimateForm(forms.Form):
    """What is expected at a visit."""

    kind = forms.ChoiceField(label="What is estimated", choices=[(one.value, one.label) for one in Kind])
    patient = forms.CharField(label="Patient", help_text="Number (PAT-…) or record number", max_length=60)
    visit = forms.CharField(
        label="Visit", help_text="Number (VIS-…); empty when nothing is scheduled", max_length=16, required=False
    )
    service_on = forms.DateField(label="Expected on", widget=_day())
    reason = forms.CharField(label="Main service, in plain words", max_length=200)
    items = forms.CharField(
        label="Services", widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}), help_text=typed.FORM
    )
    diagnoses = forms.CharField(label="Diagnoses", help_text="ICD-10-CM, as E11.9 I10", max_length=120, required=False)
    place_of_service = forms.RegexField(r"^\d{2}$", label="Place of service", initial="11", max_length=2)

    def clean_diagnoses(self) -> tuple[str, ...]:
        """Codes without points, in capitals."""
        given = tuple(str(self.cleaned_data["diagnoses"]).upper().replace(",", " ").replace(".", "").split())
        if any(not (one.isascii() and one.isalnum() and 3 <= len(one) <= 7) for one in given):
            raise forms.ValidationError("Letters and digits, three to seven each: E119 I10.")
        return given


class UsualForm(forms.Form):
    """What a reason usually comes to; without practices the reason is known and only its services are asked for."""

    practice = forms.ChoiceField(label="Practice")
    words = forms.CharField(label="Words of the reason", help_text="As: sore knee", max_length=80)
    items = forms.CharField(
        label="Services", widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}), help_text=typed.USUAL_FORM
    )

    def __init__(self, *args: Any, practices: Sequence[tuple[str, str]] | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        if practices is None:
            del self.fields["practice"], self.fields["words"]
        else:
            self.fields["practice"].choices = list(practices)  # type: ignore[attr-defined]


class RequestForm(forms.Form):
    """A patient who asks what something would cost."""

    patient = forms.CharField(label="Patient", help_text="Number (PAT-…) or record number", max_length=60)
    service_on = forms.DateField(label="Wanted for about", widget=_day())
    reason = forms.CharField(label="What for, in plain words", max_length=200)


class GiveForm(forms.Form):
    """How an estimate reaches the patient."""

    way = forms.ChoiceField(label="How", choices=[(one.value, one.label) for one in Way])


class DropForm(forms.Form):
    """Why an estimate is not owed."""

    why = forms.CharField(label="Why", max_length=200)
