"""Forms of tasks: the scope matrix of a draft, a row for each task, and a task of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from openmso.agreements.contracts import Line, Terms
from openmso.agreements.forms.agreements import DAY, choices
from openmso.agreements.rules import RESERVED
from openmso.agreements.tasks import catalogue, volumes
from openmso.agreements.tasks.catalogue import WORDS_MAX, BadTask
from openmso.agreements.tasks.contracts import CatalogueTask, Task, TaskLevel, Who
from openmso.kit.periods import DayRange
from openmso.platform.access.registry import LINES, line_words

SOMEBODY = [(one.value, one.label) for one in Who if one is not Who.NOBODY]
ANYBODY = choices(Who)
PARTS = (("does", "does it", SOMEBODY), ("decides", "decides", SOMEBODY), ("approves", "approves", ANYBODY),
         ("told", "is told", ANYBODY))  # fmt: skip


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A row of the matrix: its task, and its fields."""

    task: Task
    chosen: BoundField
    parts: tuple[BoundField, ...]
    outside: BoundField
    starts: BoundField
    ends: BoundField
    volume: BoundField
    kind: BoundField | None
    share: BoundField | None
    credit: BoundField | None


class MatrixForm(forms.Form):
    """The scope matrix of a draft: its tasks, and those of the catalogue that its lines do not have.

    A task that ends before its line has a second row for the days that follow, so that others can take it over then.
    """

    as_of = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, terms: Terms, known: Sequence[CatalogueTask], revised_at: datetime, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"as_of": revised_at.isoformat()}
        super().__init__(*args, **kwargs)
        self.terms, self.revised_at, self.offered = terms, revised_at, list(_offered(terms, known))
        for place, (task, is_in) in enumerate(self.offered):
            self._add(place, task, is_in)

    def _add(self, place: int, task: Task, is_in: bool) -> None:
        words, level = task.words, task.level
        self.fields[f"in_{place}"] = forms.BooleanField(label=words, required=False, initial=is_in)
        for part, said, who in PARTS:
            self.fields[f"{part}_{place}"] = forms.ChoiceField(
                label=f"{words}: who {said}", choices=who, required=False, initial=getattr(task, part).value
            )
        self.fields[f"outside_{place}"] = forms.CharField(
            label=f"{words}: the outside party", max_length=60, required=False, initial=task.outside,
            widget=forms.TextInput({"placeholder": "Outside party"}),
        )  # fmt: skip
        for name, said, day in (("from", "from", task.days.starts_on), ("to", "to", _last(task.days))):
            self.fields[f"{name}_{place}"] = forms.DateField(
                label=f"{words}: {said}", widget=DAY, required=False, initial=day
            )
        self.fields[f"volume_{place}"] = forms.CharField(
            label=f"{words}: volume a month", max_length=200, required=False, initial=volumes.written(task.volume),
            widget=forms.TextInput({"placeholder": "1-500 included; above at 4.00"}),
        )  # fmt: skip
        if kinds := _kinds(self.terms.line(task.line)):
            self.fields[f"kind_{place}"] = forms.ChoiceField(
                label=f"{words}: the promise that is credited", choices=[("", "No credit"), *kinds], required=False,
                initial=level.kind if level else "",
            )  # fmt: skip
            self.fields[f"share_{place}"] = forms.DecimalField(
                label=f"{words}: percent in time", min_value=Decimal("0.1"), max_value=100, decimal_places=1,
                required=False, initial=level.at_least if level else None,
                widget=forms.NumberInput({"placeholder": "% in time", "title": "Percent that is to be in time"}),
            )  # fmt: skip
            self.fields[f"credit_{place}"] = forms.DecimalField(
                label=f"{words}: percent of the fee given back", min_value=Decimal("0.01"), max_value=100,
                decimal_places=2, required=False, initial=level.credit * 100 if level else None,
                widget=forms.NumberInput({"placeholder": "% of fee", "title": "Percent of the fee that is given back"}),
            )  # fmt: skip

    def lines(self) -> Iterator[tuple[str, list[MatrixRow]]]:
        """The rows under the words of their lines."""
        placed = groupby(enumerate(self.offered), key=lambda one: one[1][0].line)
        return ((line_words(line), [self._row(place, task) for place, (task, _) in rows]) for line, rows in placed)

    def _row(self, place: int, task: Task) -> MatrixRow:
        level = [self[f"{name}_{place}"] if f"{name}_{place}" in self.fields else None
                 for name in ("kind", "share", "credit")]  # fmt: skip
        return MatrixRow(
            task, self[f"in_{place}"], tuple(self[f"{part}_{place}"] for part, _, _ in PARTS),
            self[f"outside_{place}"], self[f"from_{place}"], self[f"to_{place}"], self[f"volume_{place}"], *level,
        )  # fmt: skip

    def tasks(self) -> list[Task]:
        """What was chosen, as tasks."""
        chosen: list[Task] = self.cleaned_data["chosen"]
        return chosen

    def clean(self) -> dict[str, Any]:
        """Each row is read once, so that what is wrong stands beside its field."""
        cleaned = super().clean() or {}
        if cleaned.get("as_of") != self.revised_at:
            self.add_error(None, "The draft was changed meanwhile: this is how it stands now. Change it again.")
        if not self.errors:
            read = [
                self._read(cleaned, place, task)
                for place, (task, _) in enumerate(self.offered)
                if cleaned.get(f"in_{place}")
            ]
            cleaned["chosen"] = [task for task in read if task is not None]
        return cleaned

    def clean_as_of(self) -> datetime:
        """When the draft was written that this was filled in for."""
        try:
            return datetime.fromisoformat(self.cleaned_data["as_of"])
        except ValueError:
            return datetime.min.replace(tzinfo=UTC)

    def _read(self, given: dict[str, Any], place: int, task: Task) -> Task | None:
        line = self.terms.line(task.line)
        starts, last = given[f"from_{place}"] or task.days.starts_on, given[f"to_{place}"]
        if last and last < starts:
            self.add_error(f"to_{place}", "The last day comes before the first. Choose a later day.")
            return None
        ends = last + timedelta(days=1) if last else line.days.ends_on if line else None
        try:
            volume = volumes.parsed(given[f"volume_{place}"])
        except BadTask as no:
            self.add_error(f"volume_{place}", f"{no.sentence} {no.fix}")
            return None
        who = {part: Who(given[f"{part}_{place}"] or getattr(task, part)) for part, _, _ in PARTS}
        return replace(
            task, days=DayRange(starts, ends), outside=given[f"outside_{place}"].strip(), volume=volume,
            level=self._level(given, place), **who,
        )  # fmt: skip

    def _level(self, given: dict[str, Any], place: int) -> TaskLevel | None:
        kind, share, credit = (given.get(f"{name}_{place}") for name in ("kind", "share", "credit"))
        if not kind:
            return None
        if share is None or credit is None:
            self.add_error(f"share_{place}", "Say the percent that is to be in time, and of the fee that is credited.")
            return None
        return TaskLevel(kind, share, credit / 100)


