"""Forms of joint boards: a charter, a seat, an item, a meeting, a vote, notes, an action."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from openmso.governance.contracts.boards import CLASS_TITLES, CLASSES, NewCharter, NewItem, Rule
from openmso.governance.queries.proposals import DECISIONS
from openmso.governance.rules.boards import MATTERS, NOTICE_MAX, SEATS_MAX
from openmso.governance.states import V
from openmso.platform.access.contracts import Side

Choices = list[tuple[str, str]]
MATTER_CHOICES: list[Any] = [
    ("", "–"),
    ("A matter of the board", list(MATTERS.items())),
    ("Stays with the practice: only discussed", list(DECISIONS.items())),
]


def _day(label: str, hint: str = "") -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), help_text=hint)


def _area(label: str, hint: str = "", *, rows: int = 3, most: int = 600, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), help_text=hint, required=required
    )


class CharterForm(forms.Form):
    """How a board decides."""

    starts_on = _day("Holds from")
    notice_days = forms.IntegerField(label="Days of notice", min_value=0, max_value=NOTICE_MAX, initial=7)
    quorum_practice = forms.IntegerField(
        label="Quorum: seats of the practice", min_value=1, max_value=SEATS_MAX, initial=1
    )
    quorum_mso = forms.IntegerField(label="Quorum: seats of the MSO", min_value=1, max_value=SEATS_MAX, initial=1)
    rule = forms.ChoiceField(
        label="An item is carried by", choices=[(one.value, one.words) for one in Rule], initial=Rule.EACH_CLASS.value
    )
    recused_count = forms.BooleanField(
        label="Who is recused counts for the quorum", required=False,
        help_text="Without it an item falls where too few are left who may vote",
    )  # fmt: skip
    cited = forms.CharField(
        label="Where it stands", max_length=200, help_text="The clause of the agreement, or the document"
    )

    def charter(self) -> NewCharter:
        """What was filled in."""
        given = self.cleaned_data
        return NewCharter(
            given["starts_on"], given["notice_days"], given["quorum_practice"], given["quorum_mso"],
            Rule(given["rule"]), given["cited"], given["recused_count"],
        )  # fmt: skip


class BoardForm(CharterForm):
    """A board, with its first charter."""

    practice = forms.ChoiceField(label="Practice")
    name = forms.CharField(label="Name", max_length=80, initial="Joint operating board")
    field_order = ("practice", "name")

    def __init__(self, *args: Any, practices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practice"].choices = practices  # type: ignore[attr-defined]


class SeatForm(forms.Form):
    """Who holds a seat from a day on, and who stands in."""

    side = forms.ChoiceField(label="Class", choices=[(one.value, CLASS_TITLES[one]) for one in CLASSES])
    number = forms.IntegerField(label="Seat", min_value=1, max_value=SEATS_MAX, initial=1)
    holder = forms.ChoiceField(label="Held by", required=False)
    alternate = forms.ChoiceField(label="Stands in", required=False)
    starts_on = _day("From", "Whoever holds it now holds it until then")

    def __init__(self, *args: Any, side: Side, people: Choices, **kwargs: Any) -> None:
        """`side` is the class whose seats the reader fills; `people` may be seated for it."""
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = [(side.value, CLASS_TITLES[side])]  # type: ignore[attr-defined]
        self.fields["holder"].choices = [("", "Nobody: leave it empty"), *people]  # type: ignore[attr-defined]
        self.fields["alternate"].choices = [("", "Nobody"), *people]  # type: ignore[attr-defined]


class ItemForm(forms.Form):
    """Something for the board."""

    title = forms.CharField(label="Title", max_length=120)
    words = _area("What it is about", rows=4, most=8_000, required=False)
    matter = forms.ChoiceField(
        label="Matter",
        choices=MATTER_CHOICES,
        help_text="It tells whose it is to decide: the board's, or the practice's",
    )
    party = forms.CharField(
        label="Whom it is about", max_length=120, required=False,
        help_text="A vendor or another party: who disclosed an interest in them is recused",
    )  # fmt: skip

    def item(self) -> NewItem:
        """What was filled in."""
        given = self.cleaned_data
        return NewItem(given["title"], given["words"], given["matter"], given["party"])


class CallForm(forms.Form):
    """When and where a board meets."""

    day = _day("Day")
    time = forms.TimeField(label="Time", widget=forms.TimeInput(attrs={"type": "time"}), initial="17:00")
    place = forms.CharField(label="Place", max_length=120, help_text="A room, or the address of a call")

    def meets_at(self, zone: str) -> datetime:
        """The instant, by the clock of the practice."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], ZoneInfo(zone))


class AttendForm(forms.Form):
    """Who is there."""

    account = forms.ChoiceField(label="Who is there")

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = people  # type: ignore[attr-defined]


class VoteForm(forms.Form):
    """What one's seat says."""

    choice = forms.ChoiceField(
        label="Vote", widget=forms.RadioSelect,
        choices=[
            (V.YES.value, "Yes"), (V.NO.value, "No"), (V.ABSTAIN.value, "Abstain"), (V.RECUSED.value, "Be recused"),
        ],
    )  # fmt: skip
    why = _area("Why", "Asked for where you are recused; it stands in the minutes", required=False)

    def __init__(self, *args: Any, conflicted: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if conflicted:
            self.fields["choice"].choices = [(V.RECUSED.value, "Be recused")]  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """What was said on an item."""

    notes = _area("For the minutes", "What was said, as far as the minutes tell it", rows=6, most=4_000)


class ActionForm(forms.Form):
    """What somebody is to do."""

    title = forms.CharField(label="What is to be done", max_length=200)
    owner = forms.ChoiceField(label="By whom")
    due_on = _day("By")

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "–"), *people]  # type: ignore[attr-defined]


class HowForm(forms.Form):
    """How something was done."""

    how = _area("How it was done")
