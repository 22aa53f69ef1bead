"""Forms of remittances: what a person types, checked for its form only."""

from __future__ import annotations

from django import forms

from openmso.platform.ui.fields import CodeField
from openmso.platform.ui.uploads import FileField


class Upload(forms.Form):
    """A file from a payer. Its payee decides whose it is."""

    file = FileField(
        label="Remittance file", purpose="remittances.file", kinds="An 835 as the payer sent it",
        help_text="The same file, or the same payment in another file, is posted once.",
    )  # fmt: skip


class Match(forms.Form):
    """The claim of a payment, and what shows it."""

    claim = CodeField(r"^CLM-[0-9A-Z]{8}$", label="Claim", asks="a number like CLM-7K2P9M4X")
    why = forms.CharField(label="Why", max_length=400, help_text="What shows that this is the claim")


class Pair(forms.Form):
    """A remittance and a bank line that are one payment."""

    remittance = CodeField(r"^ERA-[0-9A-Z]{8}$", label="Remittance", asks="a number like ERA-7K2P9M4X")
    line = CodeField(r"^BNK-[0-9A-Z]{8}$", label="Bank line", asks="a number like BNK-7K2P9M4X")
    why = forms.CharField(label="Why", max_length=400, help_text="What shows that this is the money")


class Undo(forms.Form):
    """Why a match is undone."""

    why = forms.CharField(label="Why", max_length=400, help_text="Stands in the books and in the audit trail")


class TryAgain(forms.Form):
    """The accounting day under which a stopped file is tried again."""

    posted_on = forms.DateField(
        label="Accounting day", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty: the day of the payment. A day in an open month when that one is closed.",
    )  # fmt: skip
