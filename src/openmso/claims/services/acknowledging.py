"""Taking in what payers answer besides remittances: TA1, 999, 277CA, 277, each matched to the claims it speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from edi.x12.ack.f277ca import read_277ca
from edi.x12.ack.f999 import read_999
from edi.x12.ack.model import ClaimAckHeader, ClaimStatus, GroupAck, InterchangeAck, LevelStatus, SetAck
from edi.x12.ack.ta1 import read_ta1
from edi.x12.envelope import FileEnd
from edi.x12.status.model import StatusAnswer
from edi.x12.status.read import read_277
from edi.x12.values import Span
from openmso.claims import contracts
from openmso.claims.contracts import AckSummary
from openmso.claims.events import ClaimAccepted, ClaimRejected
from openmso.claims.models.acknowledgements import Acknowledgement, ClaimAnswer
from openmso.claims.models.claims import Claim
from openmso.claims.models.submissions import Batch, Sending
from openmso.claims.rules import answers
from openmso.claims.rules import following as following_rules
from openmso.claims.rules.answers import Reading
from openmso.claims.rules.following import Heard
from openmso.claims.services import following, locating, moving, scrubbing, waiting
from openmso.claims.states import S
from openmso.exchange.contracts import Transaction
from openmso.exchange.services import enrolling
from openmso.kit.errors import Refused
from openmso.kit.ids import named_first
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import update
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Content, DocumentRef, as_file
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic

PURPOSE = "claims.acknowledgement"
NOT_AT_FAULT = "Another claim in the file was at fault; this one can go again as it is."


class NoAnswer(Refused):
    """The file holds no TA1, 999, 277CA or 277."""

    code = "no_acknowledgement"


@dataclass(slots=True)
class Answer:
    """What one acknowledgement says of one of our claims, or of a number that is none of ours."""

    control: str
    reading: Reading
    claim: Claim | None = None
    payer_control: str = ""
    span: Span | None = None
    moves: bool = True
    """Whether the claim's state follows it: an accepted 999 only speaks of syntax."""
    at_fault: bool = True
    heard: Heard | None = None
    """What a 277 asks of people."""


@dataclass(slots=True)
class Said:
    """One acknowledgement of the file, with its answers."""

    kind: str
    control: str
    code: str
    words: str
    batch: Batch | None = None
    reference: str = ""
    answers: list[Answer] = field(default_factory=list)
    levels: list[LevelStatus] = field(default_factory=list)
    """What a 277CA says of the batch as a whole, and of providers."""


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
        *_interchanges(practice, as_file(file), findings),
        *_groups(practice, as_file(file)),
        *_claims(practice, as_file(file)),
        *_statuses(practice, as_file(file)),
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


# ---- TA1: the whole interchange ---------------------------------------------------------------------------------


def _interchanges(practice: int, content: IO[bytes], findings: list[str]) -> Iterator[Said]:
    for record in read_ta1(content):
        if isinstance(record, FileEnd):
            findings += [finding.message for finding in record.findings]
        if not isinstance(record, InterchangeAck):
            continue
        reading = answers.of_interchange(record.code, record.note)
        batch = _batch(practice, record.control)
        said = Said("TA1", record.control, record.code, reading.words, batch)
        if batch is not None and not reading.is_accepted:
            said.answers = [
                Answer(row.control, reading, row, span=record.span, at_fault=False) for row in _claims_of(batch)
            ]
        yield said


def _batch(practice: int, control: str) -> Batch | None:
    number = int(control) if control.isascii() and control.isdigit() and len(control) <= 9 else 0
    return Batch.objects.filter(practice_id=practice, interchange_control=number).first() if number else None


def _claims_of(batch: Batch) -> list[Claim]:
    sent = Sending.objects.filter(batch=batch).values("submission__claim_id")
    return list(Claim.objects.filter(pk__in=sent).order_by("pk"))


# ---- 999: the syntax of each set --------------------------------------------------------------------------------


def _groups(practice: int, content: IO[bytes]) -> Iterator[Said]:
    for record in read_999(content):
        if isinstance(record, GroupAck):
            batch = _batch(practice, record.group_control)
            words = "The syntax was taken." if record.is_accepted else "The syntax was not taken."
            said = Said("999", record.group_control, record.code, words, batch)
            if batch is not None:
                said.answers = [answer for one in record.sets for answer in _answers_of_set(batch, one)]
            yield said


