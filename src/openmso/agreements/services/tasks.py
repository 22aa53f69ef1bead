"""The scope matrix on the desk, and the catalogue of tasks that drafts choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from openmso.agreements import rules as agreed
from openmso.agreements import termsheet
from openmso.agreements.contracts import DRAFT, Draft
from openmso.agreements.models.tasks import TaskVersion
from openmso.agreements.queries import tasks as queries
from openmso.agreements.services import drafting, versions
from openmso.agreements.tasks import catalogue, rules
from openmso.agreements.tasks.catalogue import BadTask
from openmso.agreements.tasks.contracts import TASKS, Task
from openmso.kit.errors import Conflict
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import atomic

NOT_THE_MSO = "The catalogue of tasks is kept by the MSO."
_write = partial(versions.write, TaskVersion, kind="task")


class ChangedMeanwhile(Conflict):
    """The draft is another one than the matrix was filled in for."""

    code = "changed_meanwhile"


@atomic
def set_scope(
    *, actor: Actor, agreement: str, tasks: Sequence[Task], at: datetime, as_of: datetime | None = None
) -> Draft:
    """Change the scope matrix of the draft on the desk; `as_of` is when the draft that was looked at was written.

    Refused in words for whatever would keep the matrix from being signed (`BadTask`), and where the draft was changed
    meanwhile. As any change of a draft it asks counsel anew and makes signatures void.
    """
    row = drafting.locked(agreement)
    actor.must(DRAFT.code, row.practice_id)
    draft = drafting.desk(row)
    if as_of is not None and draft.revised_at != as_of:
        raise ChangedMeanwhile("The draft was changed meanwhile.", fix="Open the matrix again.")
    terms = replace(termsheet.from_json(draft.terms), tasks=tuple(tasks))
    for fault in rules.faults(terms):
        raise BadTask(fault.sentence, field=fault.field, fix=fault.fix)
    return drafting.revise(
        actor=actor, agreement=agreement, terms=terms, at=at, starts_on=draft.starts_on, summary=draft.summary
    )


@atomic
def write(*, actor: Actor, mso: int, given: Mapping[str, Any], why: str, at: datetime) -> int:
    """Write a version of a task, or a new one; drafts choose it from now on, what is drafted or signed stays.

    Returns its number. Raises `BadTask` for one that cannot be kept, `Refused` where no reason is given.
    """
    decision = actor.must(TASKS.code, mso)
    made = catalogue.task_of(given, reserved=agreed.RESERVED)
    return _write(actor=actor, mso=mso, code=made.code, body=catalogue.as_data(made), why=why, at=at, decision=decision)


@atomic
def withdraw(*, actor: Actor, mso: int, code: str, why: str, at: datetime) -> int:
    """Let no draft choose a task any longer; a later version brings it back. Returns the number."""
    decision = actor.must(TASKS.code, mso)
    gone = queries.task(code)
    if [one for one in queries.known() if one.line == gone.line] == [gone]:
        raise BadTask(f"{code} is the last task of its line.", field="code", fix="Write another one first.")
    return _write(actor=actor, mso=mso, code=code, body={}, why=why, at=at, decision=decision)
