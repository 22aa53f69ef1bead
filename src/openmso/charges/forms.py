"""Forms of charges: prices as people paste them out of a spreadsheet."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

from openmso.charges.contracts import FeeDraft
from openmso.kit.money import Money

_LINE = re.compile(
    r"([A-Za-z0-9]{5})(?:[-,;\t ]+([A-Za-z][A-Za-z0-9]|\d[A-Za-z0-9]))?[,;\t ]+\$?(\d{1,7}(?:\.\d{1,2})?)", re.ASCII
)
_THOUSANDS = re.compile(r"(?<=[\t\"$])\d{1,3}(?:,\d{3})+(?![\d,])", re.ASCII)
"""Commas within one amount: only where a tab, a quote or a dollar sign says that it begins there."""
LINES_MAX = 20_000
TOLD_MAX = 5
"""How many lines that say no price are told at once."""


class FeesForm(forms.Form):
    """The prices of a schedule from a day on."""

    name = forms.CharField(label="Schedule", max_length=60)
    payer = forms.ChoiceField(label="Payer", help_text="Only where it has prices of its own", required=False)
    label = forms.CharField(label="Version", max_length=60, help_text="How people call it: Standard 2027")
    starts_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    prices = forms.CharField(
        label="Prices", widget=forms.Textarea(attrs={"rows": 12}),
        help_text="A line for each: the code, a modifier where it has its own price, the price. 99213, 140.00",
    )  # fmt: skip

    def clean_prices(self) -> tuple[FeeDraft, ...]:
        """The prices, or the first lines that say none."""
        lines = [line.strip() for line in self.cleaned_data["prices"].splitlines()]
        if len(lines) > LINES_MAX:
            raise forms.ValidationError(f"A schedule has at most {LINES_MAX:,} prices.")
        drafts = {number: _draft(line) for number, line in enumerate(lines, start=1) if line}
        wrong = [number for number, draft in drafts.items() if draft is None]
        if wrong:
            told = [f"Line {one}, {lines[one - 1][:30]}, is no price." for one in wrong[:TOLD_MAX]]
            more = [f"{len(wrong) - TOLD_MAX:,} more lines are no prices."] if len(wrong) > TOLD_MAX else []
            raise forms.ValidationError([*told, *more, "Write a price as 99213, 140.00."])
        return tuple(draft for draft in drafts.values() if draft is not None)


def _draft(line: str) -> FeeDraft | None:
    found = _LINE.fullmatch(_THOUSANDS.sub(lambda amount: amount[0].replace(",", ""), line).replace('"', ""))
    if found is None:
        return None
    code, modifier, amount = found.groups()
    return FeeDraft(code.upper(), Money.of(Decimal(amount)), (modifier or "").upper())


def with_payers(filled: FeesForm, payers: list[tuple[str, str]]) -> FeesForm:
    """The form with the payers that one may choose from."""
    fields: dict[str, Any] = filled.fields
    fields["payer"].choices = [("", "Everybody"), *payers]
    return filled
