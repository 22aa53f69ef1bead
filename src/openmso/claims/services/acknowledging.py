"""Taking in what payers answer besides remittances: TA1, 999, 277CA, 277, each matched to the claims it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import IO

from openmso.claims import contracts
from openmso.claims.contracts import AckSummary
from openmso.claims.events import ClaimAccepted, ClaimRejected
from openmso.claims.models.acknowledgements import Acknowledgement, ClaimAnswer
from openmso.claims.models.claims import Claim
from openmso.claims.services import following, moving, scrubbing, waiting
from openmso.claims.services.hearing import Answer, Said, claims, groups, interchanges, statuses
from openmso.claims.states import S
from openmso.exchange.contracts import Transaction
from openmso.exchange.services import enrolling
from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import update
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Content, DocumentRef, as_file
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic

PURPOSE = "claims.acknowledgement"


class NoAnswer(Refused):
    """The file holds no TA1, 999, 277CA or 277."""

    code = "no_acknowledgement"


def read_acknowledgements(*, actor: Actor, practice: int, name: str, content: Content, at: datetime) -> AckSummary:
    """Store a file of answers, match each to claims, and move those claims; the same bytes twice are one answer.

    The file is stored before it is read, in a transaction of its own, so that even a refused one can be looked at.
    Answers about claims that are none of ours are kept and open work. Raises `NoAnswer` for a file without any.
    """
    decision = actor.must(contracts.ACKNOWLEDGE.code, practice)
    stored = documents.store(
        actor=actor, practice=practice, name=name, content=content, media_type="application/edi-x12",
        purpose=PURPOSE, at=at, under=decision,
    )  # fmt: skip
    with documents.telling_refusal(actor=actor, document=stored, at=at, under=decision):
        return _read(actor, practice, as_file(content), stored, at, decision)


@atomic
def _read(
    actor: Actor, practice: int, file: IO[bytes], stored: DocumentRef, at: datetime, decision: Decision
) -> AckSummary:
    if Acknowledgement.objects.filter(practice_id=practice, document=stored.public_id).exists():
        return _summary_of(practice, stored.public_id)
    findings: list[str] = []
    said = [
        *interchanges(practice, as_file(file), findings),
        *groups(practice, as_file(file)),
        *claims(practice, as_file(file)),
        *statuses(practice, as_file(file)),
    ]
    if not said:
        raise NoAnswer(
            "The file holds no acknowledgement of ours.",
            field="file",
            fix=findings[0] if findings else "Send a TA1, 999, 277CA or 277.",
        )
    kept = [_keep(practice, one, stored.public_id, position, at) for position, one in enumerate(said, start=1)]
    for one in said:
        _move(one, actor, practice, at, decision)
    _enrolled(said, actor, practice, at, decision)
    _follow_up(said, actor, at, decision)
    waiting.unmatched(kept, actor=actor, at=at)
    for row in kept:
        documents.became(document=stored, subject=("claims.acknowledgement", row.public_id), practice=practice, at=at)
        audit.record(
            actor=actor,
            action="claims.acknowledged",
            practice=practice,
            at=at,
            decision=decision,
            subject=("claims.acknowledgement", row.public_id),
            facts={"kind": row.kind, "accepted": row.accepted, "rejected": row.rejected},
        )
    return _summed(stored.public_id, kept, findings=findings)


def _summary_of(practice: int, document: str) -> AckSummary:
    rows = list(Acknowledgement.objects.filter(practice_id=practice, document=document))
    return _summed(document, rows, replayed=True)


def _summed(
    document: str, rows: Sequence[Acknowledgement], *, replayed: bool = False, findings: Sequence[str] = ()
) -> AckSummary:
    return AckSummary(
        document,
        tuple(row.kind for row in rows),
        sum(row.accepted for row in rows),
        sum(row.rejected for row in rows),
        sum(row.unmatched for row in rows),
        replayed,
        tuple(findings),
    )


def _follow_up(said: Sequence[Said], actor: Actor, at: datetime, decision: Decision) -> None:
    """What a payer was asked about and answered is work where somebody must act, and knows the payer's number."""
    heard = [
        (one.claim, one.heard, one.payer_control) for each in said for one in each.answers if one.claim and one.heard
    ]
    rows = {row.pk: row for row in moving.locked([claim.pk for claim, *_ in heard])}
    named = []
    for claim, _, number in heard:
        if number and not rows[claim.pk].payer_control:
            rows[claim.pk].payer_control = number[:50]
            named.append(rows[claim.pk])
    update(named, ["payer_control"])
    following.keep_work([(rows[claim.pk], one) for claim, one, _ in heard], actor=actor, at=at, under=decision)


