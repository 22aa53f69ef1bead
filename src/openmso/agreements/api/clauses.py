"""The API of clauses and of an agreement's text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Schema
from pydantic import Field

from openmso.agreements import pdf
from openmso.agreements.api.law import router as router
from openmso.agreements.api.schemas import AgreementId, IdOut
from openmso.agreements.contracts import DRAFT, READ, Agreement, Draft, Mode, Version
from openmso.agreements.paper import clauses as written
from openmso.agreements.paper import text
from openmso.agreements.paper.clauses import TEXT_MAX, TITLE_MAX, Clause
from openmso.agreements.paper.contracts import CLAUSES, Block
from openmso.agreements.queries import agreements, comparing
from openmso.agreements.queries import paper as queries
from openmso.agreements.services import clauses
from openmso.kit.errors import NotFound
from openmso.parties.queries import practices
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Body
from openmso.platform.api.schemas import text as words
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading

Code = Annotated[str, Field(max_length=40)]
Why = Annotated[str, words(300)]
Number = Annotated[
    int, Field(ge=-99, le=2**31 - 1, description="0 is the starting text, below it what that said before")
]


class ClauseOut(Schema):
    """A clause of the library; number 0 is starting text that comes with OpenMSO."""

    code: str
    number: int
    block: Block
    title: str
    text: str
    modes: list[str]
    states: list[str]
    order: int
    since: date | None
    instead_of: str
    fields: list[str]


class ClauseVersionOut(Schema):
    """A version of a clause; withdrawn ones have no text."""

    number: int
    title: str
    text: str
    why: str
    at: datetime | None
    by: str


class ClauseIn(Body):
    """A version of a clause; fields in braces are filled from the terms."""

    block: Block
    title: Annotated[str, words(TITLE_MAX)]
    text: Annotated[str, words(TEXT_MAX)]
    modes: Annotated[list[Mode], Field(max_length=4)] = []
    states: Annotated[list[Annotated[str, words(2)]], Field(max_length=60)] = []
    order: Annotated[int, Field(ge=1, le=999)] = 50
    since: date | None = None
    instead_of: Annotated[str, Field(max_length=40)] = ""
    why: Why


class ClauseWhyIn(Body):
    """Why."""

    why: Why


class OwnWordsIn(Body):
    """Words of one draft in place of a clause; empty ones leave it out."""

    text: Annotated[str, words(TEXT_MAX, length_min=0)] = ""
    why: Why


class SpanOut(Schema):
    """Some words, and whether the other side has them otherwise."""

    words: str
    is_changed: bool


class ClauseBesideOut(Schema):
    """A clause as two papers have it."""

    title: str
    is_changed: bool
    before: list[SpanOut]
    after: list[SpanOut]


class ArticleOut(Schema):
    """A clause in an agreement, its fields filled; `why` says why it leaves the library."""

    code: str
    block: Block
    title: str
    number: int
    text: str
    deviates: bool
    is_left_out: bool
    why: str


class PaperTextOut(Schema):
    """The text of a draft or a version; none of a paper that was made elsewhere."""

    number: int
    is_draft: bool
    content_sha256: str
    articles: list[ArticleOut]


class Which(Schema):
    """Which version; without one the draft, or the last version."""

    version: Number | None = None


class BesideVersion(Schema):
    """Beside which version; without one the last before it."""

    beside: Number | None = None


class TextComparedOut(Schema):
    """What two papers say otherwise; where nothing can be compared (a scan), `note` says why."""

    by: Literal["clauses", "words", "nothing"]
    changes: list[ClauseBesideOut]
    alike: int
    note: str


class Versions(Schema):
    """Two versions of a clause."""

    before: Number
    after: Number


@router.get("/clauses", response=list[ClauseOut])
@operation(READ.code)
def list_clauses(request: Any) -> Any:
    """The clauses that drafts are made of, each as it is written now."""
    return [_clause(one) for one in queries.library()]


@router.get("/clauses/{clause}", response=list[ClauseVersionOut])
@operation(READ.code)
def list_clause_versions(request: Any, clause: Code) -> Any:
    """The versions of a clause, the latest first."""
    return [
        {"number": one.number, "title": one.clause.title if one.clause else "", "why": one.why, "at": one.at,
         "text": one.clause.text if one.clause else "", "by": one.by}
        for one in queries.versions(clause)
    ]  # fmt: skip


@router.get("/clauses/{clause}/difference", response=ClauseBesideOut)
@operation(READ.code)
def compare_clause_versions(request: Any, clause: Code, between: Query[Versions]) -> Any:
    """Two versions of a clause side by side."""
    held = {one.number: one.clause for one in queries.versions(clause) if one.clause}
    before, after = held.get(between.before), held.get(between.after)
    if before is None or after is None:
        raise NotFound("There is no such version.", field="before" if before is None else "after")
    left, right = text.side_by_side(before.text, after.text)
    return {"title": after.title, "is_changed": before.text != after.text, "before": left, "after": right}


@router.put("/clauses/{clause}", response=ClauseOut)
@operation(CLAUSES.code)
def write_clause(request: Any, clause: Code, body: ClauseIn) -> Any:
    """Write the next version of a clause, or a new one; drafts choose it from now on."""
    with reading():
        mso = practices.mso_that_decides(request.actor, CLAUSES.code, otherwise=clauses.NOT_THE_MSO)
    given = {name: value for name, value in body.model_dump().items() if name != "why"} | {"code": clause}
    number = clauses.write(actor=request.actor, mso=mso, given=given, why=body.why, at=request.actor.at)
    return _clause(written.clause_of(given, number=number))


@router.post("/clauses/{clause}/withdrawal", response=IdOut)
@operation(CLAUSES.code)
def withdraw_clause(request: Any, clause: Code, body: ClauseWhyIn) -> Any:
    """Choose a clause for no draft any longer; what was signed with it stays."""
    with reading():
        mso = practices.mso_that_decides(request.actor, CLAUSES.code, otherwise=clauses.NOT_THE_MSO)
    clauses.withdraw(actor=request.actor, mso=mso, code=clause, why=body.why, at=request.actor.at)
    return {"id": clause}


@router.get("/agreements/{agreement}/text", response=PaperTextOut)
@operation(READ.code)
def get_agreement_text(request: Any, agreement: AgreementId, which: Query[Which]) -> Any:
    """The text of the draft, or of a version, clause by clause."""
    found = agreements.agreement(agreement)
    shown = _shown(found, which.version)
    paper = queries.of(found, shown)
    if paper is None:
        raise NotFound("This version's paper was made elsewhere, and is all there is of its text.", field="version")
    return {
        "number": shown.number, "is_draft": isinstance(shown, Draft), "content_sha256": paper.content_sha256,
        "articles": paper.articles,
    }  # fmt: skip


@router.get("/agreements/{agreement}/text.pdf")
@operation(READ.code)
def get_agreement_pdf(request: Any, agreement: AgreementId, which: Query[Which]) -> Any:
    """The whole text with the schedule of terms, as PDF; of a version, the bytes that were signed."""
    found = agreements.agreement(agreement)
    shown = _shown(found, which.version)
    if isinstance(shown, Version):
        content = documents.read(shown.document, found.practice)
    else:
        content = pdf.document(found, queries.of_draft(found).articles, paper=shown)
    return HttpResponse(content, content_type="application/pdf")


@router.get("/agreements/{agreement}/versions/{number}/text-changes", response=list[ClauseBesideOut])
@operation(READ.code)
def list_text_changes(request: Any, agreement: AgreementId, number: Number) -> Any:
    """The text of a version, or of the draft, beside the version before it; none where a text is not known."""
    found = agreements.agreement(agreement)
    after = _shown(found, number)
    before = next((one for one in reversed(found.versions) if one.number < number), None)
    old, new = queries.of_version(before) if before else None, queries.of(found, after)
    return [one for one in text.differences(old.articles, new.articles) if one.is_changed] if old and new else []


@router.get("/agreements/{agreement}/versions/{number}/text-comparison", response=TextComparedOut)
@operation(READ.code)
def compare_agreement_texts(request: Any, agreement: AgreementId, number: Number, with_: Query[BesideVersion]) -> Any:
    """A version, or the draft, beside an earlier one, also where a paper was uploaded: by clauses, or by words."""
    found = agreements.agreement(agreement)
    after = _shown(found, number)
    older = [one for one in found.versions if one.number < number]
    if with_.beside is not None and with_.beside not in {one.number for one in older}:
        raise NotFound(f"There is no version {with_.beside} before it.", field="beside")
    before = next((one for one in reversed(older) if with_.beside in (None, one.number)), None)
    return comparing.compared(found, before, after)


@router.put("/agreements/{agreement}/text/{clause}", response=IdOut)
@operation(DRAFT.code)
def replace_clause(request: Any, agreement: AgreementId, clause: Code, body: OwnWordsIn) -> Any:
    """Put words of the draft's own in place of a clause, with the reason; counsel looks at it anew."""
    clauses.replace(
        actor=request.actor, agreement=agreement, code=clause, text=body.text, why=body.why, at=request.actor.at
    )
    return {"id": agreement}


@router.delete("/agreements/{agreement}/text/{clause}", response=IdOut)
@operation(DRAFT.code)
def restore_clause(request: Any, agreement: AgreementId, clause: Code) -> Any:
    """Take the library's clause back into the draft."""
    clauses.restore(actor=request.actor, agreement=agreement, code=clause, at=request.actor.at)
    return {"id": agreement}


def _shown(found: Agreement, number: int | None) -> Draft | Version:
    papers: list[Draft | Version] = [*found.versions, *([found.draft] if found.draft else [])]
    if number is None:
        return papers[-1]
    shown = next((one for one in papers if one.number == number), None)
    if shown is None:
        raise NotFound(f"There is no version {number}.", field="version")
    return shown


def _clause(one: Clause) -> dict[str, Any]:
    return written.as_data(one) | {"number": one.number, "fields": list(one.fields)}