def _answers_of_set(batch: Batch, one: SetAck) -> Iterator[Answer]:
    """Errors land on the claim that the 999 names (CTX), else on the one whose segments hold them.

    What stands before a claim (HL, subscriber) belongs to it.
    """
    sendings = list(
        Sending.objects.filter(batch=batch, set_control=one.control)
        .select_related("submission__claim")
        .order_by("position")
    )
    wrong: dict[int, Reading] = {}
    by_control = {sending.submission.claim.control: sending for sending in sendings}
    for error in locating.in_full(batch, one):
        number = error.position + (sendings[0].set_segment if sendings else 1) - 1
        hit = by_control.get(answers.claim_named(error)) or next(
            (s for s in sendings if number <= s.last_segment), None
        )
        if hit is not None:
            wrong.setdefault(hit.pk, answers.of_error(error, institutional=batch.form == "I"))
    taken = Reading(True, one.code, "", "", "The syntax was taken.")
    spared = Reading(False, one.code, "", "", f"The whole set was sent back. {NOT_AT_FAULT}", "Send it again.")
    for sending in sendings:
        claim = sending.submission.claim
        reading = wrong.get(sending.pk) or (taken if one.is_accepted else spared)
        if one.is_accepted and sending.pk in wrong:
            reading = Reading(True, reading.category, "", "", reading.words, reading.fix, reading.field, reading.line)
        yield Answer(
            claim.control,
            reading,
            claim,
            span=one.span,
            moves=not one.is_accepted,
            at_fault=sending.pk in wrong or len(wrong) == 0,
        )


# ---- 277CA: each claim ------------------------------------------------------------------------------------------


def _claims(practice: int, content: IO[bytes]) -> Iterator[Said]:
    said: Said | None = None
    for record in read_277ca(content):
        if isinstance(record, ClaimAckHeader):
            if said is not None:
                yield _matched(practice, said)
            source = record.source.last or "the payer"
            said = Said("277CA", record.control or record.trace, "", f"Answered by {source}.")
        elif isinstance(record, LevelStatus) and said is not None and record.level == "batch":
            said.reference = record.trace
            said.batch = Batch.objects.filter(practice_id=practice, reference__in=named_first(record.trace)).first()
            said.code = next((status.category for status in record.statuses), "")
            said.levels.append(record)
        elif isinstance(record, LevelStatus) and said is not None:
            said.levels.append(record)
        elif isinstance(record, ClaimStatus) and said is not None:
            said.answers.append(
                Answer(record.control, answers.of_status(record), payer_control=record.payer_control, span=record.span)
            )
    if said is not None:
        yield _matched(practice, said)


def _matched(practice: int, said: Said) -> Said:
    controls = {answer.control[:20] for answer in said.answers}
    known = {row.control: row for row in Claim.objects.filter(practice_id=practice, control__in=controls)}
    for answer in said.answers:
        answer.claim = known.get(answer.control[:20])
    if said.batch is not None:
        said.answers += _of_levels(said, said.batch)
    return said


def _of_levels(said: Said, batch: Batch) -> Iterator[Answer]:
    """The claims that were sent back without being named: with their whole batch, or with their provider."""
    named = {answer.claim.pk for answer in said.answers if answer.claim is not None}
    for level in said.levels:
        of_batch = level.level == "batch"
        whom = "The whole batch" if of_batch else f"Every claim of {level.party.last if level.party else 'a provider'}"
        reading = answers.of_level(level, whom)
        npi = level.party.id if level.party else ""
        if reading is None or not (of_batch or npi):
            continue
        sent = Sending.objects.filter(batch=batch).select_related("submission__claim").order_by("position")
        for one in sent:
            claim, biller = one.submission.claim, one.submission.sheet.get("biller") or {}
            if claim.pk not in named and (of_batch or biller.get("npi") == npi):
                named.add(claim.pk)
                yield Answer(claim.control, reading, claim, span=level.span)


# ---- 277: where claims stand that were asked about --------------------------------------------------------------


def _statuses(practice: int, content: IO[bytes]) -> Iterator[Said]:
    said: Said | None = None
    for record in read_277(content):
        if not isinstance(record, StatusAnswer):
            continue
        header = record.header
        if said is None or said.control != header.reference[:30]:
            if said is not None:
                yield _matched(practice, said)
            said = Said("277", header.reference[:30], "", f"Answered by {record.source.last or 'the payer'}.")
        heard = following_rules.heard(record)
        if record.level != "claim":
            said.words = f"{said.words} Of all that was asked: {heard.reading.words}"[:300]
            continue
        said.answers.append(
            Answer(
                record.trace or record.patient_control, heard.reading, payer_control=record.payer_control,
                span=record.span, moves=False, heard=heard,
            )
        )  # fmt: skip
    if said is not None:
        yield _matched(practice, said)


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
