"""Forms of banking."""

from __future__ import annotations

from typing import Any

from django import forms


class Import(forms.Form):
    """A bank file and the account it is of."""

    account = forms.ChoiceField(label="Account")
    file = forms.FileField(label="File", help_text="OFX, QFX, CSV, BAI2, CAMT or NACHA; told by its content")
    columns = forms.CharField(
        label="Columns", required=False, max_length=300, strip=True,
        help_text="Only for a CSV with headings of its own: date=Posted,amount=Sum; without any: date=1,amount=2",
    )  # fmt: skip

    def __init__(self, *args: Any, accounts: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = list(accounts)  # type: ignore[attr-defined]
