"""The form of a change of mode: from when, how far the MSO goes, which lines, and the fee."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms

from openmso.agreements import rules
from openmso.agreements.contracts import Line, Mode, Terms
from openmso.agreements.fees.fields import FeeForm
from openmso.agreements.forms.agreements import DAY
from openmso.kit.periods import DayRange
from openmso.platform.access.registry import LINES

TARGETS = (Mode.THIRD_PARTY, Mode.JOINT_VENTURE, Mode.FRIENDLY_PC, Mode.BPO)


class ConversionForm(FeeForm):
    """Another mode for an agreement: what has no field stays as it is in force."""

    mode = forms.ChoiceField(label="How far the MSO is to go")
    effective_on = forms.DateField(label="From", widget=DAY)
    lines = forms.MultipleChoiceField(
        label="Service lines in scope then", choices=list(LINES.items()), widget=forms.CheckboxSelectMultiple
    )
    reserved = forms.MultipleChoiceField(
        label="Reserved to the practice", choices=list(rules.RESERVED.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, before: Terms, **kwargs: Any) -> None:
        fee = FeeForm.initial_of_fee(before.fee) if before.fee else {}
        kwargs["initial"] = {
            **fee, "lines": [line.code for line in before.lines], "reserved": list(rules.RESERVED),
            "mode": Mode.THIRD_PARTY.value if before.mode is Mode.BPO else Mode.FRIENDLY_PC.value,
        } | kwargs.get("initial", {})  # fmt: skip
        super().__init__(*args, **kwargs)
        self.before = before
        self.fields["mode"].choices = [  # type: ignore[attr-defined]
            (one.value, one.label) for one in TARGETS if one is not before.mode
        ]

    def terms(self) -> Terms:
        """The terms in force, with what was chosen otherwise."""
        given = self.cleaned_data
        days = DayRange(given["effective_on"], self.before.days.ends_on)
        lines = tuple(self.before.line(code) or Line(code, days) for code in given["lines"])
        return replace(
            self.before, mode=Mode(given["mode"]), lines=lines, reserved=tuple(given["reserved"]), fee=given["fee"]
        )

    def clean(self) -> dict[str, Any]:
        """The day lies within the term, and a fee is said."""
        cleaned = super().clean()
        ends = self.before.days.ends_on
        if (day := cleaned.get("effective_on")) and ends and day >= ends:
            self.add_error("effective_on", "The term is over by then.")
        if not self.errors and cleaned.get("fee") is None:
            self.add_error("flat", "Say the fee that holds then.")
        return cleaned
