"""The API of appeals and of the letters they are written from."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import File, Query, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from openmso.denials.api.network import router as router
from openmso.denials.api.routes import DenialId, DenialWhyIn
from openmso.denials.contracts import APPEAL, AppealRow, Method
from openmso.denials.contracts import Category as CategoryStatus
from openmso.denials.queries import appeals
from openmso.denials.rules import letters
from openmso.denials.services import appealing
from openmso.denials.states import A
from openmso.kit import clock
from openmso.kit.classes import DataClass
from openmso.kit.money import ZERO, Money
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, Words, public_id, sent, text
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk

AppealId = Annotated[str, public_id("APL")]
LetterName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", examples=["general"])]


class AppealOut(Schema):
    """An appeal as lists show it."""

    id: str
    practice: str
    payer: str
    level: int
    level_words: str
    title: Annotated[str, of_class(DataClass.CLINICAL)]
    state: str
    amount: Amount
    won: Amount
    due_on: date
    sent_on: date | None
    method: str
    answered_on: date | None


class EnclosureOut(Schema):
    """A document that goes with an appeal."""

    document: str
    name: str
    is_proof: bool


class AppealStoryOut(AppealOut):
    """An appeal with its letter."""

    body: Annotated[str, of_class(DataClass.CLINICAL)]
    template: str
    letter: Annotated[str, Field(description="Document of the letter as it was sent; empty before")]
    proof: str
    answer: str
    denials: list[str]
    enclosures: list[EnclosureOut]


class AppealDraftIn(Body):
    """Denials of one practice and payer, and the letter to write from; without one, that which fits their kind."""

    denials: Annotated[list[DenialId], Field(min_length=1, max_length=50)]
    template: LetterName | None = None


class LetterIn(Body):
    """The text of a draft."""

    title: Annotated[str, text(200)]
    body: Annotated[str, text(20_000)]


class SendIn(Body):
    """How it left, and what shows it."""

    method: Literal["mail", "fax", "portal"]
    proof: Annotated[str, text(300)]
    sent_on: date | None = None


class AnswerIn(Body):
    """What the payer answered; `amount` is what it will pay of a partly won one."""

    outcome: Literal["won", "partly", "lost"]
    amount: Annotated[str | None, Field(pattern=r"^\d{1,10}\.\d{2}$", examples=["80.00"])] = None
    answered_on: date | None = None
    note: Annotated[str, text(600, length_min=0)] = ""


class OverturnedOut(Schema):
    """How appeals to a payer at a level ended."""

    payer: str
    level: int
    level_words: str
    answered: int
    won: int
    amount: Amount
    promised: Amount


class TemplateOut(Schema):
    """A letter; the house's own has the number 0."""

    name: str
    number: int
    title: str
    body: str
    category: str


class TemplateIn(Body):
    """A new version of a letter, with its merge fields."""

    title: Annotated[str, text(200)]
    body: Annotated[str, text(20_000)]
    category: Annotated[str, Field(pattern="^(" + "|".join(["", *(one.value for one in CategoryStatus)]) + ")$")] = ""


class TemplatesOut(Schema):
    """The letters, and what their fields mean."""

    letters: list[TemplateOut]
    fields: dict[str, str]


@router.get("/appeals", response=PageOut[AppealOut])
@operation("denials.read")
def list_appeals(
    request: Any, page: Query[PageAsk], q: Words = "",
    state: Literal["draft", "sent", "won", "partly", "lost", "dropped"] | None = None,
) -> Any:  # fmt: skip
    """Appeals, the latest first."""
    filters = Filters((Term("is", "=", state, state),) if state else (), q)
    found = appeals.appeals(filters=filters, page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: appeals.tally(filters=filters))
    reads.many(request, of="appeals", practices=[row.practice for row in found.rows], shows=AppealOut)
    return paged(request, [_row(row) for row in found.rows], total, page)


@router.post("/appeals", response={201: AppealStoryOut})
@operation("denials.work")
def draft_appeal(request: Any, body: AppealDraftIn) -> Any:
    """Draft an appeal about some denials."""
    made = appealing.draft(actor=request.actor, denials=body.denials, template=body.template or "", at=clock.now())
    return Status(201, _read(request, made))


@router.get("/appeals/overturned", response=list[OverturnedOut])
@operation("denials.read")
def list_overturned(request: Any) -> Any:
    """How appeals that were answered ended, by payer and level."""
    return [
        {"payer": one.payer, "level": one.level, "level_words": one.level_words, "answered": one.answered,
         "won": one.won, "amount": str(one.amount), "promised": str(one.promised)}
        for one in appeals.overturned()
    ]  # fmt: skip


@router.get("/appeals/{appeal}", response=AppealStoryOut)
@operation("denials.read")
def get_appeal(request: Any, appeal: AppealId) -> Any:
    """One appeal with its letter."""
    return _told(request, appeal)


