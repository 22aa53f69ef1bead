"""The form of a calculator: which months and days, the figures by the categories that the terms name, what was paid."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms

from openmso.agreements.fees import calculating
from openmso.agreements.fees.inputs import Inputs
from openmso.agreements.fees.terms import FeeTerms
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month

DAY = forms.DateInput(attrs={"type": "date"})
LENGTHS = (("1", "One month"), ("3", "Three months"), ("6", "Six months"), ("12", "Twelve months"))


class QuoteForm(forms.Form):
    """What a fee would be: from which month for how many, on which days, of which figures."""

    month = forms.CharField(label="Month", max_length=7, widget=forms.TextInput(attrs={"type": "month"}))
    months = forms.ChoiceField(label="For", choices=LENGTHS, required=False)
    starts_on = forms.DateField(label="In force from", widget=DAY, required=False)
    ends_on = forms.DateField(label="In force until", widget=DAY, required=False, help_text="The last day")
    paid = forms.DecimalField(label="Paid on account", min_value=0, decimal_places=2, max_digits=14, required=False)

    def __init__(self, *args: Any, fee: FeeTerms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = calculating.parts(fee)
        for one in self.parts:
            self.fields[f"figure_{one.key}"] = forms.DecimalField(
                label=one.words[:1].upper() + one.words[1:], decimal_places=4, max_digits=16,
                required=one.category in {"", calculating.ALL_ELSE},
            )  # fmt: skip

    def clean_month(self) -> Month:
        """A month as typed."""
        try:
            return Month.parse(self.cleaned_data["month"])
        except ValueError:
            raise forms.ValidationError("Write the month as 2026-03.") from None

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "The last day comes before the first. Choose a later day.")
        return cleaned

    def period(self) -> DayRange:
        """The whole months that are asked about."""
        first: Month = self.cleaned_data["month"]
        return DayRange(first.first, first.plus(int(self.cleaned_data["months"] or "1")).first)

    def in_force(self, term: DayRange) -> DayRange:
        """The days on which the fee holds: those that were typed, else the term's."""
        last = self.cleaned_data["ends_on"]
        starts = self.cleaned_data["starts_on"] or term.starts_on
        return DayRange(starts, last + timedelta(days=1) if last else term.ends_on)

    def paid_on_account(self) -> Money | None:
        """What was paid already, where that was said."""
        paid: Decimal | None = self.cleaned_data["paid"]
        return Money.of(paid) if paid is not None else None

    def inputs(self) -> Inputs:
        """The figures, by the categories that the terms name."""
        given = {one.key: self.cleaned_data[f"figure_{one.key}"] or Decimal(0) for one in self.parts}
        return calculating.inputs(self.parts, given)
