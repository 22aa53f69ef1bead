"""Forms of governance: a proposal, a decision, why something is withdrawn or how it was carried out, a period."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from openmso.governance.contracts import PAPER, NewProposal, Paper
from openmso.governance.queries import DECISIONS
from openmso.governance.rules import PREPARED
from openmso.governance.states import S
from openmso.kit.periods import DayRange
from openmso.platform.ui.uploads import FileField

TEXT_MAX = 8_000
Choices = list[tuple[str, str]]


def _day(label: str, hint: str = "", *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}), required=required, help_text=hint
    )


def _text(label: str, hint: str = "", *, rows: int = 5, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=TEXT_MAX, widget=forms.Textarea(attrs={"rows": rows}), help_text=hint,
        required=required,
    )  # fmt: skip


class ProposalForm(forms.Form):
    """What the practice is asked to decide."""

    practice = forms.ChoiceField(label="Practice")
    decision = forms.ChoiceField(label="Decision")
    title = forms.CharField(label="Title", max_length=120, help_text="What is to be decided, in a line")
    proposed = _text("What is proposed", "As it would be carried out", rows=4)
    analysis = _text("Analysis", "What speaks for and against it, what it costs, and what else could be done", rows=7)
    party = forms.CharField(
        label="Whom it is about", max_length=120, required=False,
        help_text="A vendor, payer or other party: who disclosed an interest in them does not decide it",
    )  # fmt: skip
    due_on = _day("Decision wanted by", "Empty: five business days")
    paper = FileField(label="Paper", purpose=PAPER, kinds="PDF, image or text", required=False)

    def __init__(self, *args: Any, practices: Choices, prepares_all: bool, **kwargs: Any) -> None:
        """`prepares_all` for people of a practice; the MSO prepares a part of the decisions."""
        super().__init__(*args, **kwargs)
        codes = [code for code in DECISIONS if prepares_all or code in PREPARED]
        self.fields["practice"].choices = practices  # type: ignore[attr-defined]
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            ("", "–"), *((code, f"{code} {DECISIONS[code]}") for code in codes)
        ]  # fmt: skip

    def proposal(self) -> NewProposal:
        """What was filled in."""
        given = self.cleaned_data
        file = given["paper"]
        return NewProposal(
            given["decision"], given["title"], given["proposed"], given["analysis"], given["due_on"],
            Paper(file.name, file.read()) if file else None, given["party"],
        )  # fmt: skip


class DecisionForm(forms.Form):
    """What the practice decides, and why."""

    outcome = forms.ChoiceField(
        label="Decision",
        widget=forms.RadioSelect,
        choices=[
            (S.APPROVED.value, "Approve as proposed"),
            (S.CHANGED.value, "Approve with changes"),
            (S.DECLINED.value, "Decline"),
        ],
    )
    changes = _text("Changes", "Only where it is approved otherwise than proposed", rows=3, required=False)
    why = forms.CharField(label="Reason", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class WhyForm(forms.Form):
    """Why."""

    why = forms.CharField(label="Why", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class DoneForm(forms.Form):
    """How something was carried out."""

    why = forms.CharField(
        label="What was done", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="When, by whom, and where it can be seen",
    )  # fmt: skip


class PeriodForm(forms.Form):
    """The days of which the autonomy index tells."""

    starts = _day("From", required=True)
    through = _day("Through", required=True)

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        given: dict[str, Any] = super().clean() or {}
        starts, through = given.get("starts"), given.get("through")
        if isinstance(starts, date) and isinstance(through, date) and through < starts:
            self.add_error("through", "It ends before it begins. Choose a later day.")
        return given

    def days(self, otherwise: DayRange) -> DayRange:
        """The days that were asked for, or those that are usual."""
        if not self.is_bound or not self.is_valid():
            return otherwise
        through = self.cleaned_data["through"]
        return DayRange(
            self.cleaned_data["starts"], date.fromordinal(min(through.toordinal() + 1, date.max.toordinal()))
        )
