"""Exits run their course by themselves: on its day the agreement ends, whoever thinks of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from openmso.agreements.contracts import S
from openmso.agreements.queries import agreements
from openmso.agreements.services import execution
from openmso.leaving import models as kept
from openmso.leaving.contracts import Exit
from openmso.leaving.queries import cases
from openmso.leaving.services.cases import task_key
from openmso.leaving.states import Area, Doing
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work

DAY_BEFORE = timedelta(days=1)
"""The end is recorded on the last day of the agreement, so that nothing is open on the first day without it."""


@atomic
def run_course(*, actor: Actor, at: datetime) -> list[str]:
    """End the agreement of every exit whose last day has come, unless its end is recorded; returns these exits.

    All grants end with it. Lines that wind down are agreed before, when people record the end; here none is opened.
    """
    ended = []
    for one in cases.all_under_way(at):
        today = tenancy.today(one.practice, at)
        if today < one.ends_on - DAY_BEFORE or agreements.agreement(one.agreement).state is not S.EXECUTED:
            continue
        execution.terminate(
            actor=actor, agreement=one.agreement, ends_on=max(one.ends_on, today), at=at,
            why=f"Notice of {one.noticed_on:%-d %B %Y}, {one.public_id}",
        )  # fmt: skip
        _record(one, actor, at)
        ended.append(one.public_id)
    return ended


def _record(one: Exit, actor: Actor, at: datetime) -> None:
    """The task of recording the end is done by that."""
    decision = actor.must("agreements.terminate", one.practice)
    for task in one.tasks:
        if task.area is Area.AGREEMENT and not task.is_over:
            kept.TaskStep.objects.create(
                practice_id=one.practice, task=kept.Task.objects.get(exit=one.key, number=task.number), to=Doing.DONE,
                note="The agreement ended on the day of the notice", made_at=at, made_by=actor.name[:160],
            )  # fmt: skip
            keys = [(one.practice, task_key(one, task))]
            work.close_items(keys=keys, actor=actor, at=at, outcome=Doing.DONE.label, under=decision)
