"""Forms of codes."""

from __future__ import annotations

from typing import Any

from django import forms

from openmso.codes.rules.kinds import KINDS
from openmso.codes.services import Edition
from openmso.platform.ui.uploads import FileField


class LoadForm(forms.Form):
    """An edition of a code set: its file, and what the file does not say."""

    kind = forms.ChoiceField(label="Code set", choices=[(kind.code, kind.title) for kind in KINDS])
    edition = forms.CharField(
        label="Edition", max_length=40, help_text="As its publisher calls it: v322r0, 2026Q3, RVU26C."
    )
    file = FileField(
        label="File", purpose="codes.file", kinds="The published file, or an archive of all files of the edition",
        help_text="Rows are taken in whole, or refused with the line that is wrong.",
    )  # fmt: skip
    starts_on = forms.DateField(
        label="First day", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Only where neither the file's name nor its content says it.",
    )  # fmt: skip
    licence_holder = forms.CharField(
        label="Licence holder", required=False, max_length=160, help_text="For CPT: who holds the licence."
    )
    licence_users = forms.IntegerField(label="Licensed users", required=False, min_value=1)

    def named(self) -> Edition:
        """What was said of the edition."""
        given: dict[str, Any] = self.cleaned_data
        return Edition(given["edition"], given["starts_on"], given["licence_holder"], given["licence_users"])


class UndoForm(forms.Form):
    """Why a load is taken back."""

    why = forms.CharField(label="Reason", max_length=300, help_text="What held before it holds again.")
