"""Verbs: the MSO says whose cause a missed promise was, the practice contests that or agrees. What is said stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from openmso.agreements.queries import clocks
from openmso.kit.clock import day_in
from openmso.kit.errors import Refused
from openmso.kit.periods import Month
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import when
from openmso.settlement import causes
from openmso.settlement.contracts import ANSWER, CONTESTED, DISPUTE, EVIDENCE, MISSED, Paper
from openmso.settlement.contracts.causes import UNSAID, Missed
from openmso.settlement.models import CauseEntry
from openmso.settlement.queries import causes as queries
from openmso.settlement.services.papers import keep
from openmso.settlement.states import SaidOf, Whose

ANSWERED_IN = 10
"""Business days in which the MSO answers to a cause that is contested, as those to accept an answer to a dispute."""


class NotSaid(Refused):
    """It cannot be said of the cause; the sentence says why."""

    code = "cause_not_said"


@atomic
def say(
    *, actor: Actor, practice: int, month: Month, item: str, whose: Whose, why: str, at: datetime,
    papers: Sequence[Paper] = (),
) -> Missed:  # fmt: skip
    """Say for the MSO whose cause it was that an item missed its promise, with the reason and what shows it.

    Until the month is settled; afterwards, and where the practice contests it, the MSO can own up, and the item counts
    towards the credit of the next month. Raises `NotSaid`.
    """
    decision = actor.must(ANSWER.code, practice)
    found = queries.missed(practice, month, item, at=at)
    cause = found.one.cause or UNSAID
    _refuse(causes.why_not_say(found.one.held, cause, whose, settled=bool(found.settlement)), field="whose")
    _enter(found, SaidOf.SAID, whose, why, papers, actor, at, decision)
    _close(found, actor, at, decision)
    return _told(found, "settlement.cause_said", actor, at, decision, why, whose=whose.label.lower())


@atomic
def contest(
    *, actor: Actor, practice: int, month: Month, item: str, why: str, at: datetime, papers: Sequence[Paper] = ()
) -> Missed:  # fmt: skip
    """Contest for the practice what the MSO said of a cause: it counts as the MSO's until the practice agrees."""
    decision = actor.must(DISPUTE.code, practice)
    found = queries.missed(practice, month, item, at=at)
    cause = found.one.cause or UNSAID
    _refuse(causes.why_not_contest(cause))
    _enter(found, SaidOf.CONTESTED, cause.whose, why, papers, actor, at, decision)
    due = clocks.business_day(day_in(tenancy.zone(practice), at), ANSWERED_IN)
    work.open_item(
        practice=practice, kind=CONTESTED, subject=(MISSED, item),
        title=f"{found.one.promise}: {item} in {month.words}", priority=55,
        why=f"The practice contests that it was {cause.whose.label.lower()}: say more, or own up to it.",
        priority_why=f"Contested, to be answered {when(due)}", due_at=clocks.closing(practice, due),
        key=_key(item), at=at,
    )  # fmt: skip
    return _told(found, "settlement.cause_contested", actor, at, decision, why)


@atomic
def agree(*, actor: Actor, practice: int, month: Month, item: str, at: datetime, why: str = "") -> Missed:
    """Agree for the practice to a cause: it stands as the MSO said, for good."""
    decision = actor.must(DISPUTE.code, practice)
    found = queries.missed(practice, month, item, at=at)
    cause = found.one.cause or UNSAID
    _refuse(causes.why_not_agree(cause))
    _enter(found, SaidOf.AGREED, cause.whose, why.strip() or "Agreed.", (), actor, at, decision)
    _close(found, actor, at, decision)
    return _told(found, "settlement.cause_agreed", actor, at, decision, why, whose=cause.whose.label.lower())


def _refuse(no: str, *, field: str = "") -> None:
    if no:
        raise NotSaid(no, field=field, fix="Look at what was said of it.")


def _enter(
    found: Missed, what: SaidOf, whose: Whose, why: str, papers: Sequence[Paper], actor: Actor, at: datetime,
    under: Decision,
) -> None:  # fmt: skip
    if not why.strip():
        raise NotSaid("Say why.", field="why", fix="The other side reads it, and may say otherwise.")
    kept = keep(
        papers, practice=found.practice, subject=(MISSED, found.one.span.item), purpose=EVIDENCE, actor=actor, at=at,
        under=under,
    )  # fmt: skip
    CauseEntry.objects.create(
        practice_id=found.practice, item=found.one.span.item, kind=found.one.kind, month=found.month.first,
        number=len(found.words) + 1, what=what, whose=whose, why=why.strip()[:600], said_at=at,
        said_by=actor.name[:120], said_user=actor.user, documents=kept,
    )  # fmt: skip


def _close(found: Missed, actor: Actor, at: datetime, under: Decision) -> None:
    work.close_items(
        keys=[(found.practice, _key(found.one.span.item))], actor=actor, at=at, outcome="answered", under=under
    )


def _told(
    found: Missed, action: str, actor: Actor, at: datetime, decision: Decision, why: str, **facts: str
) -> Missed:  # fmt: skip
    item = found.one.span.item
    audit.record(
        actor=actor, action=action, practice=found.practice, subject=(MISSED, item), at=at,
        facts=facts | {"month": str(found.month)}, why=why.strip(), decision=decision,
    )  # fmt: skip
    return queries.missed(found.practice, found.month, item, at=at)


def _key(item: str) -> str:
    return f"{CONTESTED}:{item}"
