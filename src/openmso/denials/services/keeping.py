"""What every change of a denial shares: its row locked, the move checked and written, the queue kept in step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from openmso.agreements.queries import clocks
from openmso.denials.contracts import DENIAL, FIRST_TOUCH, LINE, TO_WORK, WORK, Answered, Category, No
from openmso.denials.models import Denial, DenialMove
from openmso.denials.rules import mapping, worth
from openmso.denials.states import MOVES, OPEN, S
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.states import check_move
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import update
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem

BULK_MAX = 500
BY_PAYER = "Payer"
MOVED = ["state", "state_at", "weight", "resolved_on", "touched_at", "recovered_amount", "written_off_amount",
         "patient_amount", "resent_as", "resent_name"]  # fmt: skip


class NotOpen(Conflict):
    """Nobody works on the denial any more, or somebody has to decide first."""

    code = "denial_not_open"


def locked(public_ids: Sequence[str], actor: Actor) -> tuple[list[Denial], Decision]:
    """The denials of one practice, locked in the order of their keys, and what lets this person work on them.

    Raises `NotFound`, and `Refused` where they lie in several practices.
    """
    wanted = list(dict.fromkeys(public_ids))
    rows = list(Denial.objects.select_for_update().filter(public_id__in=wanted).order_by("pk"))
    if len(rows) < len(wanted) or not rows:
        missing = next((one for one in wanted if one not in {row.public_id for row in rows}), "")
        raise NotFound(f"There is no denial {missing}." if missing else "There is no such denial.")
    practices = {row.practice_id for row in rows}
    if len(practices) > 1:
        raise Refused("These denials lie in several practices.", code="several_practices",
                      fix="Choose those of one practice.")  # fmt: skip
    return rows, actor.must(WORK.code, rows[0].practice_id)


def one(public_id: str, actor: Actor) -> tuple[Denial, Decision]:
    """One denial, locked, and what lets this person work on it."""
    rows, decision = locked([public_id], actor)
    return rows[0], decision


def refuse_unless_worked(row: Denial) -> None:
    """Raise `NotOpen` where nobody works on it any more, or a write-off waits for its approval."""
    if S(row.state) is S.APPROVAL:
        raise NotOpen(f"A write-off of {row.public_id} waits for approval.", fix="Have it approved or refused first.")
    if S(row.state) not in OPEN:
        raise NotOpen(f"{row.public_id} is {S(row.state).label.lower()}.", fix="Nothing is left to be done about it.")


def move(
    rows: Sequence[Denial], *, to: S, what: str, actor: Actor, at: datetime, note: str = "",
    amounts: Sequence[Decimal] = (), by: str = "", touches: bool = True,
) -> None:  # fmt: skip
    """Move locked denials and write what happened; raises `IllegalMove` before anything is written.

    What is set on the rows besides is saved with them; `by` names the payer where it was nobody of ours.
    """
    for row in rows:
        if S(row.state) is not to:
            check_move(MOVES, noun="denial", frm=S(row.state), to=to)
    days = {practice: tenancy.today(practice, at) for practice in {row.practice_id for row in rows}}
    moves = []
    for number, row in enumerate(rows):
        moves.append(
            DenialMove(
                practice_id=row.practice_id, denial=row, at=at, actor_name=(by or actor.name)[:160],
                user=None if by else actor.user_id, what=what[:80], frm=row.state, to=to, note=note[:600],
                amount=amounts[number] if amounts else None,
            )
        )  # fmt: skip
        row.state, row.state_at = to.value, at
        row.touched_at = row.touched_at or (at if touches else None)
        row.resolved_on = None if to in OPEN else days[row.practice_id]
        row.weight = worth.weight(row.due_on, days[row.practice_id]) if to in OPEN else worth.NOTHING
    if touches and not by:
        work.worked(keys=[(row.practice_id, key(row.public_id)) for row in rows], actor=actor, at=at, note=what)
    update(rows, MOVED)
    DenialMove.objects.bulk_create(moves, batch_size=1000)


def tell(row: Denial, what: str, *, actor: Actor, at: datetime, under: Decision, why: str = "") -> None:
    """Write an act on a denial into the trail."""
    audit.record(
        actor=actor, action="denials.touched", practice=row.practice_id, subject=(DENIAL, row.public_id), at=at,
        facts={"what": what, "claim": row.claim_name}, why=why, decision=under,
    )  # fmt: skip


def key(public_id: str) -> str:
    """The key of the work item of a denial."""
    return f"{DENIAL}:{public_id}"


def queue(rows: Sequence[Denial], *, at: datetime, due_at: datetime | None = None) -> None:
    """Open the work items of denials, or bring them up to date; `due_at` is when to look at them again.

    A new one is due by the clock that the agreement promises for a first touch.
    """
    by_practice: defaultdict[int, list[Denial]] = defaultdict(list)
    for row in rows:
        by_practice[row.practice_id].append(row)
    for practice, mine in by_practice.items():
        on = tenancy.today(practice, at)
        due = due_at or clocks.sla_due(practice, LINE, FIRST_TOUCH, at)
        work.open_items(practice=practice, items=[_item(row, due, on) for row in mine], at=at)


def _item(row: Denial, due_at: datetime, on: date) -> NewItem:
    amount, value = Money(row.amount), Money((row.amount * row.win_rate * row.weight).quantize(Decimal("0.01")))
    said = row.words[:1].upper() + row.words[1:]
    return NewItem(
        kind=TO_WORK, subject=(DENIAL, row.public_id), title=f"{Category(row.category).label}: {said}"[:160],
        why=f"{row.payer_name} left {row.amount:,.2f} of {row.claim_name} open ({', '.join(row.codes)}). "
        f"{mapping.action_words(row.action)}.",
        priority=worth.priority(value, row.due_on, on),
        priority_why=worth.why_ranked(amount=amount, rate=row.win_rate, due_on=row.due_on),
        due_at=due_at, key=key(row.public_id), amount=row.amount,
    )  # fmt: skip


def close(rows: Sequence[Denial], *, actor: Actor, at: datetime, under: Decision, outcome: str) -> None:
    """Close the work items of denials that nobody works on any more."""
    keys = [(row.practice_id, key(row.public_id)) for row in rows]
    work.close_items(keys=keys, actor=actor, at=at, outcome=outcome, under=under)


@atomic
def each(public_ids: Sequence[str], act: Callable[[str], object]) -> Answered:
    """An act on each denial, in one transaction; a refusal is told and stops nothing."""
    if len(public_ids) > BULK_MAX:
        raise Refused(f"That is more than {BULK_MAX} denials at once.", code="too_many", fix="Narrow the list first.")
    done, refused = [], []
    for public_id in dict.fromkeys(public_ids):
        try:
            with transaction.atomic():
                act(public_id)
            done.append(public_id)
        except Refused as no:
            refused.append(No(public_id, no.code, no.sentence, no.fix))
    return Answered(tuple(done), tuple(refused))
