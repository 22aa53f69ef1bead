"""Forms of tables of rules."""

from __future__ import annotations

from django import forms

from openmso.billing.states import TableKind
from openmso.platform.ui.uploads import FileField


class TableForm(forms.Form):
    """A file of a kind, and which edition it is."""

    kind = forms.ChoiceField(label="What it is", choices=[(one.value, one.label) for one in TableKind])
    edition = forms.CharField(label="Edition", max_length=40, help_text="For example 2027, or the day of the review.")
    file = FileField(
        label="File", help_text="All rows: the file takes the place of what is in force.", purpose="billing.tables",
        kinds="CSV", ends=("csv",),
    )  # fmt: skip
