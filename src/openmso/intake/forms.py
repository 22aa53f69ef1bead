"""The upload of a file of visits."""

from __future__ import annotations

from django import forms


class IntakeForm(forms.Form):
    """A file, the practice it comes from, and a code map where one is needed."""

    practice = forms.ChoiceField(label="Practice")
    file = forms.FileField(label="File of visits", help_text="FHIR R4 bundle (JSON) or CSV")
    code_map = forms.FileField(
        label="Code map", required=False, help_text="Where the file has clinical codes: system,code,to_code"
    )