class TaskForm(forms.Form):
    """A version of a task of the catalogue."""

    code = forms.CharField(label="Code", max_length=60, help_text="Such as billing.send; it stays")
    line = forms.ChoiceField(label="Service line", choices=list(LINES.items()))
    words = forms.CharField(label="In words", max_length=WORDS_MAX)
    does = forms.ChoiceField(label="Who usually does it", choices=SOMEBODY)
    decides = forms.ChoiceField(label="Who usually decides", choices=SOMEBODY)
    approves = forms.ChoiceField(label="Who usually approves", choices=ANYBODY, initial=Who.NOBODY.value)
    told = forms.ChoiceField(label="Who is usually told", choices=ANYBODY, initial=Who.PRACTICE.value)
    reserved = forms.ChoiceField(
        label="Is it a decision reserved to practices?", required=False, choices=[("", "No"), *RESERVED.items()],
        help_text="Then the practice decides it in every agreement",
    )  # fmt: skip
    why = forms.CharField(label="Why", max_length=300, help_text="Who asked for it, or what it mends")

    def __init__(self, *args: Any, now: CatalogueTask | None = None, **kwargs: Any) -> None:
        if now is not None:
            kwargs["initial"] = catalogue.as_data(now)
        super().__init__(*args, **kwargs)
        if now is not None:
            self.fields["code"].disabled = True


def _offered(terms: Terms, known: Sequence[CatalogueTask]) -> Iterator[tuple[Task, bool]]:
    """The tasks of a draft and what else its lines may have, line by line; and whether it has them.

    A line of a draft from before there was a matrix is offered the tasks of the catalogue as if it had them.
    """
    for line in terms.lines:
        mine = sorted((one for one in terms.tasks if one.line == line.code), key=lambda one: one.days.starts_on)
        codes = dict.fromkeys([*(one.code for one in known if one.line == line.code), *(one.code for one in mine)])
        listed = {one.code: one for one in known}
        for code in codes:
            held = [one for one in mine if one.code == code]
            yield from ((one, True) for one in held)
            if not held:
                yield catalogue.chosen(listed[code], line.days), not mine
            elif ended := _ended(held[-1], line):
                yield replace(held[-1], days=DayRange(ended, line.days.ends_on)), False


def _ended(task: Task, line: Line) -> date | None:
    """The day on which a task ends before its line does."""
    ends, whole = task.days.ends_on, line.days.ends_on
    return ends if ends is not None and (whole is None or ends < whole) else None


def _kinds(line: Line | None) -> list[tuple[str, str]]:
    """The promises of a line that have a clock."""
    return [(one.kind, one.words) for one in line.promises if one.clock_hours is not None] if line else []


def _last(days: DayRange) -> date | None:
    return days.ends_on - timedelta(days=1) if days.ends_on else None
