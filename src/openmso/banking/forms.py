"""Forms of banking."""

from __future__ import annotations

from typing import Any

from django import forms

from openmso.platform.ui.uploads import FileField


class Import(forms.Form):
    """A bank file and the account it is of."""

    account = forms.ChoiceField(label="Account")
    file = FileField(
        label="Bank file", purpose="banking.statement", kinds="OFX, QFX, CSV, BAI2, CAMT or NACHA",
        help_text="What it is, its content tells.",
    )  # fmt: skip
    columns = forms.CharField(
        label="Columns", required=False, max_length=300, strip=True,
        help_text="Only for a CSV with headings of its own: date=Posted,amount=Sum; without any: date=1,amount=2",
    )  # fmt: skip

    def __init__(self, *args: Any, accounts: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = list(accounts)  # type: ignore[attr-defined]
