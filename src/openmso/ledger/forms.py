"""What is asked about statements, and the forms of the ledger's acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Account, Basis, LineDraft, Method
from openmso.ledger.rules import drafts
from openmso.ledger.tables import BASES

LINES = 8
"""How many empty lines a new entry shows."""
COLUMNS = (1, 3, 6, 12)
"""How many months a statement can compare."""


@dataclass(frozen=True, slots=True)
class StatementAsk:
    """Which days, by which method, and how many months side by side."""

    starts_on: date
    through: date
    method: Method
    columns: int = 1

    @property
    def month(self) -> Month:
        """The month in which it ends."""
        return Month.of(self.through)

    @property
    def is_month(self) -> bool:
        """Whether it is exactly one month."""
        return (self.starts_on, self.through) == (self.month.first, self.month.last)

    def query(self, **changes: Any) -> str:
        """The query string of this question with something changed."""
        asked = {
            "starts": self.starts_on, "through": self.through, "method": self.method.value, "columns": self.columns
        } | changes  # fmt: skip
        return "&".join(f"{key}={value}" for key, value in asked.items())

    def months(self) -> list[Month]:
        """The months to compare, the latest first."""
        return [self.month.plus(-back) for back in range(self.columns)]


def statement_ask(given: Mapping[str, str], *, usual: Month, own: Method) -> StatementAsk:
    """Read the question from the URL; what cannot be understood falls back to the usual month and method."""
    through = _day(given.get("through", ""), usual.last)
    starts_on = min(_day(given.get("starts", ""), Month.of(through).first), through)
    method = Method(given["method"]) if given.get("method") in set(Method) else own
    columns = int(given["columns"]) if given.get("columns") in {str(number) for number in COLUMNS} else 1
    return StatementAsk(starts_on, through, method, columns)


def _day(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if 1900 <= found.year <= 2999 else otherwise


class Reason(forms.Form):
    """Why something is done."""

    why = forms.CharField(max_length=300, label="Why", widget=forms.Textarea(attrs={"rows": 2}))


class Reversal(Reason):
    """Why, and on which day."""

    on = forms.DateField(label="Day of the reversal", widget=forms.DateInput(attrs={"type": "date"}))


class NewEntry(forms.Form):
    """The head of an entry by hand. `key` makes a second click the same entry."""

    memo = forms.CharField(max_length=drafts.MEMO_LENGTH_MAX, label="What for")
    posted_on = forms.DateField(label="Accounting day", widget=forms.DateInput(attrs={"type": "date"}))
    key = forms.CharField(max_length=80, widget=forms.HiddenInput)


class NewLine(forms.Form):
    """A line: an account, a basis, and a debit or a credit. A line without an account is left out."""

    account = forms.ChoiceField(required=False, label="Account")
    basis = forms.ChoiceField(required=False, label="Basis", choices=[(basis.value, BASES[basis]) for basis in Basis])
    debit = forms.DecimalField(required=False, label="Debit", min_value=Decimal(0), max_digits=14, decimal_places=2)
    credit = forms.DecimalField(required=False, label="Credit", min_value=Decimal(0), max_digits=14, decimal_places=2)
    memo = forms.CharField(required=False, label="Note", max_length=200)

    def __init__(self, *args: Any, accounts: Sequence[Account] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        postable = [one for one in accounts if one.postable and one.active]
        choices = [(one.code, f"{one.code} {one.name}") for one in postable]
        account: Any = self.fields["account"]
        account.choices = [("", "Choose an account"), *choices]
        for name in ("debit", "credit"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "input num" if name in {"debit", "credit"} else "input"

    def clean(self) -> dict[str, Any]:
        """A line that has an amount needs an account."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("account") and (given.get("debit") or given.get("credit")):
            self.add_error("account", "Choose the account of this amount.")
        return given

    def draft(self) -> LineDraft | None:
        """The line, when it is filled in."""
        given = self.cleaned_data
        if not given.get("account"):
            return None
        return LineDraft(
            given["account"], _money(given["debit"]), _money(given["credit"]), Basis(given["basis"] or "common"),
            memo=given["memo"],
        )  # fmt: skip


NewLines = forms.formset_factory(NewLine, extra=LINES, max_num=60, absolute_max=60)


def _money(value: Decimal | None) -> Money:
    return Money.of(value) if value else ZERO
