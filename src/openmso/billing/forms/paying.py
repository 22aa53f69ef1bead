"""Forms that patients fill in on line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from openmso.billing.contracts import PatientPage
from openmso.kit.money import Money

DUE, ALL, OTHER = "due", "all", "other"


class BirthForm(forms.Form):
    """What shows that it is the patient, or somebody who knows them."""

    born_on = forms.DateField(label="Birth date of the patient", widget=forms.DateInput(attrs={"type": "date"}))


class AmountForm(forms.Form):
    """How much is paid now, and whether the card is kept."""

    what = forms.ChoiceField(label="What do you want to pay?", widget=forms.RadioSelect)
    other = forms.DecimalField(label="Another amount", max_digits=9, decimal_places=2, required=False)
    keep = forms.BooleanField(label="Keep this card on file", required=False)

    def __init__(self, *args: Any, page: PatientPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        choices = [(ALL, f"All of it: ${page.owed:,.2f}"), (OTHER, "Another amount")]
        if page.due and page.due < page.owed:
            choices.insert(0, (DUE, f"What is due by your plan: ${page.due:,.2f}"))
        self.fields["what"].choices = choices  # type: ignore[attr-defined]
        self.fields["what"].initial = choices[0][0]
        if page.plan is None:
            del self.fields["keep"]
        else:
            self.fields["keep"].help_text = (
                f"It may be charged the instalments of your plan, at most ${page.plan.instalment:,.2f} at once, for a "
                "year. You are told three days before each charge, and can take the card off here at any time."
            )

    def clean(self) -> dict[str, Any]:
        """The amount, by what was chosen."""
        given: dict[str, Any] = super().clean() or {}
        amounts: dict[str, Decimal | None] = {
            DUE: self.page.due.amount, ALL: self.page.owed.amount, OTHER: given.get("other"),
        }  # fmt: skip
        chosen = amounts.get(given.get("what", ""))
        if chosen is None:
            self.add_error("other", "Write how much you want to pay.")
        else:
            given["amount"] = Money.of(chosen)
        return given


class MonthsForm(forms.Form):
    """In how many months a balance is paid."""

    months = forms.TypedChoiceField(label="In how many months?", coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, page: PatientPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["months"].choices = [  # type: ignore[attr-defined]
            (str(months), f"{months} months, ${instalment:,.2f} each") for months, instalment in page.months
        ]
