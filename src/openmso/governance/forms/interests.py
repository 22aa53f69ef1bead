"""Forms of interests: what is disclosed, how it ended."""

from __future__ import annotations

from typing import Any

from django import forms

from openmso.governance.contracts.interests import Band, Nature, NewInterest

Choices = list[tuple[str, str]]
THE_MSO = "mso"


class InterestForm(forms.Form):
    """An interest of one's own."""

    practice = forms.ChoiceField(label="Practice it touches")
    nature = forms.ChoiceField(label="Interest", choices=[(one.value, one.words) for one in Nature])
    party = forms.CharField(
        label="In whom", max_length=120, required=False, help_text="The company or person, as invoices name them"
    )
    vendor = forms.ChoiceField(label="Or who is on file", required=False, help_text="The MSO itself, or a vendor")
    band = forms.ChoiceField(label="Worth", choices=[(one.value, one.words) for one in Band])
    words = forms.CharField(
        label="What it is", max_length=600, widget=forms.Textarea(attrs={"rows": 3}), required=False,
        help_text="Whose it is, since when, and what it has to do with the practice or its MSO",
    )  # fmt: skip

    def __init__(self, *args: Any, practices: Choices, vendors: Choices, msos: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practice"].choices = practices  # type: ignore[attr-defined]
        self.fields["vendor"].choices = [("", "–"), (THE_MSO, f"The MSO itself: {msos}"), *vendors]  # type: ignore[attr-defined]

    def interest(self) -> NewInterest:
        """What was filled in."""
        given = self.cleaned_data
        in_mso = given["vendor"] == THE_MSO
        return NewInterest(
            Nature(given["nature"]), given["party"], given["words"], Band(given["band"]),
            "" if in_mso else given["vendor"], in_mso,
        )  # fmt: skip


RENEW, CHANGE, END = "renew", "change", "end"


class RenewForm(forms.Form):
    """Whether a disclosure still holds."""

    what = forms.ChoiceField(
        label="Today", widget=forms.RadioSelect,
        choices=[(RENEW, "It holds as it is"), (CHANGE, "It has changed"), (END, "It has ended")],
    )  # fmt: skip
    band = forms.ChoiceField(label="Worth", choices=[(one.value, one.words) for one in Band])
    words = forms.CharField(
        label="What it is now, or how it ended",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
