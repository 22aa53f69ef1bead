"""Forms of claims: what a biller types, checked for its form only; the rules judge the rest."""

from __future__ import annotations

from django import forms

from openmso.claims.services.correcting import LineChange

ACCIDENTS = [("", "No accident"), ("AA", "Car"), ("EM", "Work"), ("OA", "Other")]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class ClaimForm(forms.Form):
    """What is changed on the claim itself."""

    diagnoses = forms.CharField(
        label="Diagnoses", help_text="ICD-10-CM in order of importance, up to twelve: E119 I10", required=False
    )
    place_of_service = forms.RegexField(r"^\d{2}$", label="Place of service", help_text="Two digits: 11 office")
    prior_authorization = forms.CharField(label="Prior authorization", max_length=50, required=False)
    referral_number = forms.CharField(label="Referral number", max_length=50, required=False)
    referring_last_name = forms.CharField(label="Referring clinician, last name", max_length=60, required=False)
    referring_first_name = forms.CharField(label="First name", max_length=35, required=False)
    referring_npi = forms.RegexField(r"^\d{10}$", label="NPI of who referred", required=False)
    accident = forms.ChoiceField(label="Accident", choices=ACCIDENTS, required=False)
    accident_on = forms.DateField(label="Day of the accident", widget=_day(), required=False)
    accident_state = forms.RegexField(r"^[A-Z]{2}$", label="State of a car accident", required=False)
    delay_reason = forms.RegexField(
        r"^\d{1,2}$", label="Delay reason", help_text="Where it is filed late, with proof", required=False
    )
    payer_control = forms.CharField(label="Payer's claim number", max_length=50, required=False)
    sheet_version = forms.IntegerField(widget=forms.HiddenInput)

    def codes(self) -> tuple[str, ...]:
        """The diagnoses without points and commas."""
        text = self.cleaned_data["diagnoses"].upper().replace(".", "").replace(",", " ")
        return tuple(text.split())


class LineForm(forms.Form):
    """What is changed on a line; it is priced anew."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.RegexField(r"^[A-Za-z0-9]{5}$", label="Code")
    modifiers = forms.CharField(label="Modifiers", required=False, max_length=20)
    pointers = forms.RegexField(r"^[A-La-l]{1,4}$", label="Diagnoses", help_text="A is the first: AB")
    units = forms.DecimalField(label="Units", min_value=0, max_digits=8, decimal_places=3)

    def change(self) -> LineChange:
        """What the service is asked for."""
        given = self.cleaned_data
        return LineChange(
            code=given["code"].upper(), modifiers=tuple(given["modifiers"].upper().replace(",", " ").split()),
            pointers=tuple(ord(letter) - 64 for letter in given["pointers"].upper()), units=given["units"],
        )  # fmt: skip


class WhyForm(forms.Form):
    """A reason in words."""

    why = forms.CharField(label="Why", max_length=300)


class AcknowledgementForm(forms.Form):
    """A file of answers."""

    practice = forms.ChoiceField(label="Practice")
    file = forms.FileField(label="TA1, 999 or 277CA")
