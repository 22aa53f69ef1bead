"""Answers: a 271 is kept as it came, read person by person, and each check that it names is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from edi.x12.eligibility.model import Eligibility
from edi.x12.eligibility.read import read_271
from edi.x12.envelope import FileEnd, SetEnd
from openmso.eligibility import contracts
from openmso.eligibility.contracts import CHECK, Sheet, Taken
from openmso.eligibility.models import Benefit, Check
from openmso.eligibility.rules import refusals, told
from openmso.eligibility.rules.refusals import Then
from openmso.eligibility.rules.sheet import sheet
from openmso.eligibility.rules.told import Told
from openmso.eligibility.services import moving, waiting
from openmso.eligibility.states import S
from openmso.exchange.services import arriving
from openmso.kit.errors import Refused
from openmso.parties.queries import payers
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import queries as documents_kept
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Content, DocumentRef, as_file
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

BROKEN_OFF = frozenset({"set_not_closed"})
ANSWERED = ("verdict", "answered_at", "answer", "span_start", "span_end", "plan", "plan_starts_on", "plan_ends_on",
            "copay_amount", "deductible_left_amount", "asked_for")  # fmt: skip
NOBODYS = "It answers no question of ours."
GOVERNMENT = frozenset({"medicare", "medicaid"})


class NotAnswers(Refused):
    """Nothing in the file is a 271."""

    code = "not_answers"


@dataclass(slots=True)
class _Read:
    """What a file says, person by person, and whose set broke off."""

    answers: list[tuple[Eligibility, bool]] = field(default_factory=list)
    sets: int = 0


def take(
    *, actor: Actor, practice: int, name: str, content: Content, at: datetime, inquiry: Collection[int] = ()
) -> Taken:
    """Keep a file of answers, then tell the checks it names; called outside of any transaction.

    `inquiry` are the keys of the checks that it answers, where that is known: those it says nothing about, or says
    it in a way nobody can read, are put off. Raises `NotAnswers` for a file without a 271, unless `inquiry` is given.
    """
    decision = actor.must(CHECK.code, practice)
    document: DocumentRef | None = None
    read = _Read()
    if _has_content(content):
        try:
            document = documents.store(
                actor=actor, practice=practice, name=name, content=content, media_type="application/edi-x12",
                purpose=contracts.ANSWER, at=at, under=decision,
            )  # fmt: skip
        except documents.NotKept:
            if not inquiry:
                raise
        else:
            read = _read(content)
    if document is not None and not read.sets and not inquiry:
        with documents.telling_refusal(actor=actor, document=document, at=at, under=decision):
            raise NotAnswers(
                f"{name} holds no 271.", field="file", fix="Send the payer's answer, which begins with ISA."
            )
    return _tell(read, document, inquiry, actor, practice, at, decision)


def take_arrival(*, actor: Actor, arrival: str, document: str, name: str, at: datetime) -> Taken | None:
    """Read a file of the mailbox for the one practice whose questions it answers; else it is work at the MSO.

    The scope is the whole network.
    """
    content, homes = _homes(document)
    words = NOBODYS if not homes else "It answers several practices. Ask the partner for a file of each."
    if len(homes) == 1:
        try:
            return take(actor=actor, practice=homes.pop(), name=name, content=content, at=at)
        except Refused as no:
            words = f"{no.sentence} {no.fix}".strip()
    arriving.nobody_took(arrival=arrival, words=words, at=at)
    return None


@atomic
def _homes(document: str) -> tuple[bytes, set[int]]:
    content = documents_kept.read(document, tenancy.mso())
    names = {name for one, _ in _read(content).answers for name in (one.trace, one.header.reference) if name}
    return content, set(Check.objects.filter(public_id__in=names).values_list("practice_id", flat=True))


def _has_content(content: Content) -> bool:
    return bool(as_file(content).read(1))


def _read(content: Content) -> _Read:
    read = _Read()
    waiting_: list[Eligibility] = []
    for record in read_271(as_file(content)):
        if isinstance(record, Eligibility):
            waiting_.append(record)
        elif isinstance(record, SetEnd) and record.start.set_id == "271":
            broken = any(finding.code in BROKEN_OFF for finding in record.findings)
            read.answers += [(one, broken) for one in waiting_]
            waiting_ = []
            read.sets += 1
        elif isinstance(record, FileEnd):
            break
    return read


@atomic
def _tell(
    read: _Read, document: DocumentRef | None, inquiry: Collection[int], actor: Actor, practice: int, at: datetime,
    decision: Decision,
) -> Taken:  # fmt: skip
    names = {name for one, _ in read.answers for name in (one.trace, one.header.reference) if name}
    rows = {
        row.public_id: row
        for row in Check.objects.select_for_update().filter(practice_id=practice, public_id__in=names).order_by("pk")
    }
    asked = list(Check.objects.select_for_update().filter(pk__in=list(inquiry), state=S.ASKED).order_by("pk"))
    rows |= {row.public_id: row for row in asked if row.public_id not in rows}
    only = asked[0] if len(asked) == 1 else None
    touched: dict[int, Check] = {}
    sheets: dict[int, Sheet] = {}
    benefits: list[Benefit] = []
    unmatched = 0
    government = {payer.id for payer in payers.every() if payer.kind.value in GOVERNMENT}
    for one, broken in read.answers:
        row = rows.get(one.trace) or rows.get(one.header.reference) or only
        if row is None:
            unmatched += 1
            continue
        if row.state == S.ANSWERED or row.pk in touched:
            continue
        touched[row.pk] = row
        found = _answered(row, one, document, broken=broken, at=at, is_government=row.payer_id in government)
        if found is not None:
            sheets[row.pk], told_ = found
            benefits += [_kept(row, number, each) for number, each in enumerate(told_)]
    silent = [row for row in asked if row.pk not in touched]
    for row in silent:
        moving.put_off(row, words="The answer says nothing that can be read about this request.", at=at)
        row.answer = document.public_id if document else ""
    changed = [*touched.values(), *silent]
    moving.save(changed, *ANSWERED)
    Benefit.objects.bulk_create(benefits, batch_size=2000)
    waiting.keep_in_step(changed, sheets, actor=actor, at=at, under=decision)
    _note(changed, document, actor, practice, at, decision)
    answered = len(sheets)
    return Taken(
        document.public_id if document else "", answered, len(touched) - answered, unmatched, len(silent),
        tuple(row.public_id for row in changed),
    )  # fmt: skip


def _answered(
    row: Check, one: Eligibility, document: DocumentRef | None, *, broken: bool, at: datetime, is_government: bool
) -> tuple[Sheet, list[Told]] | None:
    """Tell one check; its sheet and benefits, or nothing when the answer is none."""
    row.answer = document.public_id if document else ""
    if one.span is not None:
        row.span_start, row.span_end = one.span.start, one.span.end
    if broken:
        moving.put_off(row, words="The answer broke off in the middle.", at=at)
        return None
    benefits = told.of(one)
    says = any(b.information in "12345678" for b in benefits)
    if one.refusals and not says:
        _refused(row, refusals.read(one.refusals), at)
        return None
    if not benefits:
        moving.put_off(row, words="The answer tells no benefits.", at=at)
        return None
    days = told.plan_days(one.person, benefits)
    found = sheet(benefits, days, is_government=is_government)
    moving.move(row, S.ANSWERED, words=found.messages[0] if found.messages else "")
    row.verdict, row.answered_at, row.plan = found.verdict, at, found.plan[:60]
    row.plan_starts_on, row.plan_ends_on = days
    desk = found.at_the_desk(row.service_types)
    row.copay_amount = desk.copay.amount if desk is not None and desk.copay is not None else None
    visit, plan = found.line("98", "BY", "1", "30", "AL"), found.line("30", "")
    left = next((each.deductible_left for each in (plan, visit) if each and each.deductible_left is not None), None)
    row.deductible_left_amount = left.amount if left is not None else None
    return found, benefits


def _refused(row: Check, reading: refusals.Reading, at: datetime) -> None:
    """A refusal is mended by time, by asking about today, or by a person."""
    today = tenancy.today(row.practice_id, at)
    if reading.then is Then.LATER:
        moving.put_off(row, words=reading.words, at=at, reason=reading.reason)
    elif reading.then is Then.TODAY and row.asked_for != today:
        row.asked_for = today
        moving.move(row, S.RETRY, words=f"{reading.words} {reading.fix}", reason=reading.reason, retry_at=at)
    else:
        fix = "Ask the payer by telephone." if reading.then is Then.TODAY else reading.fix
        moving.move(row, S.FAILED, words=reading.words, fix=fix, reason=reading.reason)


def _kept(row: Check, number: int, one: Told) -> Benefit:
    return Benefit(
        practice_id=row.practice_id, answered_check_id=row.pk, answer=row.answer, position=number,
        information=one.information, level=one.level, services=list(one.services), insurance_type=one.insurance_type,
        plan=one.plan, period=one.period, amount=one.amount, percent=one.percent, unit=one.unit, quantity=one.quantity,
        network=one.network, authorization=one.authorization, code=one.code, limit=one.limit, months=one.months,
        message=one.message,
        starts_on=one.starts_on, ends_on=one.ends_on, other_role=one.other_role, other_name=one.other_name,
        other_id=one.other_id, other_phone=one.other_phone, other_member=one.other_member, other_group=one.other_group,
        span_start=one.start, span_end=one.end,
    )  # fmt: skip


def _note(
    rows: Sequence[Check], document: DocumentRef | None, actor: Actor, practice: int, at: datetime, decision: Decision
) -> None:
    if not rows or document is None:
        return
    for row in rows[:20]:
        documents.became(document=document, subject=(waiting.SUBJECT, row.public_id), practice=practice, at=at)
    audit.record(
        actor=actor, action="eligibility.answered", practice=practice, at=at,
        subject=("documents.document", document.public_id), facts={"count": len(rows)}, decision=decision,
    )  # fmt: skip
