"""The upload of a file of visits."""

from __future__ import annotations

from django import forms

from openmso.platform.ui.uploads import FileField


class IntakeForm(forms.Form):
    """A file, the practice it comes from, and a code map where one is needed."""

    practice = forms.ChoiceField(label="Practice")
    file = FileField(
        label="File of visits", purpose="intake.file",
        kinds="A FHIR R4 bundle (JSON), or CSV with the columns of the template",
    )  # fmt: skip
    code_map = FileField(
        label="Code map", purpose="intake.code_map", required=False, kinds="CSV: system,code,to_code",
        help_text="Where the file has clinical codes.",
    )  # fmt: skip
