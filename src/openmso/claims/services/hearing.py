"""What a file of answers says, set by set, of which claims: TA1, 999, 277CA and 277, each matched to what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from edi.x12.ack.f277ca import read_277ca
from edi.x12.ack.f999 import read_999
from edi.x12.ack.model import ClaimAckHeader, ClaimStatus, GroupAck, InterchangeAck, LevelStatus, SetAck
from edi.x12.ack.ta1 import read_ta1
from edi.x12.envelope import FileEnd
from edi.x12.status.model import StatusAnswer
from edi.x12.status.read import read_277
from edi.x12.values import Span
from openmso.claims.models.claims import Claim
from openmso.claims.models.submissions import Batch, Sending
from openmso.claims.rules import answers
from openmso.claims.rules import following as following_rules
from openmso.claims.rules.answers import Reading
from openmso.claims.rules.following import Heard
from openmso.claims.services import locating
from openmso.kit.ids import named_first

NOT_AT_FAULT = "Another claim in the file was at fault; this one can go again as it is."


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


# ---- TA1: the whole interchange ---------------------------------------------------------------------------------


def interchanges(practice: int, content: IO[bytes], findings: list[str]) -> Iterator[Said]:
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


def groups(practice: int, content: IO[bytes]) -> Iterator[Said]:
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


def claims(practice: int, content: IO[bytes]) -> Iterator[Said]:
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


def statuses(practice: int, content: IO[bytes]) -> Iterator[Said]:
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
