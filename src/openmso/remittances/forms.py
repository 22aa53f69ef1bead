"""Forms of remittances: what a person types, checked for its form only."""

from __future__ import annotations

from typing import Any

from django import forms


class Upload(forms.Form):
    """A file from a payer. Its payee decides whose it is."""

    file = forms.FileField(label="Remittance file", help_text="835 as the payer sent it, up to 200 MB")


class Match(forms.Form):
    """The claim of a payment, and what shows it."""

    claim = forms.RegexField(r"^CLM-[0-9A-Z]{8}$", label="Claim", help_text="Its number: CLM-7K2P9M4X")
    why = forms.CharField(label="Why", max_length=400, help_text="What shows that this is the claim")


class Pair(forms.Form):
    """A remittance and a bank line that are one payment."""

    remittance = forms.ChoiceField(label="Remittance")
    line = forms.ChoiceField(label="Bank line")
    why = forms.CharField(label="Why", max_length=400, help_text="What shows that this is the money")

    def __init__(self, *args: Any, remittances: Any = (), lines: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remittance"].choices = list(remittances)  # type: ignore[attr-defined]
        self.fields["line"].choices = list(lines)  # type: ignore[attr-defined]


class Undo(forms.Form):
    """Why a match is undone."""

    why = forms.CharField(label="Why", max_length=400, help_text="Stands in the books and in the audit trail")


class TryAgain(forms.Form):
    """The accounting day under which a stopped file is tried again."""

    posted_on = forms.DateField(
        label="Accounting day", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty: the day of the payment. A day in an open month when that one is closed.",
    )  # fmt: skip
