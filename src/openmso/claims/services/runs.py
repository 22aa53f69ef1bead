"""Bulk acts over a frozen list of claims: short ones at once, long ones as a job with progress and findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from openmso.claims import contracts
from openmso.claims.contracts import Answered, No, RunView
from openmso.claims.models.claims import Claim
from openmso.claims.models.runs import Run
from openmso.claims.rules import grouping
from openmso.claims.services import moving, scrubbing, self_paying, submitting
from openmso.claims.states import S
from openmso.kit.errors import NotFound, Refused
from openmso.kit.ids import public_id
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.jobs import services as jobs
from openmso.platform.tenancy.scope import atomic

STEP = 1000
"""Claims of one transaction of a run; what it has done stays done when the next one fails."""

REFUSED_KEPT = 500
PERMISSIONS = {"submit": contracts.SUBMIT.code, "scrub": contracts.WORK.code, "bill": contracts.WORK.code}


class NoSuchAct(Refused):
    """There is no such bulk act."""

    code = "no_such_act"


def begin(*, actor: Actor, act: str, claims: Mapping[int, Sequence[int]], at: datetime, now: bool = False) -> str:
    """Freeze the list of claims, by practice, and do the work `now` or as a job; returns the key its parts share."""
    key, parts = _freeze(actor, act, claims, at, now)
    for part in parts if now else ():
        while go_on(actor=actor, run=part, at=at):
            pass
    return key


@atomic
def _freeze(
    actor: Actor, act: str, claims: Mapping[int, Sequence[int]], at: datetime, now: bool
) -> tuple[str, list[str]]:
    if act not in PERMISSIONS:
        raise NoSuchAct(f"There is no bulk act {act!r}.")
    key, parts = public_id("RUN"), []
    for practice, ids in sorted(claims.items()):
        decision = actor.must(PERMISSIONS[act], practice)
        run = Run.objects.create(
            practice_id=practice, key=key, act=act, claims=list(ids), started_at=at, actor_name=actor.name[:160],
            user=actor.user_id,
        )  # fmt: skip
        parts.append(run.public_id)
        if not now:
            jobs.defer("claims.run", practice=practice, behind=decision.grant, run=run.public_id)
    return key, parts


@atomic
def undo(*, actor: Actor, key: str, at: datetime) -> int:
    """Take back what a bulk submission put into batches that have not left yet; how many claims.

    Raises `NotFound`.
    """
    taken, rows = 0, list(Run.objects.filter(key=key, act="submit"))
    if not rows:
        raise NotFound("There is no such run.", code="no_such_run")
    for row in rows:
        decision = actor.must(PERMISSIONS["submit"], row.practice_id)
        queued = [claim for claim in moving.locked(row.claims) if claim.state == S.QUEUED]
        moving.move_many(queued, to={claim.pk: S.READY for claim in queued}, actor=actor, at=at, why="Taken back")
        taken += len(queued)
        audit.record(
            actor=actor, action="claims.unsubmitted", practice=row.practice_id, subject=("claims.run", row.public_id),
            at=at, facts={"count": len(queued)}, decision=decision,
        )  # fmt: skip
    return taken


def go_on(*, actor: Actor, run: str, at: datetime) -> bool:
    """Do the next step of a run, in a transaction of its own; whether more is left. Safe to call after a crash."""
    with atomic.open():
        row = Run.objects.select_for_update().get(public_id=run)
        left = row.claims[row.done + len(row.refused) :][:STEP]
        if not left:
            row.finished_at = row.finished_at or at
            row.save(update_fields=["finished_at"])
            return False
        answer = _act(actor, row, left, at)
        row.done += len(left) - len(answer.refused)
        row.refused = [*row.refused, *([no.claim, no.code, no.words, no.fix] for no in answer.refused)]
        if row.done + len(row.refused) >= len(row.claims):
            row.finished_at = at
        row.save(update_fields=["done", "refused", "finished_at"])
        return row.finished_at is None


def _act(actor: Actor, row: Run, left: Sequence[int], at: datetime) -> Answered:
    if row.act == "submit":
        return submitting.submit_many(actor=actor, practice=row.practice_id, claim_ids=left, at=at)
    if row.act == "bill":
        names = Claim.objects.filter(practice_id=row.practice_id, pk__in=left).order_by("pk")
        return self_paying.bill_many(
            actor=actor, claims=names.values_list("public_id", flat=True), why="Self-pay, chosen from the list", at=at
        )
    scrubbing.scrub(actor=actor, practice=row.practice_id, claim_ids=left, at=at)
    blocked = Claim.objects.filter(pk__in=left, blocks__gt=0).order_by("pk")
    return Answered((), tuple(submitting.held(blocked)))


@atomic
def view(*, key: str) -> RunView | None:
    """How far the parts of a run have come together."""
    rows = list(Run.objects.filter(key=key).order_by("pk"))
    if not rows:
        return None
    refused = [No(*entry) for row in rows for entry in row.refused]
    finished = [row.finished_at for row in rows]
    return RunView(
        key, rows[0].act, sum(len(row.claims) for row in rows), sum(row.done for row in rows),
        tuple(refused[:REFUSED_KEPT]), max(f for f in finished if f) if all(finished) else None,
        grouping.reasons(refused),
    )  # fmt: skip