# ---- keeping and moving -----------------------------------------------------------------------------------------


def _keep(practice: int, said: Said, document: str, position: int, at: datetime) -> Acknowledgement:
    found = [answer for answer in said.answers if answer.claim is not None]
    whole = said.batch.claims if said.batch and not said.answers and said.code in {"A", "E"} else 0
    row = Acknowledgement.objects.create(
        practice_id=practice,
        kind=said.kind,
        document=document,
        position=position,
        batch=said.batch,
        control=said.control[:30],
        batch_reference=said.reference[:50],
        code=said.code[:3],
        words=said.words[:300],
        received_at=at,
        accepted=sum(answer.reading.is_accepted for answer in found) or whole,
        rejected=sum(not answer.reading.is_accepted for answer in found),
        unmatched=len(said.answers) - len(found) + (said.batch is None and not said.answers),
    )
    ClaimAnswer.objects.bulk_create(
        [
            ClaimAnswer(
                practice_id=practice,
                acknowledgement=row,
                claim=answer.claim,
                control=answer.control[:38],
                is_accepted=answer.reading.is_accepted,
                category=answer.reading.category[:3],
                status=answer.reading.status[:5],
                entity=answer.reading.entity[:3],
                payer_control=answer.payer_control[:50],
                line_number=answer.reading.line,
                field=answer.reading.field,
                words=answer.reading.words,
                fix=answer.reading.fix[:300],
                start=answer.span.start if answer.span else None,
                end=answer.span.end if answer.span else None,
            )
            for answer in said.answers
        ],
        batch_size=2000,
    )
    return row


def _move(said: Said, actor: Actor, practice: int, at: datetime, decision: Decision) -> None:
    """Move the claims the answers are about; one that a payer has judged meanwhile stays where it is."""
    by_claim = {answer.claim.pk: answer for answer in said.answers if answer.claim is not None and answer.moves}
    rows = moving.locked(by_claim)
    to: dict[int, S] = {}
    facts: list[ClaimAccepted | ClaimRejected] = []
    for row in rows:
        answer = by_claim[row.pk]
        wanted = _wanted(row, answer)
        if wanted is None:
            continue
        to[row.pk] = wanted
        row.payer_control = answer.payer_control[:50] or row.payer_control
        if wanted is S.ACCEPTED:
            facts.append(ClaimAccepted(row.public_id, row.payer_control))
        else:
            facts.append(ClaimRejected(row.public_id, said.kind, answer.reading.words))
            row.top_finding = answer.reading.words[:200]
    moved = [row for row in rows if row.pk in to]
    update(moved, ["payer_control", "top_finding"])
    moving.move_many(moved, to=to, actor=actor, at=at, why=said.kind)
    outbox.publish_all(facts, practice=practice, at=at)
    faultless = [row for row in moved if to[row.pk] is S.REJECTED and not by_claim[row.pk].at_fault]
    scrubbing.judge(faultless, actor=actor, at=at, under=decision, mended=True)
    waiting.keep_in_step([row for row in moved if row not in faultless], actor=actor, at=at, under=decision)


def _enrolled(said: Sequence[Said], actor: Actor, practice: int, at: datetime, decision: Decision) -> None:
    """A payer that takes claims in has the practice enrolled, whatever the board says."""
    payers = {
        (one.batch.payer_id, one.batch.form): one.kind
        for one in said
        if one.batch is not None
        and one.kind in {"999", "277CA"}
        and any(answer.reading.is_accepted for answer in one.answers)
    }
    for (payer, form), kind in payers.items():
        enrolling.first_file(
            actor=actor, practice=practice, payer=payer, at=at, under=decision,
            transaction=Transaction.CLAIM_I if form == "I" else Transaction.CLAIM_P,
            words=f"The first {kind} came.",
        )  # fmt: skip


def _wanted(row: Claim, answer: Answer) -> S | None:
    state = S(row.state)
    if answer.reading.is_accepted:
        return S.ACCEPTED if state in {S.SENT, S.REJECTED} else None
    return S.REJECTED if state in {S.SENT, S.ACCEPTED} else None
