"""Forms of leaving: notice, tasks, assets and appraisals, election, items, certificate."""

from __future__ import annotations

from typing import Any

from django import forms

from openmso.leaving import rules
from openmso.leaving.contracts import Doing, Elects, Fate, Owes, Price, Side, Sort
from openmso.platform.ui.contracts import Status

Choices = list[tuple[str, str]]


def choices(statuses: Any) -> Choices:
    """Members of an enum for a select."""
    members: list[Status] = list(statuses)
    return [(one.value, one.label[:1].upper() + one.label[1:]) for one in members]


def _day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}), required=required, help_text=hint
    )


def _text(label: str, hint: str = "", *, required: bool = True, length: int = 300) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, required=required, widget=forms.Textarea(attrs={"rows": 2}), help_text=hint
    )


def _dollars(label: str, hint: str = "") -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_digits=14, decimal_places=2, help_text=hint)


class NoticeForm(forms.Form):
    """A practice gives notice."""

    practice = forms.ChoiceField(label="Practice")
    wanted = _day("End on", "Left empty: after the days of notice that the agreement asks for", required=False)
    rule = forms.ChoiceField(label="Price of assets", choices=choices(Price), help_text="As your agreement has it")
    plan_days = forms.IntegerField(label="Days of the transition", min_value=1, max_value=730, initial=rules.PLAN_DAYS)
    why = _text("Why", "You need no reason", required=False, length=1000)

    def __init__(self, *args: Any, practices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practice"].choices = practices  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    """A reason."""

    why = _text("Why", length=1000)


class TaskForm(forms.Form):
    """A task moves on."""

    to = forms.ChoiceField(label="It is", choices=choices([Doing.BEGUN, Doing.DONE, Doing.NEEDLESS]))
    note = _text("Note", "What was done; of what is not needed, why", required=False)


class AssetForm(forms.Form):
    """An asset that the practice may buy."""

    name = forms.CharField(label="Asset", max_length=120)
    sort = forms.ChoiceField(label="It is", choices=choices(Sort))
    book = _dollars("Book value")


class AppraisalForm(forms.Form):
    """What an appraiser found."""

    side = forms.ChoiceField(label="Named by")
    appraiser = forms.CharField(label="Appraiser", max_length=120)
    amount = _dollars("Fair market value")
    on = _day("Of the day")

    def __init__(self, *args: Any, sides: list[Side], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = choices(sides)  # type: ignore[attr-defined]


class ElectionForm(forms.Form):
    """Whether the practice buys the assets."""

    elects = forms.ChoiceField(label="The practice", choices=choices(Elects), widget=forms.RadioSelect)


class ItemForm(forms.Form):
    """A deposit, a credit, something else."""

    words = forms.CharField(label="What", max_length=160, help_text="Deposit of the lease, SLA credit of October")
    owes = forms.ChoiceField(label="Who owes it", choices=choices(Owes))
    amount = _dollars("Amount")
    shows = _text("What shows it")


class CertificateForm(forms.Form):
    """What became of patients' data."""

    fate = forms.ChoiceField(label="Patients' data were", choices=choices(Fate))
    sha256 = forms.ChoiceField(label="Export", help_text="One that the practice took whole, by the trail")
    words = forms.CharField(
        label="What is kept, why, and how it is protected", max_length=4_000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}), help_text="Needed only where part of it cannot be destroyed yet",
    )  # fmt: skip

    def __init__(self, *args: Any, exports: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sha256"].choices = exports  # type: ignore[attr-defined]
