"""Submitting: a ready claim is frozen as its payer will see it, and stands in the next batch until that leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from edi.x12.output import Unwritable
from openmso.claims import contracts
from openmso.claims.contracts import Answered, No, SubmissionRef
from openmso.claims.events import ClaimSubmitted
from openmso.claims.models.claims import Claim
from openmso.claims.models.findings import ClaimFinding
from openmso.claims.models.submissions import Submission
from openmso.claims.queries import sheets
from openmso.claims.queries.desk import Desk
from openmso.claims.rules import freezing, loops
from openmso.claims.rules.findings import Finding, Severity, blocking, still_open
from openmso.claims.rules.sheet import ClaimSheet
from openmso.claims.services import moving, scrubbing, waiting
from openmso.claims.states import S
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.ids import public_ids
from openmso.kit.memory import uncollected
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import Json, insert, update
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

CHUNK = 2000
"""Claims frozen at a time, so that memory does not grow with their number."""
NOT_ASKED = tuple(name for name in scrubbing.NOT_ASKED if name != "version")
"""What nothing in freezing looks at."""


class NotReady(Refused):
    """The claim cannot go out; the sentence is the first thing that is wrong with it."""

    code = "claim_not_ready"


class AlreadyLeft(Conflict):
    """The batch has left; what was sent cannot be taken back, only corrected."""

    code = "batch_left"


@atomic
def submit(*, actor: Actor, claim: str, at: datetime) -> SubmissionRef:
    """Freeze the claim as the payer will see it and put it into the next batch; raises `NotReady`."""
    row = Claim.objects.filter(public_id=claim).values("pk", "practice_id").first()
    if row is None:
        raise NotFound(f"There is no claim {claim}.")
    answer, refs = _submit(actor, row["practice_id"], [row["pk"]], at, audited_as="claims.submitted")
    for no in answer.refused:
        raise NotReady(no.words, code=no.code, fix=no.fix)
    return refs[0]


@atomic
def submit_many(*, actor: Actor, practice: int, claim_ids: Collection[int], at: datetime) -> Answered:
    """Submit what can go; every claim that cannot is in the answer, with the reason."""
    return _submit(actor, practice, claim_ids, at, audited_as="claims.submitted_many")[0]


def _submit(
    actor: Actor, practice: int, claim_ids: Collection[int], at: datetime, *, audited_as: str
) -> tuple[Answered, list[SubmissionRef]]:
    decision = actor.must(contracts.SUBMIT.code, practice)
    keys = sorted(claim_ids)
    refused: list[No] = []
    refs: list[SubmissionRef] = []
    for start in range(0, len(keys), CHUNK):
        with uncollected():
            made, noes = _chunk(actor, practice, keys[start : start + CHUNK], at, decision)
        refs += made
        refused += noes
    if refs:
        _record(refs, audited_as, actor, practice, at, decision)
    return Answered(tuple(ref.claim for ref in refs), tuple(refused)), refs


def _chunk(
    actor: Actor, practice: int, keys: Sequence[int], at: datetime, decision: Decision
) -> tuple[list[SubmissionRef], list[No]]:
    """Some of the claims, so that memory does not grow with their number; all are locked in the order of their keys."""
    rows = [row for row in moving.locked_plainly(keys, without=NOT_ASKED) if row.practice_id == practice]
    refused = [*held([row for row in rows if row.state == S.HELD]),
               *(_wrong_state(row) for row in rows if row.state not in {S.READY, S.HELD})]  # fmt: skip
    ready = [row for row in rows if row.state == S.READY]
    if not ready:
        return [], refused
    refs, noes = _freeze(ready, practice, actor, at)
    if refs:
        _tell(refs, ready, actor, practice, at, decision)
    return refs, [*refused, *noes]


def _wrong_state(row: Claim) -> No:
    return No(row.public_id, NotReady.code, f"It is {S(row.state).label.lower()}, not ready to send.")


def held(rows: Iterable[Claim]) -> Iterator[No]:
    """Why claims are on hold: by the first finding that blocks each, or by hand."""
    rows = list(rows)
    found = ClaimFinding.objects.filter(
        claim_id__in=[row.pk for row in rows], severity__in=[one for one in Severity if one.keeps], overridden=False
    )
    first = {finding.claim_id: finding for finding in found.order_by("-pk")}
    for row in rows:
        finding = None if row.is_held_by_hand else first.get(row.pk)
        if finding is not None:
            yield No(row.public_id, finding.code, finding.words, finding.fix)
        else:
            yield No(row.public_id, NotReady.code, row.hold_reason, "Take the hold off.")


def _freeze(rows: Sequence[Claim], practice: int, actor: Actor, at: datetime) -> tuple[list[SubmissionRef], list[No]]:
    """Judge once more as of now, freeze what may go, and move it."""
    desk, blocks = judged(rows, tenancy.today(practice, at))
    sayers = loops.Sayers()
    going: list[tuple[Claim, Frozen]] = []
    refused = []
    for row, sheet in sheets.numbered(desk, rows):
        one = _frozen(row, sheet, blocks.get(row.pk), sayers)
        if isinstance(one, No):
            refused.append(one)
        else:
            row.version += 1
            going.append((row, one))
    refs = _keep(going, practice, actor, at)
    queued = [row for row, _ in going]
    moving.tell_moves(queued, to={row.pk: S.QUEUED for row in queued}, actor=actor, at=at)
    update(queued, ["version", *moving.MOVED])
    return refs, refused


def judged(rows: Sequence[Claim], today: date) -> tuple[Desk, Mapping[int, Finding]]:
    """The desk at which claims were judged, and the first finding that keeps each from going out."""
    desk = Desk(rows, today=today, shared=True)
    found, aside = scrubbing.judged_at(desk, rows), scrubbing.overridden(rows)
    blocks = {key: blocking(still_open(findings, aside[key])) for key, findings in found.items() if findings}
    return desk, {key: first for key, (first, *_) in ((key, one) for key, one in blocks.items() if one)}


class Frozen(NamedTuple):
    """What is kept of a claim that goes: its sheet as JSON, and the segments that it will leave in."""

    sheet: Json
    segments: str


def _frozen(row: Claim, sheet: ClaimSheet, block: Finding | None, sayers: loops.Sayers) -> Frozen | No:
    """What is frozen of a claim, or why it cannot go."""
    if block is not None:
        return No(row.public_id, block.code, block.words, block.fix)
    try:
        said = sayers.say(sheet)
    except (Unwritable, loops.NotSayable) as no:
        return No(row.public_id, "cannot_be_said", str(no), "Take the character or the text away that X12 cannot say.")
    return Frozen(Json(freezing.frozen(sheet)), freezing.together(said))


FROZEN = ("public_id", "claim_id", "version", "payer_id", "total_amount", "sheet", "segments", "sha256")


def _keep(going: Sequence[tuple[Claim, Frozen]], practice: int, actor: Actor, at: datetime) -> list[SubmissionRef]:
    """Write down what is frozen; a sheet without a payer is blocked before."""
    refs, rows = [], []
    for name, (row, one) in zip(public_ids("SUB", len(going)), going, strict=True):
        sha256 = freezing.digest(one.sheet)
        refs.append(SubmissionRef(name, row.public_id, row.version, sha256))
        rows.append((name, row.pk, row.version, row.payer_id, row.total_amount, *one, sha256))
    insert(Submission, FROZEN, rows, practice_id=practice, frozen_at=at, actor_name=actor.name[:160])
    return refs


def _tell(
    refs: Sequence[SubmissionRef], rows: Sequence[Claim], actor: Actor, practice: int, at: datetime, decision: Decision
) -> None:
    by_name: Mapping[str, Claim] = {row.public_id: row for row in rows}
    outbox.publish_all(
        [
            ClaimSubmitted(
                ref.claim, ref.public_id, by_name[ref.claim].payer_id or 0, str(by_name[ref.claim].total_amount)
            )
            for ref in refs
        ],
        practice=practice,
        at=at,
    )
    waiting.keep_in_step([by_name[ref.claim] for ref in refs], actor=actor, at=at, under=decision)


def _record(
    refs: Sequence[SubmissionRef], action: str, actor: Actor, practice: int, at: datetime, decision: Decision
) -> None:
    """Tell the trail of all of them."""
    payer = Claim.objects.filter(practice_id=practice, public_id=refs[0].claim).values_list("payer__name", flat=True)
    audit.record(
        actor=actor, action=action, practice=practice, at=at, decision=decision,
        subject=("claims.claim", refs[0].claim if len(refs) == 1 else ""),
        facts={"count": len(refs), "payer": payer.get() or "", "sha256": refs[0].sha256},
    )  # fmt: skip


@atomic
def unsubmit(*, actor: Actor, claim: str, at: datetime) -> None:
    """Take a claim back out of the next batch, as long as that has not left; raises `AlreadyLeft`."""
    row = moving.one(claim)
    decision = actor.must(contracts.SUBMIT.code, row.practice_id)
    if S(row.state) is not S.QUEUED:
        raise AlreadyLeft(
            "The claim is not waiting in a batch any more." if row.sent_at else "The claim is not in a batch.",
            fix="Send a corrected claim instead." if row.sent_at else "",
        )
    moving.move(row, to=S.READY, actor=actor, at=at, why="Taken back before the batch left")
    waiting.keep_in_step([row], actor=actor, at=at, under=decision)
    audit.record(
        actor=actor,
        action="claims.unsubmitted",
        practice=row.practice_id,
        subject=("claims.claim", claim),
        at=at,
        decision=decision,
    )
