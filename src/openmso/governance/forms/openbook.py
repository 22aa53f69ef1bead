"""Forms of the open book: a grade and its answer, a message, what was promised and whether it was kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from openmso.governance.contracts import ENCLOSED, Paper
from openmso.governance.contracts.openbook import SCORES, Domain, NewExpectation, NewGrade, quarter_words
from openmso.governance.rules import openbook as rules
from openmso.governance.states import E
from openmso.platform.access.contracts import Side
from openmso.platform.ui.uploads import FilesField

Choices = list[tuple[str, str]]


def _area(label: str, hint: str = "", *, rows: int = 4, most: int = 1000, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), help_text=hint, required=required
    )


def _day(label: str, hint: str = "") -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), help_text=hint)


class GradeForm(forms.Form):
    """What the practice thinks of its MSO in a domain."""

    quarter = forms.ChoiceField(label="Quarter")
    domain = forms.ChoiceField(label="Domain", choices=[(one.value, one.words) for one in Domain])
    score = forms.ChoiceField(
        label="Grade", widget=forms.RadioSelect, choices=[(str(one), f"{one} {words}") for one, words in SCORES.items()]
    )
    why = _area("Why")
    evidence = _area(
        "Evidence", "A line each: an address of this house and what it shows, such as /statements/ the September fee",
        rows=3, most=3_000, required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, quarters: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].choices = [(str(one), quarter_words(one)) for one in quarters]  # type: ignore[attr-defined]

    def grade(self) -> NewGrade:
        """What was filled in."""
        given = self.cleaned_data
        return NewGrade(
            date.fromisoformat(given["quarter"]), Domain(given["domain"]), int(given["score"]), given["why"],
            rules.read_evidence(given["evidence"]),
        )  # fmt: skip


class SayForm(forms.Form):
    """A word in answer."""

    words = _area("Answer")


class MessageForm(forms.Form):
    """A message in a thread."""

    words = _area("Message", rows=6, most=8_000)
    asks = forms.BooleanField(label="An answer is wanted", required=False)
    papers = FilesField(label="Papers", purpose=ENCLOSED, kinds="Any files", required=False)

    def enclosed(self) -> list[Paper]:
        """The papers that go along."""
        return [Paper(file.name, file.read()) for file in self.cleaned_data["papers"]]


class ThreadForm(MessageForm):
    """A thread with its first message."""

    practice = forms.ChoiceField(label="Practice")
    subject = forms.CharField(label="About", max_length=120)
    asks = forms.BooleanField(label="An answer is wanted", required=False, initial=True)
    field_order = ("practice", "subject", "words", "asks", "papers")

    def __init__(self, *args: Any, practices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practice"].choices = practices  # type: ignore[attr-defined]


class ExpectationForm(forms.Form):
    """What was promised beside the contract."""

    practice = forms.ChoiceField(label="Practice")
    words = _area("What was promised", "In the words that were used", rows=3, most=600)
    side = forms.ChoiceField(
        label="Promised by", choices=[(Side.MSO.value, "The MSO"), (Side.PRACTICE.value, "The practice")]
    )
    promised_by = forms.CharField(label="Who", max_length=160)
    promised_on = _day("Said on")
    due_on = _day("For when")

    def __init__(self, *args: Any, practices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practice"].choices = practices  # type: ignore[attr-defined]

    def expectation(self) -> NewExpectation:
        """What was filled in."""
        given = self.cleaned_data
        return NewExpectation(
            given["words"], Side(given["side"]), given["promised_by"], given["promised_on"], given["due_on"]
        )


class JudgeForm(forms.Form):
    """Whether a promise was kept."""

    outcome = forms.ChoiceField(
        label="It was", widget=forms.RadioSelect,
        choices=[
            (E.KEPT.value, "Kept"), (E.BROKEN.value, "Not kept"), (E.RELEASED.value, "Released: no longer expected"),
        ],
    )  # fmt: skip
    why = _area("Why", rows=3, most=600)
