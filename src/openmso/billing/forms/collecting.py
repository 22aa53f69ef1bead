"""Forms of runs and agencies."""

from __future__ import annotations

from typing import Any

from django import forms

from openmso.billing.states import SweepKind
from openmso.platform.ui.uploads import FileField


class SweepForm(forms.Form):
    """What a run is for, at which practice, and for which agency."""

    run_practice = forms.ChoiceField(label="Practice")
    kind = forms.ChoiceField(label="What for", choices=[(one.value, one.label) for one in SweepKind])
    agency = forms.ChoiceField(label="Agency", required=False, help_text="Where accounts are handed over.")

    def __init__(
        self, *args: Any, practices: list[tuple[str, str]], agencies: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["run_practice"].choices = practices  # type: ignore[attr-defined]
        self.fields["agency"].choices = [("", "None"), *agencies]  # type: ignore[attr-defined]


class AgencyForm(forms.Form):
    """A collection agency, and what it keeps."""

    run_practice = forms.ChoiceField(label="Practice")
    name = forms.CharField(label="Name", max_length=120)
    fee_percent = forms.DecimalField(label="Keeps, percent", max_digits=5, decimal_places=2, min_value=0, max_value=99)

    def __init__(self, *args: Any, practices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["run_practice"].choices = practices  # type: ignore[attr-defined]


class AgencyFileForm(forms.Form):
    """What an agency sent."""

    file = FileField(
        label="File", help_text="Columns: placement, type, amount, fee, on, reference.", purpose="billing.agency",
        kinds="CSV", ends=("csv",),
    )  # fmt: skip
