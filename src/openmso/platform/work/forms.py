"""What people write on an item."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django import forms

from openmso.kit import clock
from openmso.platform.work.states import Party

Choices = list[tuple[str, str]]


class Snooze(forms.Form):
    """Until when something is put off, by the day; it comes back at eight in the morning of the practice."""

    until_on = forms.DateField(label="Back on", widget=forms.DateInput(attrs={"type": "date"}))
    waits_for = forms.ChoiceField(
        label="It waits for", choices=[(one.value, one.label) for one in Party], initial=Party.MSO.value,
        required=False,
        help_text="Time that the practice or the payer takes does not count against what we promised",
    )  # fmt: skip
    why = forms.CharField(label="Why", max_length=200, required=False)

    @classmethod
    def until_tomorrow(cls, at: datetime, zone: str) -> Self:
        """The empty form of a dialog, which proposes tomorrow."""
        return cls(initial={"until_on": clock.day_in(zone, clock.next_morning(at, zone))}, auto_id="later-%s")


class ToLead(forms.Form):
    """What a lead is to decide."""

    why = forms.CharField(label="What is to be decided", max_length=200)


class Finish(forms.Form):
    """How something ended."""

    outcome = forms.CharField(label="What was done", max_length=300, required=False)


class Comment(forms.Form):
    """A note for whoever works it next."""

    text = forms.CharField(label="Comment", max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}))


class SaveView(forms.Form):
    """A name for the list as it is arranged now."""

    name = forms.CharField(label="Name of the view", max_length=60)
    path = forms.CharField(widget=forms.HiddenInput)
    query = forms.CharField(widget=forms.HiddenInput, required=False)
    is_team = forms.BooleanField(label="Share it with everybody", required=False)


class ReviewForm(forms.Form):
    """What a second person found."""

    score = forms.IntegerField(label="Score, of 100", min_value=0, max_value=100)
    findings = forms.CharField(
        label="Findings", max_length=4_000, widget=forms.Textarea(attrs={"rows": 4}), required=False,
        help_text="Needed below 100",
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What whoever did the work says to what was found."""

    agrees = forms.ChoiceField(
        label="What was found", choices=[("1", "I agree"), ("0", "I contest it")], widget=forms.RadioSelect, initial="1"
    )
    words = forms.CharField(
        label="Why", max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}), required=False,
        help_text="Needed where you contest it: a third person decides by it",
    )  # fmt: skip


class SettleForm(forms.Form):
    """What a third person makes of a contested review."""

    score = forms.IntegerField(label="Score, of 100", min_value=0, max_value=100)
    words = forms.CharField(label="Why", max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}))


class OfPractice(forms.Form):
    """Something about one of the practices that one may choose."""

    practice = forms.ChoiceField(label="Practice")

    def __init__(self, *args: Any, practices: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["practice"].choices = practices  # type: ignore[attr-defined]


class DrawForm(OfPractice):
    """Which work is drawn for review."""

    first = forms.DateField(label="Done from", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="Through", widget=forms.DateInput(attrs={"type": "date"}))
    seed = forms.CharField(label="Seed", max_length=40, help_text="The same seed draws the same work again")


class PolicyForm(OfPractice):
    """What holds in a practice."""

    share = forms.IntegerField(label="Of a hundred done items, reviewed", min_value=0, max_value=100, initial=5)
    hours = forms.IntegerField(
        label="Late work goes to the lead after so many hours", min_value=0, max_value=2_000, initial=24
    )
    lead = forms.ChoiceField(label="Lead", required=False)

    def __init__(self, *args: Any, leads: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["lead"].choices = [("", "Nobody"), *leads]  # type: ignore[attr-defined]