@router.get("/appeals/{appeal}/letter")
@operation("denials.read")
def get_appeal_letter(request: Any, appeal: AppealId) -> Any:
    """The letter as PDF: as it was sent, or of a draft as it would be."""
    found = appeals.appeal(appeal, on=request.actor.today)
    reads.one(request, practice=found.row.practice, subject=(APPEAL, appeal), shows=AppealStoryOut)
    kept = found.letter
    content = documents.read(kept, found.row.practice) if kept else appealing.letter(appeal, on=request.actor.today)
    return HttpResponse(content, content_type="application/pdf")


@router.put("/appeals/{appeal}/letter", response=AppealStoryOut)
@operation("denials.work")
def change_appeal_letter(request: Any, appeal: AppealId, body: LetterIn) -> Any:
    """Write the letter of a draft anew."""
    appealing.change(actor=request.actor, appeal=appeal, title=body.title, body=body.body, at=clock.now())
    return _read(request, appeal)


@router.post("/appeals/{appeal}/enclosures", response={201: AppealStoryOut})
@operation("denials.work")
def enclose_with_appeal(request: Any, appeal: AppealId, file: File[UploadedFile], is_proof: bool = False) -> Any:
    """Keep a document with an appeal; `is_proof` for what shows that it left."""
    appealing.enclose(
        actor=request.actor, appeal=appeal, name=file.name or "", content=sent(file),
        media_type=file.content_type or "", is_proof=is_proof, at=clock.now(),
    )  # fmt: skip
    return Status(201, _read(request, appeal))


@router.post("/appeals/{appeal}/sending", response=AppealStoryOut)
@operation("denials.work")
def send_appeal(request: Any, appeal: AppealId, body: SendIn) -> Any:
    """Record that an appeal left; its letter is kept as it is now."""
    appealing.send(
        actor=request.actor, appeal=appeal, method=Method(body.method), proof=body.proof, sent_on=body.sent_on,
        at=clock.now(),
    )  # fmt: skip
    return _read(request, appeal)


@router.post("/appeals/{appeal}/answer", response=AppealStoryOut)
@operation("denials.work")
def answer_appeal(request: Any, appeal: AppealId, body: AnswerIn) -> Any:
    """Record what the payer answered."""
    appealing.answer(
        actor=request.actor, appeal=appeal, outcome=A(body.outcome), note=body.note, answered_on=body.answered_on,
        amount=Money.of(body.amount) if body.amount else ZERO, at=clock.now(),
    )  # fmt: skip
    return _read(request, appeal)


@router.post("/appeals/{appeal}/drop", response=AppealStoryOut)
@operation("denials.work")
def drop_appeal(request: Any, appeal: AppealId, body: DenialWhyIn) -> Any:
    """Give a draft up."""
    appealing.drop(actor=request.actor, appeal=appeal, why=body.why, at=clock.now())
    return _read(request, appeal)


@router.get("/appeal-letters", response=TemplatesOut)
@operation("denials.read")
def list_appeal_letters(request: Any) -> Any:
    """The letters that appeals are written from, and the fields that they may use."""
    found = [
        {"name": one.name, "number": one.number, "title": one.title, "body": one.body, "category": one.category}
        for one in appeals.templates()
    ]
    return {"letters": found, "fields": dict(letters.FIELDS)}


@router.put("/appeal-letters/{letter}", response=TemplateOut)
@operation("denials.setup")
def keep_appeal_letter(request: Any, letter: LetterName, body: TemplateIn) -> Any:
    """Keep a new version of a letter; appeals that were written stay as they are."""
    with reading():
        mso = tenancy.mso()
    given = body.model_dump()
    number = appealing.keep_template(actor=request.actor, mso=mso, name=letter, at=clock.now(), **given)
    return {"name": letter, "number": number, **given}


def _told(request: Any, appeal: str) -> dict[str, Any]:
    found = appeals.appeal(appeal, on=request.actor.today)
    reads.one(request, practice=found.row.practice, subject=(APPEAL, appeal), shows=AppealStoryOut)
    return _row(found.row) | {
        "body": found.body, "template": found.template, "letter": found.letter, "proof": found.proof,
        "answer": found.answer_note, "denials": [one.public_id for one in found.denials],
        "enclosures": [
            {"document": one.document, "name": one.name, "is_proof": one.is_proof} for one in found.papers
        ],
    }  # fmt: skip


def _read(request: Any, appeal: str) -> dict[str, Any]:
    with reading():
        return _told(request, appeal)


def _row(row: AppealRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "practice": row.practice_name, "payer": row.payer, "level": row.level,
        "level_words": row.level_words, "title": row.title, "state": row.state.value, "amount": str(row.amount),
        "won": str(row.won), "due_on": row.due_on, "sent_on": row.sent_on, "method": row.method,
        "answered_on": row.answered_on,
    }  # fmt: skip
