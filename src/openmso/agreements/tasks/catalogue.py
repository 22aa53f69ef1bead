"""The catalogue of tasks as data: the house's own, and how one that an office wrote is read."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from openmso.agreements.faults import Fault
from openmso.agreements.tasks.contracts import CatalogueTask, Task, Who
from openmso.kit.errors import Refused
from openmso.kit.periods import DayRange
from openmso.platform.access.registry import LINES

CODE = re.compile(r"^[a-z][a-z0-9_]{1,19}(\.[a-z0-9_]{1,19}){1,2}$")
WORDS_MAX = 120
ITS_OWN = frozenset({Who.PRACTICE})
OR_NOBODY = ITS_OWN | {Who.NOBODY}
"""Who may decide, and who may approve, a task that is a decision reserved to the practice."""


class BadTask(Refused):
    """The task cannot be kept as it is written."""

    code = "bad_task"


def task_of(given: Mapping[str, Any], *, reserved: Iterable[str], number: int = 0) -> CatalogueTask:
    """A task of the catalogue from its data; `reserved` are the codes of decisions that stay with practices.

    Raises `BadTask` that names the field and what mends it.
    """
    code, line, words = (str(given.get(name) or "").strip() for name in ("code", "line", "words"))
    decision = str(given.get("reserved") or "").strip().upper()
    if not CODE.match(code):
        raise BadTask("A code is small words joined by dots.", field="code", fix="Such as billing.send.")
    if line not in LINES:
        raise BadTask(f"There is no service line {line!r}.", field="line", fix=f"One of: {', '.join(LINES)}.")
    if not 0 < len(words) <= WORDS_MAX:
        raise BadTask(f"A task is told in up to {WORDS_MAX} characters.", field="words")
    if decision and decision not in set(reserved):
        raise BadTask(f"There is no reserved decision {decision}.", field="reserved", fix="Such as RD09, or none.")
    does, decides, approves, told = (_who(given, part) for part in ("does", "decides", "approves", "told"))
    made = CatalogueTask(code, line, words, does, decides, approves, told, decision, number)
    for part, who in (("does", made.does), ("decides", made.decides)):
        if who is Who.NOBODY:
            raise BadTask(f"Somebody {part} it.", field=part)
    if no := why_not_decided(made):
        raise BadTask(no.sentence, field=no.field, fix=no.fix)
    return made


def why_not_decided(one: CatalogueTask | Task) -> Fault | None:
    """What is wrong where a task that is a decision reserved to the practice is decided or approved by others."""
    reserved = f"{one.words} is reserved to the practice ({one.reserved})"
    if one.reserved and one.decides not in ITS_OWN:
        return Fault("decides", f"{reserved}; nobody else decides it, and not both together.",
                     "Let the practice decide; the MSO may do it or be told.")  # fmt: skip
    if one.reserved and one.approves not in OR_NOBODY:
        return Fault("approves", f"{reserved}; nobody else approves it.", "Let the practice approve it, or nobody.")
    return None


def as_data(one: CatalogueTask) -> dict[str, str]:
    """The task as data; `task_of` makes it again."""
    return {
        "code": one.code, "line": one.line, "words": one.words, "does": one.does.value, "decides": one.decides.value,
        "approves": one.approves.value, "told": one.told.value, "reserved": one.reserved,
    }  # fmt: skip


@cache
def rows_of_the_house() -> tuple[Mapping[str, str], ...]:
    """The tasks that come with the product, as data."""
    said = files("openmso.agreements.tasks").joinpath("catalogue.csv").read_text("utf-8")
    return tuple(csv.DictReader(said.splitlines()))


def usual(catalogue: Iterable[CatalogueTask], line: str, days: DayRange) -> Iterator[Task]:
    """The tasks of a line as the catalogue has them, on some days."""
    return (chosen(one, days) for one in catalogue if one.line == line)


def chosen(one: CatalogueTask, days: DayRange) -> Task:
    """A task of the catalogue put in scope on some days, as usual."""
    return Task(one.code, one.line, one.words, days, one.does, one.decides, one.approves, one.told, one.reserved)


def _who(given: Mapping[str, Any], part: str) -> Who:
    try:
        return Who(str(given.get(part) or Who.NOBODY))
    except ValueError:
        known = ", ".join(one.value for one in Who)
        raise BadTask(f"{given[part]!r} is nobody we know.", field=part, fix=f"One of: {known}.") from None
