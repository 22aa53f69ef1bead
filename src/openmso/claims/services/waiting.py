"""Work items of claims: opened when a claim waits for a person, closed when it waits no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from openmso.agreements.queries import clocks
from openmso.claims.contracts import LINE
from openmso.claims.models.acknowledgements import Acknowledgement
from openmso.claims.models.claims import Claim
from openmso.claims.rules import urgency
from openmso.claims.states import S
from openmso.kit.money import Money
from openmso.kit.words import counted
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.work import services as work
from openmso.platform.work.contracts import FIRST_DUE, InboxFilters, Kind, NewItem

HELD, REJECTED, UNMATCHED = "claims.held", "claims.rejected", "claims.unmatched_ack"
FOLLOW_UP = "claims.follow_up"
CHANGED, LATE = "claims.earlier_payer_changed", "claims.crossover_late"
ATTACHMENT = "claims.attachment_to_send"
OF_CLAIMS = (HELD, REJECTED, FOLLOW_UP, CHANGED, LATE, ATTACHMENT)
"""The kinds that wait about a claim."""
KINDS = (
    Kind(
        HELD,
        "Claim on hold",
        "claims.work",
        LINE,
        "claims:claim",
        ranked="The filing limit within a week, within a month, a thousand dollars and more, then the others",
    ),
    Kind(
        REJECTED,
        "Claim rejected",
        "claims.work",
        LINE,
        "claims:claim",
        ranked="The filing limit within a week, within a month, a thousand dollars and more, then the others",
    ),
    Kind(
        FOLLOW_UP,
        "Claim to be followed up",
        "claims.work",
        LINE,
        "claims:claim",
        ranked="By how much the payer's answer asks of you",
    ),
    Kind(CHANGED, "Earlier payer changed its decision", "claims.work", LINE, "claims:claim", ranked=FIRST_DUE),
    Kind(LATE, "Crossover without an answer", "claims.work", LINE, "claims:claim", ranked=FIRST_DUE),
    Kind(ATTACHMENT, "Attachment to send", "claims.work", LINE, "claims:claim", ranked=FIRST_DUE),
    Kind(
        UNMATCHED,
        "Acknowledgement without a claim",
        "claims.acknowledge",
        LINE,
        "claims:acknowledgement",
        ranked=FIRST_DUE,
    ),
)
WAITS: Mapping[str, str] = {S.HELD: HELD, S.REJECTED: REJECTED}


def keep_in_step(rows: Sequence[Claim], *, actor: Actor, at: datetime, under: Decision) -> None:
    """Open an item for every claim that waits for a person, and close those of claims that do not."""
    _close(rows, actor, at, under)
    by_practice: dict[int, list[NewItem]] = {}
    due: dict[tuple[int, str], datetime] = {}
    today: dict[int, date] = {}
    for row in rows:
        kind = WAITS.get(row.state, "")
        if kind:
            key = (row.practice_id, kind)
            due[key] = due.get(key) or clocks.sla_due(row.practice_id, LINE, kind, at)
            today[row.practice_id] = today.get(row.practice_id) or tenancy.today(row.practice_id, at)
            by_practice.setdefault(row.practice_id, []).append(_item(row, kind, due[key], today[row.practice_id]))
    for practice, items in by_practice.items():
        work.open_items(practice=practice, items=items, at=at)


def _close(rows: Sequence[Claim], actor: Actor, at: datetime, under: Decision) -> None:
    """Close the items of claims that have just left a waiting state."""
    by_state: dict[S, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        left = WAITS.get(row.came_from) if row.came_from else None
        if left and left != WAITS.get(row.state):
            by_state[S(row.state)].append((row.practice_id, f"{left}:{row.public_id}"))
    for state, keys in by_state.items():
        outcome = f"The claim is {state.label.lower()}."
        work.close_items(keys=keys, actor=actor, at=at, outcome=outcome, under=under)


def _item(row: Claim, kind: str, due_at: datetime, today: date) -> NewItem:
    rejected = kind == REJECTED
    pressing, why = urgency.priority(
        due_on=row.due_on, total=Money.of(row.total_amount), today=today, rejected=rejected
    )
    words = row.top_finding if rejected or not row.hold_reason else row.hold_reason
    return NewItem(
        kind=kind, subject=("claims.claim", row.public_id), title=f"Claim {row.public_id}",
        why=words or "Look at its findings.", priority=pressing, due_at=due_at, key=f"{kind}:{row.public_id}",
        amount=row.total_amount, priority_why=why,
    )  # fmt: skip


def unmatched(rows: Sequence[Acknowledgement], *, actor: Actor, at: datetime) -> None:
    """Open an item for every acknowledgement that speaks of claims which are none of ours."""
    for row in rows:
        if row.unmatched:
            work.open_item(
                practice=row.practice_id, kind=UNMATCHED, subject=("claims.acknowledgement", row.public_id),
                title=f"{row.kind} {row.public_id}", at=at, priority=60,
                priority_why=f"{counted(row.unmatched, 'claim')} of ours may be lost",
                why=f"{row.unmatched} answers name no claim of this practice.", key=f"{UNMATCHED}:{row.public_id}",
                due_at=clocks.sla_due(row.practice_id, LINE, UNMATCHED, at),
            )  # fmt: skip


def take_next(*, actor: Actor, at: datetime) -> str | None:
    """The claim whose work is most pressing and nobody's yet, given to this person; `None` when none waits."""
    item = work.take_next(actor=actor, at=at, filters=InboxFilters(kinds=(HELD, REJECTED)))
    return item.subject_id if item else None
