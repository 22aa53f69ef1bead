"""The API of the papers that go along with agreements, and of what agreements need."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Schema, Status
from pydantic import Field

from openmso.agreements.api.schemas import AgreementId, EndIn, IdOut, Paper
from openmso.agreements.api.signing import router as router
from openmso.agreements.contracts import DRAFT, EXECUTE, READ, TERMINATE, Mode, SignedDocument
from openmso.agreements.paper.companions import Asset, AssetKind, CompanionKind, Disposition, Held, Standing
from openmso.agreements.paper.contracts import CLAUSES
from openmso.agreements.paper.needs import need_data
from openmso.agreements.queries import agreements
from openmso.agreements.queries import companions as queries
from openmso.agreements.queries.companions import Companion
from openmso.agreements.services import companions
from openmso.agreements.services.companions import CompanionDraft
from openmso.kit.errors import NotFound
from openmso.parties.queries import practices
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Amount, Body, Yes, decoded, public_id, text
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

CompanionId = Annotated[str, public_id("CMP")]
Why = Annotated[str, text(300)]
Values = Annotated[
    dict[str, Annotated[str, Field(max_length=300)] | bool | Annotated[list[str], Field(max_length=20)]],
    Field(max_length=20, description="Terms by name: texts, yes or no, lists of codes"),
]


class AssetIn(Body):
    """A line of an asset list; what is clinical is never for sale."""

    name: Annotated[str, text(160)]
    kind: AssetKind
    is_clinical: Yes
    disposition: Disposition = Disposition.STAYS
    amount: Amount = "0.00"


class CompanionChangeIn(Body):
    """What a paper is to say."""

    values: Values
    starts_on: date
    ends_on: Annotated[date | None, Field(description="The first day on which it no longer holds")] = None
    note: Annotated[str, text(200, length_min=0)] = ""
    assets: Annotated[list[AssetIn], Field(max_length=500)] = []


class CompanionIn(CompanionChangeIn):
    """A paper of a kind."""

    kind: CompanionKind


class CompanionSignedIn(Body):
    """The signed paper, and who signed it."""

    document: Paper
    name: Annotated[str, text(120)] = "paper.pdf"
    mso_signer: Annotated[str, text(120)]
    practice_signer: Annotated[str, text(120)]
    signed_on: date


class NeedIn(Body):
    """Which agreements need a kind of paper; one that blocks keeps them from being signed while it is missing."""

    modes: Annotated[list[Mode], Field(max_length=4)] = []
    states: Annotated[list[Annotated[str, text(2)]], Field(max_length=60)] = []
    lines: Annotated[list[Annotated[str, text(24)]], Field(max_length=20)] = []
    blocks: Yes
    words: Annotated[str, text(200, length_min=0)] = ""
    why: Why


class AssetOut(Schema):
    """A line of an asset list."""

    name: str
    kind: AssetKind
    is_clinical: bool
    disposition: Disposition
    amount: str


class CompanionOut(Schema):
    """A paper that goes along with an agreement."""

    id: str
    agreement: str
    practice: str
    kind: CompanionKind
    state: Standing
    values: dict[str, Any]
    starts_on: date
    ends_on: date | None
    note: str
    document: str
    document_sha256: str
    mso_signer: str
    practice_signer: str
    signed_on: date | None
    drafted_at: datetime
    recorded_at: datetime | None
    ended_why: str
    assets: list[AssetOut]


class NeedOut(Schema):
    """Which agreements need a kind of paper."""

    kind: CompanionKind
    modes: list[str]
    states: list[str]
    lines: list[str]
    blocks: bool
    words: str


class NeededOut(Schema):
    """A need of one agreement, and how it stands today."""

    kind: CompanionKind
    words: str
    blocks: bool
    held: Held
    ends_on: date | None
    papers: list[str]


@router.get("/companions", response=PageOut[CompanionOut])
@operation(READ.code)
def list_companions(request: Any, page: Query[PageAsk], q: Annotated[str, text(100, length_min=0)] = "") -> Any:
    """The papers that go along with the agreements one may read."""
    found = queries.listing(
        filters=Filters(text=q), page=RowsAsk(number=page.page, size=page.size), on=request.actor.today
    )
    return paged(request, [_out(one) for one in found.rows], found.total or 0, page)


@router.get("/companions/{companion}", response=CompanionOut)
@operation(READ.code)
def get_companion(request: Any, companion: CompanionId) -> Any:
    """One paper with its terms."""
    return _out(queries.companion(companion))


@router.get("/companions/{companion}/signed.pdf")
@operation(READ.code)
def get_companion_paper(request: Any, companion: CompanionId) -> Any:
    """The signed paper."""
    one = queries.companion(companion)
    if not one.document:
        raise NotFound("It is not signed yet.", field="companion")
    return HttpResponse(documents.read(one.document, one.practice), content_type="application/pdf")


@router.get("/agreements/{agreement}/companions", response=list[NeededOut])
@operation(READ.code)
def list_needed_companions(request: Any, agreement: AgreementId) -> Any:
    """What an agreement needs in its mode and state today, and what of it is there."""
    found = agreements.agreement(agreement)
    on = request.actor.day_in(found.practice)
    shown = found.draft or found.version_on(on) or found.latest
    assert shown is not None, "an agreement has a draft or a version"
    rows = queries.needed(found, shown.terms, state=queries.state_of(found.practice, on), on=on)
    return [
        {"kind": one.need.kind, "words": one.need.words, "blocks": one.need.blocks, "held": one.held,
         "ends_on": one.ends_on, "papers": [each.public_id for each in one.papers] + ([one.baa] if one.baa else [])}
        for one in rows
    ]  # fmt: skip


@router.post("/agreements/{agreement}/companions", response={201: IdOut})
@operation(DRAFT.code)
def draft_companion(request: Any, agreement: AgreementId, body: CompanionIn) -> Any:
    """Draft a paper that goes along with an agreement; what such a paper may not say is refused."""
    made = companions.draft(
        actor=request.actor, agreement=agreement, kind=body.kind, new=_new(body), at=request.actor.at
    )
    return Status(201, {"id": made})


@router.put("/companions/{companion}", response=IdOut)
@operation(DRAFT.code)
def revise_companion(request: Any, companion: CompanionId, body: CompanionChangeIn) -> Any:
    """Change the draft of a paper."""
    companions.revise(actor=request.actor, companion=companion, new=_new(body), at=request.actor.at)
    return {"id": companion}


@router.delete("/companions/{companion}", response=IdOut)
@operation(DRAFT.code)
def drop_companion(request: Any, companion: CompanionId) -> Any:
    """Drop a draft that nobody signs."""
    companions.drop(actor=request.actor, companion=companion, at=request.actor.at)
    return {"id": companion}


@router.post("/companions/{companion}/signature", response=IdOut)
@operation(EXECUTE.code)
def sign_companion(request: Any, companion: CompanionId, body: CompanionSignedIn) -> Any:
    """Record a paper as signed by both sides; asks for a session that was just confirmed."""
    companions.sign(
        actor=request.actor, companion=companion, document=SignedDocument(body.name, decoded(body.document)),
        mso_signer=body.mso_signer, practice_signer=body.practice_signer, signed_on=body.signed_on,
        at=request.actor.at,
    )  # fmt: skip
    return {"id": companion}


@router.post("/companions/{companion}/end", response=IdOut)
@operation(TERMINATE.code)
def end_companion(request: Any, companion: CompanionId, body: EndIn) -> Any:
    """End a signed paper from a day on; asks for a session that was just confirmed."""
    companions.end(actor=request.actor, companion=companion, ends_on=body.ends_on, why=body.why, at=request.actor.at)
    return {"id": companion}


@router.get("/companion-needs", response=list[NeedOut])
@operation(READ.code)
def list_companion_needs(request: Any) -> Any:
    """Which agreements need which papers."""
    return [need_data(one) for one in queries.needs()]


@router.put("/companion-needs/{paper_kind}", response=IdOut)
@operation(CLAUSES.code)
def write_companion_need(request: Any, paper_kind: CompanionKind, body: NeedIn) -> Any:
    """Write which agreements need a kind of paper, and whether a missing one keeps them from being signed."""
    with reading():
        mso = practices.mso_that_decides(request.actor, CLAUSES.code, otherwise="The MSO says what is needed.")
    given = {name: value for name, value in body.model_dump().items() if name != "why"} | {"kind": paper_kind.value}
    companions.write_need(actor=request.actor, mso=mso, given=given, why=body.why, at=request.actor.at)
    return {"id": paper_kind.value}


def _new(body: CompanionChangeIn) -> CompanionDraft:
    assets = tuple(
        Asset(one.name, one.kind, one.is_clinical, one.disposition, Decimal(one.amount)) for one in body.assets
    )
    return CompanionDraft(body.values, body.starts_on, body.ends_on, body.note, assets)


def _out(one: Companion) -> dict[str, Any]:
    return {
        "id": one.public_id, "agreement": one.agreement, "practice": one.practice_name, "kind": one.kind,
        "state": one.state, "values": one.terms, "starts_on": one.starts_on, "ends_on": one.ends_on, "note": one.note,
        "document": one.document, "document_sha256": one.document_sha256, "mso_signer": one.mso_signer,
        "practice_signer": one.practice_signer, "signed_on": one.signed_on, "drafted_at": one.drafted_at,
        "recorded_at": one.recorded_at, "ended_why": one.ended_why,
        "assets": [
            {"name": each.name, "kind": each.kind, "is_clinical": each.is_clinical, "disposition": each.disposition,
             "amount": f"{each.amount:.2f}"}
            for each in one.assets
        ],
    }  # fmt: skip
