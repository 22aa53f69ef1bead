"""Judgement about the scope matrix: what keeps it from being signed, what follows a draft, how two differ. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from openmso.agreements.contracts import Line, Terms
from openmso.agreements.faults import Change, Fault
from openmso.agreements.tasks import catalogue, volumes
from openmso.agreements.tasks.contracts import CatalogueTask, Task, TaskStanding, Who
from openmso.kit.periods import DayRange
from openmso.platform.access.registry import LINES

FIELD = "tasks"


def days_of(task: Task, terms: Terms) -> DayRange | None:
    """The days on which a task is in scope: its own, within those of its line and of the term."""
    line = terms.line(task.line)
    within = task.days.meets(line.days) if line is not None else None
    return within.meets(terms.days) if within is not None else None


def standing(task: Task, terms: Terms, on: date) -> TaskStanding:
    """A task on a day."""
    days = days_of(task, terms)
    if days is not None and on in days:
        return TaskStanding.NOW
    return TaskStanding.AHEAD if days is not None and on < days.starts_on else TaskStanding.OVER


def fitted(terms: Terms, known: Sequence[CatalogueTask]) -> Terms:
    """Terms whose every line has tasks: one without any gets those of the catalogue as usual.

    A line that is taken out takes its tasks along.
    """
    tasks = [
        task
        for line in terms.lines
        for task in [one for one in terms.tasks if one.line == line.code]
        or catalogue.usual(known, line.code, line.days)
    ]
    return replace(terms, tasks=tuple(tasks))


def carried(before: Terms, lines: Iterable[Line]) -> tuple[Task, ...]:
    """The tasks of terms under lines whose days may be others: what ran as long as its line still does."""
    now = {line.code: line for line in lines}
    return tuple(_carried(task, before, now[task.line]) for task in before.tasks if task.line in now)


def _carried(task: Task, before: Terms, line: Line) -> Task:
    was = before.line(task.line)
    starts, ends = task.days.starts_on, task.days.ends_on
    if was is not None and starts == was.days.starts_on:
        starts = line.days.starts_on
    if was is not None and ends == was.days.ends_on:
        ends = line.days.ends_on
    return replace(task, days=DayRange(starts, ends if ends is None or ends >= starts else starts))


def longer(tasks: Iterable[Task], ended: date | None, later: date | None) -> tuple[Task, ...]:
    """The same tasks for the next term: those that ran to the end of this one run to the end of that."""
    return tuple(
        replace(one, days=DayRange(one.days.starts_on, later)) if one.days.ends_on == ended else one for one in tasks
    )


def faults(terms: Terms) -> Iterator[Fault]:
    """Everything that keeps a scope matrix from being signed, in words, with what mends it."""
    for line in terms.lines:
        if not any(task.line == line.code for task in terms.tasks):
            yield Fault(FIELD, f"{_line(line.code)} has no task.", "Choose its tasks, or take the line out of scope.")
    for task in terms.tasks:
        yield from _of_task(task, terms)
    yield from _overlaps(terms.tasks)
    credited = [task.level.kind for task in terms.tasks if task.level]
    for kind in sorted({one for one in credited if credited.count(one) > 1}):
        yield Fault(FIELD, f"What is missed of {kind} would be credited twice.", "Keep the credit of one task.")


def _of_task(task: Task, terms: Terms) -> Iterator[Fault]:
    line = terms.line(task.line)
    if line is None:
        yield Fault(FIELD, f"{task.words}: {_line(task.line)} is not in scope.", "Put the line in scope, or leave it.")
        return
    if days_of(task, terms) is None:
        yield Fault(FIELD, f"{task.words}: in scope on no day of {_line(task.line)}.", "Choose days of the line.")
    for part, who in (("does", task.does), ("decides", task.decides)):
        if who is Who.NOBODY:
            yield Fault(FIELD, f"{task.words}: nobody {part} it.", "Say who.")
    if no := catalogue.why_not_decided(task):
        yield Fault(FIELD, no.sentence, no.fix)
    if any(who is Who.OUTSIDE for _, who in task.parts) and not task.outside:
        yield Fault(FIELD, f"{task.words}: the outside party has no name.", "Name it.")
    for sentence, fix in volumes.faults(task.volume) if task.volume else ():
        yield Fault(FIELD, f"{task.words}: {sentence}", fix)
    yield from _of_level(task, line)


def _of_level(task: Task, line: Line) -> Iterator[Fault]:
    if (level := task.level) is None:
        return
    if not any(one.kind == level.kind and one.clock_hours is not None for one in line.promises):
        yield Fault(FIELD, f"{task.words}: {_line(line.code)} promises no clock of {level.kind}.",
                    "Promise it for the line first, or take the credit out.")  # fmt: skip
    if not 0 < level.at_least <= 100:
        yield Fault(FIELD, f"{task.words}: {level.at_least}% cannot be in time.", "Give more than 0, at most 100.")
    if not 0 < level.credit <= 1:
        yield Fault(FIELD, f"{task.words}: a credit is a share of the fee.", "Give more than 0%, at most 100%.")


def _overlaps(tasks: Sequence[Task]) -> Iterator[Fault]:
    ordered = sorted(tasks, key=lambda one: (one.code, one.days.starts_on))
    for one, following in pairwise(ordered):
        if one.code == following.code and one.days.meets(following.days) is not None:
            yield Fault(FIELD, f"{one.words}: in scope twice on {following.days.starts_on:%-d %b %Y}.",
                        "End the first before the second starts.")  # fmt: skip


def difference(before: Terms, after: Terms, like: Terms) -> Iterator[Change]:
    """What a scope matrix says otherwise than another: one change for each line, its tasks that differ in words.

    `like` is the one before as if its term ended with the other's: only what differs from that is told. A line that is
    no longer in scope says so itself.
    """
    for code in (line.code for line in after.lines):
        old = {sentence(same): sentence(one) for same, one in zip(like.tasks, before.tasks, strict=True)
               if one.line == code}  # fmt: skip
        new = {sentence(one) for one in after.tasks if one.line == code}
        if old.keys() != new:
            gone = [words for same, words in old.items() if same not in new]
            yield Change(f"{_line(code)}: tasks", _joined(gone), _joined(new - old.keys()))


def sentence(task: Task) -> str:
    """A task in words: who has which part, on which days, how many, how well."""
    parts = ", ".join(f"{_named(who, task)} {part}" for part, who in task.parts if who is not Who.NOBODY)
    said = [parts, spoken(task.days)]
    if task.volume:
        said.append(volumes.sentence(task.volume))
    if level := level_words(task):
        said.append(level)
    return f"{task.words}: {'; '.join(said)}"


def level_words(task: Task) -> str:
    """The service level of a task in words; nothing where it has none."""
    if (one := task.level) is None:
        return ""
    share, credit = f"{one.at_least.normalize():f}%", f"{(one.credit * 100).normalize():f}%"
    return f"below {share} in time gives back {credit} of the fee"


def spoken(days: DayRange) -> str:
    """Days in words, both counted."""
    last = f"to {days.ends_on - timedelta(days=1):%-d %b %Y}" if days.ends_on else "without an end"
    return f"{days.starts_on:%-d %b %Y} {last}"


def _named(who: Who, task: Task) -> str:
    if who is Who.OUTSIDE:
        return task.outside or "an outside party"
    return {Who.MSO: "the MSO", Who.PRACTICE: "the practice", Who.BOTH: "both sides"}.get(who, who.label)


def _line(code: str) -> str:
    return LINES.get(code, code)


def _joined(said: Iterable[str]) -> str:
    return ". ".join(sorted(said)) or "none"
