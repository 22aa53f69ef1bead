"""Exits run their course by themselves: on its day the agreement ends, whoever thinks of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from openmso.agreements.contracts import S
from openmso.agreements.queries import agreements
from openmso.agreements.services import execution
from openmso.leaving.contracts import STATE, Exit
from openmso.leaving.queries import cases
from openmso.leaving.rules import answer_by
from openmso.leaving.services.cases import close_answers, recorded, task_key
from openmso.leaving.states import Doing
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
        _lapse(one, today, actor, at)
        is_time = one.noticed_on < one.ends_on <= today + DAY_BEFORE
        if not is_time or agreements.agreement(one.agreement).state is not S.EXECUTED:
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
    done = recorded(one, "The agreement ended on the day of the notice", actor=actor, at=at)
    keys = [(one.practice, task_key(one, task)) for task in done]
    work.close_items(keys=keys, actor=actor, at=at, outcome=Doing.DONE.label, under=decision)


def _lapse(one: Exit, today: date, actor: Actor, at: datetime) -> None:
    """Nobody answers an appraisal any more whose days are over."""
    for asset in one.assets:
        if len(asset.appraisals) == 1 and today > answer_by(asset.appraisals[0]):
            decision = actor.must(STATE.code, one.practice)
            close_answers(one, asset, actor=actor, at=at, outcome="Not answered in its days", under=decision)
