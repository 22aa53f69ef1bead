"""Forms of initiatives: a practice's yes or no, and an initiative of the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms

from openmso.agreements.forms.agreements import DAY
from openmso.agreements.initiatives import catalogue
from openmso.agreements.initiatives.catalogue import SAYS_MAX, WORDS_MAX
from openmso.agreements.initiatives.contracts import Initiative

LONG = forms.Textarea(attrs={"rows": 4})


class ChoiceForm(forms.Form):
    """Yes or no to an initiative, from a day on."""

    joins = forms.TypedChoiceField(
        label="The practice", choices=[("yes", "takes part"), ("no", "does not take part")], widget=forms.RadioSelect,
        coerce=lambda said: said == "yes",
    )  # fmt: skip
    from_on = forms.DateField(label="From", widget=DAY, help_text="Today or a later day")
    why = forms.CharField(label="Why", max_length=300, required=False)


class InitiativeForm(forms.Form):
    """A version of an initiative."""

    code = forms.CharField(label="Code", max_length=40, help_text="Such as group_purchasing; it stays")
    words = forms.CharField(label="In a few words", max_length=WORDS_MAX)
    says = forms.CharField(label="What it does", max_length=SAYS_MAX, widget=LONG)
    uses = forms.CharField(
        label="What of a practice it uses", max_length=SAYS_MAX, widget=LONG, help_text="Practices say yes to this"
    )
    why = forms.CharField(label="Why", max_length=300, help_text="Who asked for it, or what it mends")

    def __init__(self, *args: Any, now: Initiative | None = None, **kwargs: Any) -> None:
        if now is not None:
            kwargs["initial"] = catalogue.as_data(now)
        super().__init__(*args, **kwargs)
        if now is not None:
            self.fields["code"].disabled = self.fields["uses"].disabled = True
