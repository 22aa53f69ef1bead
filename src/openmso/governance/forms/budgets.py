"""Forms of budgets: which year, its grid by hand or as a file, the decision."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from openmso.governance.contracts import GRID
from openmso.governance.contracts.budgets import MONTHS, Fallback, Grid, NewBudget
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Account
from openmso.platform.ui.uploads import FileField

Choices = list[tuple[str, str]]


def _why(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=600, widget=forms.Textarea(attrs={"rows": 3}), help_text=hint)


def _percent(label: str, hint: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=Decimal(-50), max_value=Decimal(50), max_digits=6, decimal_places=3, initial=0,
        help_text=hint,
    )  # fmt: skip


class BudgetForm(forms.Form):
    """A budget to begin from last year's books."""

    book = forms.ChoiceField(label="Books of")
    first = forms.CharField(
        label="First month", max_length=7, help_text="The first month of the year it is for, such as 2027-01",
        widget=forms.TextInput(attrs={"placeholder": "2027-01", "inputmode": "numeric"}),
    )  # fmt: skip
    growth = _percent("Change last year's figures by, percent", "To begin with; every figure can be changed after")
    agree_by = forms.DateField(label="To be agreed by", widget=forms.DateInput(attrs={"type": "date"}))
    fallback = forms.ChoiceField(
        label="Where it is not agreed in time", choices=[(one.value, f"{one.words} holds") for one in Fallback]
    )
    index = _percent("changed by, percent", "0 where it holds as it was")
    why = _why("Why", "What the year is to bring, and what is assumed")

    def __init__(self, *args: Any, books: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["book"].choices = books  # type: ignore[attr-defined]

    def clean_first(self) -> Month:
        """The month as a value."""
        try:
            return Month.parse(self.cleaned_data["first"])
        except ValueError:
            raise forms.ValidationError("Write the month as year and number, such as 2027-01.") from None

    def budget(self) -> NewBudget:
        """What was filled in."""
        given = self.cleaned_data
        return NewBudget(
            given["book"], given["first"], given["agree_by"], Fallback(given["fallback"]), given["index"],
            given["growth"],
        )  # fmt: skip


class GridForm(forms.Form):
    """Every figure of a budget, account by month; fields are named by account and number of the month."""

    why = _why("What is changed, and why")

    def __init__(self, *args: Any, chart: Iterable[Account], grid: Grid, first: Month, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chart = list(chart)
        for account in self.chart:
            months = grid.get(account.code, (ZERO,) * MONTHS)
            for number, amount in enumerate(months):
                self.fields[f"{account.code}_{number}"] = forms.DecimalField(
                    label=f"{account.name}, {first.plus(number).words}", max_digits=12, decimal_places=2,
                    initial=amount.amount, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
                )  # fmt: skip

    def rows(self) -> list[tuple[Account, list[forms.BoundField]]]:
        """The grid as it is shown."""
        return [(one, [self[f"{one.code}_{number}"] for number in range(MONTHS)]) for one in self.chart]

    def grid(self) -> Grid:
        """What was filled in."""
        return {
            one.code: tuple(
                Money.of(self.cleaned_data.get(f"{one.code}_{number}") or 0) for number in range(MONTHS)
            )
            for one in self.chart
        }  # fmt: skip


class GridFileForm(forms.Form):
    """The figures of a budget as a file."""

    file = FileField(label="File", purpose=GRID, kinds="CSV or Excel", ends=("csv", "xlsx"))
    why = _why("What is changed, and why")


class BudgetDecisionForm(forms.Form):
    """Approve it or decline it, and why."""

    outcome = forms.ChoiceField(
        label="Decision", widget=forms.RadioSelect, choices=[("approve", "Approve it"), ("decline", "Decline it")]
    )
    why = _why("Reason")
