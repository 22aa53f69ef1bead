"""Forms of papers: clauses, words of a draft's own, counsel's review, and signing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from openmso.agreements.contracts import Mode, Side
from openmso.agreements.paper.clauses import FIELDS, TEXT_MAX, TITLE_MAX, Clause
from openmso.agreements.paper.contracts import Block, NamedSigner
from openmso.agreements.paper.providers import HERE, WAYS
from openmso.agreements.queries.signing import Candidate

TEXT = forms.Textarea(attrs={"rows": 12})
FILLED = f"Filled from the terms: {', '.join(f'{{{name}}}' for name in FIELDS)}"


class ClauseForm(forms.Form):
    """A version of a clause."""

    code = forms.CharField(label="Code", max_length=40, help_text="Such as fee.base; it stays")
    title = forms.CharField(label="Title", max_length=TITLE_MAX)
    block = forms.ChoiceField(label="Part of the agreement", choices=[(one.value, one.label) for one in Block])
    text = forms.CharField(label="Text", max_length=TEXT_MAX, widget=TEXT, help_text=FILLED)
    modes = forms.MultipleChoiceField(
        label="Only in", choices=[(one.value, one.label) for one in Mode], required=False,
        widget=forms.CheckboxSelectMultiple, help_text="None chosen: in every mode",
    )  # fmt: skip
    states = forms.CharField(
        label="Only in states",
        max_length=240,
        required=False,
        help_text="Two letters each, as OR CA; empty: all",
    )
    instead_of = forms.CharField(
        label="Instead of the clause", max_length=40, required=False, help_text="Such as a state's own wording"
    )
    order = forms.IntegerField(label="Place within its part", min_value=1, max_value=999, initial=50)
    since = forms.DateField(
        label="For agreements that take effect from", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    why = forms.CharField(label="Why", max_length=300, help_text="Who asked for it, or what it mends")

    def __init__(self, *args: Any, now: Clause | None = None, **kwargs: Any) -> None:
        if now is not None:
            kwargs["initial"] = {
                "code": now.code, "title": now.title, "block": now.block.value, "text": now.text,
                "modes": [one.value for one in now.modes], "states": " ".join(now.states),
                "instead_of": now.instead_of, "order": now.order, "since": None if now.since == date.min else now.since,
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        if now is not None:
            self.fields["code"].disabled = True

    def data_of(self) -> dict[str, Any]:
        """The clause as data."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "why"}
        return given | {"states": given["states"].replace(",", " ").split()}


class WhyForm(forms.Form):
    """Why."""

    why = forms.CharField(label="Why", max_length=300)


class OwnWordsForm(forms.Form):
    """Words of one draft in place of a clause."""

    text = forms.CharField(
        label="The draft's own words", max_length=TEXT_MAX, widget=TEXT, required=False,
        help_text=f"Empty: the clause is left out. {FILLED}",
    )  # fmt: skip
    why = forms.CharField(label="Why it leaves the library", max_length=300)


class AskCounselForm(forms.Form):
    """Who is to review the draft."""

    reviewer = forms.ChoiceField(label="Who reviews it")

    def __init__(self, *args: Any, reviewers: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].choices = [  # type: ignore[attr-defined]
            (one.user, f"{one.name}, {one.role}") for one in reviewers
        ]


class CounselForm(forms.Form):
    """Counsel's answer."""

    signs_off = forms.TypedChoiceField(
        label="Counsel", choices=[("yes", "signs it off"), ("no", "returns it")], widget=forms.RadioSelect,
        coerce=lambda said: said == "yes",
    )  # fmt: skip
    note = forms.CharField(
        label="In words", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What was looked at, or what is to be changed",
    )  # fmt: skip


class SendForm(forms.Form):
    """The way to sign, and who signs for each side."""

    provider = forms.ChoiceField(label="How it is signed", choices=list(WAYS.items()), initial=HERE)

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates: Mapping[str, Candidate] = {one.user: one for one in candidates}
        for side, whose in ((Side.MSO, "the MSO"), (Side.PRACTICE, "the practice")):
            mine = [(one.user, f"{one.name}, {one.role}") for one in candidates if one.side is side]
            self.fields[f"{side.value}_signer"] = forms.ChoiceField(label=f"Who signs for {whose}", choices=mine)
            self.fields[f"{side.value}_title"] = forms.CharField(
                label=f"Title, for {whose}", max_length=80,
                help_text="Such as Chief executive" if side is Side.MSO else "Such as Owner, licensed in the state",
            )  # fmt: skip

    def signers(self) -> list[NamedSigner]:
        """The signers, named."""
        given = self.cleaned_data
        return [
            NamedSigner(
                side, self.candidates[given[f"{side.value}_signer"]].name, given[f"{side.value}_title"],
                given[f"{side.value}_signer"],
            )
            for side in Side
        ]  # fmt: skip


class SignForm(forms.Form):
    """The sentence that a signer confirms."""

    confirmed = forms.BooleanField(label="I have read it and mean to sign")

    def __init__(self, *args: Any, intent: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confirmed"].label = intent


class DeclineForm(forms.Form):
    """Why somebody does not sign."""

    why = forms.CharField(label="Why you do not sign", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
