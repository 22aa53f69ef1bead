"""What people write on an item."""

from __future__ import annotations

from django import forms


class Snooze(forms.Form):
    """Until when something is put off, by the day; it comes back at eight in the morning of the practice."""

    until_on = forms.DateField(label="Back on", widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(label="Why", max_length=200, required=False)


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
