"""The API of agreements: what was agreed, drafts and amendments, execution and end, quotes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Query, Router, Status

from openmso.agreements import rules
from openmso.agreements.api.schemas import (
    AgreedLineIn,
    AgreementId,
    AgreementOut,
    AgreementRowOut,
    AmendmentIn,
    BaaId,
    BaaIn,
    DraftIn,
    EndIn,
    ExecutionIn,
    IdOut,
    NoticeIn,
    NoticeOut,
    PromiseIn,
    QuestionIn,
    TerminationIn,
    TermsIn,
    VersionOut,
    WithdrawalIn,
)
from openmso.agreements.api.scoping import tasks_from
from openmso.agreements.contracts import (
    Agreement,
    Hours,
    Line,
    Notice,
    Promise,
    Quorum,
    SignedDocument,
    Signer,
    Terms,
    Unit,
    Version,
)
from openmso.agreements.fees import asking, sentences, writing
from openmso.agreements.fees.reading import Node, terms_of
from openmso.agreements.fees.waterfall import priority_json, priority_of
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import renewals
from openmso.agreements.services import baas, drafting, execution, renewing, signing
from openmso.agreements.tasks import rules as scope
from openmso.kit.errors import Refused
from openmso.kit.periods import DayRange
from openmso.parties.contracts import Practice
from openmso.parties.queries import practices
from openmso.platform.access.contracts import Actor
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import decoded, exact, text
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Agreements and fees"])


@router.get("/agreements", response=PageOut[AgreementRowOut])
@operation("agreements.read")
def list_agreements(request: Any, page: Query[PageAsk], q: Annotated[str, text(100, length_min=0)] = "") -> Any:
    """The agreements one may read, as of today."""
    found = queries.listing(
        filters=Filters(text=q), page=RowsAsk(number=page.page, size=page.size), on=request.actor.today
    )
    shown = [
        {"id": row.public_id, "practice": row.practice_code, "standing": row.standing.value, "mode": row.mode.value,
         "version": row.version, "starts_on": row.starts_on, "ends_on": row.ends_on, "fee": row.fee}
        for row in found.rows
    ]  # fmt: skip
    return paged(request, shown, found.total or 0, page)


@router.post("/agreements", response={201: IdOut})
@operation("agreements.draft")
def begin_agreement(request: Any, body: DraftIn) -> Any:
    """Begin the draft of an agreement; it opens nothing."""
    with reading():
        practice = _practice(request.actor, body.practice)
        terms = terms_from(request.actor, body, practice)
    made = drafting.begin(
        actor=request.actor, practice=practice.id, terms=terms, summary=body.summary, at=request.actor.at
    )
    return Status(201, {"id": made})


@router.get("/agreements/{agreement}", response=AgreementOut)
@operation("agreements.read")
def get_agreement(request: Any, agreement: AgreementId) -> Any:
    """An agreement with its executed versions."""
    return _agreement(request.actor, queries.agreement(agreement))


@router.put("/agreements/{agreement}/draft", response=IdOut)
@operation("agreements.draft")
def revise_draft(request: Any, agreement: AgreementId, body: TermsIn) -> Any:
    """Change the draft on the desk."""
    with reading():
        terms = terms_from(request.actor, body, party_of(request.actor, agreement), before=latest_of(agreement))
    drafting.revise(actor=request.actor, agreement=agreement, terms=terms, summary=body.summary, at=request.actor.at)
    return {"id": agreement}


@router.post("/agreements/{agreement}/amendments", response={201: IdOut})
@operation("agreements.draft")
def amend_agreement(request: Any, agreement: AgreementId, body: AmendmentIn) -> Any:
    """Begin the draft of an amendment."""
    with reading():
        terms = terms_from(request.actor, body, party_of(request.actor, agreement), before=latest_of(agreement))
    drafting.amend(
        actor=request.actor, agreement=agreement, starts_on=body.effective_on, terms=terms, summary=body.summary,
        at=request.actor.at,
    )  # fmt: skip
    return Status(201, {"id": agreement})


@router.post("/agreements/{agreement}/withdrawal", response=IdOut)
@operation("agreements.draft")
def withdraw_draft(request: Any, agreement: AgreementId, body: WithdrawalIn) -> Any:
    """Take the draft off the desk."""
    drafting.withdraw(actor=request.actor, agreement=agreement, why=body.why, at=request.actor.at)
    return {"id": agreement}


@router.post("/agreements/{agreement}/execution", response={201: VersionOut})
@operation("agreements.execute")
def execute_agreement(request: Any, agreement: AgreementId, body: ExecutionIn) -> Any:
    """Record that both sides signed the draft on paper; asks for a session that was just confirmed."""
    signers = [Signer(one.side, one.name, one.title, _instant(one.signed_at)) for one in body.signers]
    version = signing.bring_back(
        actor=request.actor, agreement=agreement, document=_paper(body.document, body.name), signers=signers,
        at=request.actor.at, unreviewed=body.unreviewed,
    )  # fmt: skip
    return Status(201, _version(version))


@router.post("/agreements/{agreement}/termination", response=AgreementOut)
@operation("agreements.terminate")
def terminate_agreement(request: Any, agreement: AgreementId, body: TerminationIn) -> Any:
    """End an agreement; asks for a session that was just confirmed."""
    ended = execution.terminate(actor=request.actor, agreement=agreement, at=request.actor.at, **body.model_dump())
    with reading():
        return _agreement(request.actor, ended)


@router.post("/agreements/{agreement}/notice", response={201: NoticeOut})
@operation("agreements.notice")
def give_notice(request: Any, agreement: AgreementId, body: NoticeIn) -> Any:
    """Give notice that the term that runs is not renewed; the agreement holds until it ends."""
    given = renewing.give_notice(actor=request.actor, agreement=agreement, why=body.why, at=request.actor.at)
    return Status(201, _notice(given))


@router.post("/baas", response={201: IdOut})
@operation("agreements.execute")
def sign_baa(request: Any, body: BaaIn) -> Any:
    """Record a signed business associate agreement."""
    with reading():
        practice = _practice(request.actor, body.practice)
    made = baas.sign(
        actor=request.actor, practice=practice.id, starts_on=body.starts_on, ends_on=body.ends_on,
        incident_notice_hours=body.incident_notice_hours, document=_paper(body.document, "baa.pdf"),
        at=request.actor.at,
    )  # fmt: skip
    return Status(201, {"id": made})


@router.post("/baas/{baa}/end", response=IdOut)
@operation("agreements.terminate")
def end_baa(request: Any, baa: BaaId, body: EndIn) -> Any:
    """End a business associate agreement: patient data closes from that day."""
    baas.end(actor=request.actor, baa=baa, ends_on=body.ends_on, why=body.why, at=request.actor.at)
    return {"id": baa}


@router.post("/fees/quote", response=dict[str, Any])
@operation("agreements.read")
def quote_fee(request: Any, body: QuestionIn) -> Any:
    """What some terms come to, with every step; nothing is charged by asking."""
    question = {key: value for key, value in body.model_dump().items() if value is not None}
    return writing.quote_json(asking.question_of(exact(question)).answer())


def _practice(actor: Actor, public_id: str) -> Practice:
    return practices.by_public_id(public_id, at=actor.at)


def party_of(actor: Actor, agreement: str) -> Practice:
    """The practice of an agreement."""
    found = queries.agreement(agreement).practice
    return practices.practice(found, on=actor.day_in(found))


def latest_of(agreement: str) -> Terms | None:
    """The terms that a draft goes on from: those on the desk, else those signed last."""
    found = queries.agreement(agreement)
    paper = found.draft or found.latest
    return paper.terms if paper else None


def terms_from(actor: Actor, body: TermsIn, practice: Practice, *, before: Terms | None = None) -> Terms:
    """Terms as they were sent, between the parties as they stand today; tasks as `before` where none were sent."""
    on = actor.day_in(practice.id)
    ours = practices.entity_by_public_id(body.mso_entity, on=on)
    theirs = practices.entity_by_public_id(body.practice_entity, on=on)
    days = _days(body.starts_on, body.ends_on)
    lines = tuple(_line(one, days) for one in body.lines)
    kept = scope.carried(before, lines) if before else ()
    return Terms(
        mode=body.mode, mso=queries.party(ours.practice, ours.id, on=on), days=days,
        practice=queries.party(practice.id, theirs.id, on=on), lines=lines,
        fee=terms_of(exact(body.fee), "fee") if body.fee is not None else None, reserved=tuple(body.reserved),
        hours=Hours(body.opens.replace(tzinfo=None), body.closes.replace(tzinfo=None)),
        renewal_months=body.renewal_months, notice_days=body.notice_days,
        payments=priority_of(Node(exact(body.payments), "payments")) if body.payments is not None else None,
        tasks=kept if body.tasks is None else tasks_from(body.tasks, lines),
        shows=tuple(body.shows), quorum=Quorum(body.quorum.practice, body.quorum.mso) if body.quorum else None,
    )  # fmt: skip


def _line(one: AgreedLineIn, days: DayRange) -> Line:
    promises = tuple(
        _clock(each, Decimal(each.business_hours)) if each.business_hours is not None
        else Promise(each.kind, each.words, Decimal(each.at_most or 0), Unit(each.unit))
        for each in one.promises
    )  # fmt: skip
    own = _days(one.starts_on or days.starts_on, one.ends_on or days.ends_on)
    return Line(one.code, own, one.done_by, one.approval, promises)


def _clock(one: PromiseIn, hours: Decimal) -> Promise:
    return Promise(one.kind, one.words, hours, Unit.HOURS, clock_hours=hours)


def _days(starts_on: date, ends_on: date | None) -> DayRange:
    if ends_on is not None and ends_on <= starts_on:
        raise drafting.BadDraft("It ends after it starts.", field="ends_on", fix="Give the first day after the last.")
    return DayRange(starts_on, ends_on)


def _paper(encoded: str, name: str) -> SignedDocument:
    return SignedDocument(name, decoded(encoded))


def _instant(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise Refused("An instant has a time zone.", code="bad_instant", field="signed_at", fix="End it with Z.")
    return at


def _agreement(actor: Actor, one: Agreement) -> dict[str, Any]:
    on = actor.day_in(one.practice)
    practice = practices.practice(one.practice, on=on)
    return {
        "id": one.public_id, "practice": practice.public_id, "state": one.state.value,
        "standing": rules.standing(one, on).value, "terminated_on": one.terminated_on,
        "notices": [_notice(each) for each in renewals.notices(one)],
        "has_draft": one.draft is not None, "versions": [_version(version) for version in one.versions],
    }  # fmt: skip


def _notice(one: Notice) -> dict[str, Any]:
    return {"side": one.side.value, "ends_on": one.ends_on, "given_on": one.given_on, "why": one.why, "by": one.by}


def _version(one: Version) -> dict[str, Any]:
    fee = one.terms.fee
    return {
        "id": one.public_id, "number": one.number, "starts_on": one.starts_on, "mode": one.terms.mode.value,
        "lines": [line.code for line in one.terms.lines], "fee": sentences.sentence(fee) if fee else "",
        "fee_terms": writing.terms_json(fee) if fee else None, "document": one.document,
        "payments": priority_json(one.terms.payments) if one.terms.payments else None,
        "shows": [each.value for each in one.terms.shows],
        "quorum": {"practice": one.terms.quorum.practice, "mso": one.terms.quorum.mso} if one.terms.quorum else None,
        "document_sha256": one.document_sha256, "executed_at": one.executed_at,
        "signers": [f"{signer.name}, {signer.title}" for signer in one.signers],
    }  # fmt: skip
