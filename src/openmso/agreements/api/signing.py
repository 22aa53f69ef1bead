"""The API of counsel's review and of signing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Schema, Status
from pydantic import Field

from openmso.agreements.api.clauses import Number
from openmso.agreements.api.clauses import router as router
from openmso.agreements.api.schemas import AgreementId, IdOut
from openmso.agreements.contracts import DRAFT, EXECUTE, READ, Side
from openmso.agreements.paper.contracts import REVIEW, SIGN, Act, AddressClass, NamedSigner, Review, Signing
from openmso.agreements.queries import agreements
from openmso.agreements.queries import signing as queries
from openmso.agreements.services import counsel, signing
from openmso.kit.errors import NotFound
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Body, Yes, public_id, text
from openmso.platform.documents import queries as documents
from openmso.platform.identity.policy import client_address

Account = Annotated[str, public_id("USR")]
Why = Annotated[str, text(300)]


class CounselAskIn(Body):
    """Who is to review the draft."""

    reviewer: Account


class CounselAnswerIn(Body):
    """Counsel's answer, in words."""

    signs_off: Yes
    note: Annotated[str, text(1000)]


class CounselReviewOut(Schema):
    """Counsel's review of a draft; `content_sha256` is of the terms and the text that were looked at."""

    state: Review
    number: int
    reviewer: str
    content_sha256: str
    asked_at: datetime
    asked_by: str
    note: str
    answered_at: datetime | None


class NamedSignerIn(Body):
    """Who signs for a side: the account (left out where it is signed on paper), name and title."""

    side: Side
    name: Annotated[str, text(80)]
    title: Annotated[str, text(80)]
    account: Account | None = None


class SignatureSendIn(Body):
    """Who signs, and how."""

    signers: Annotated[list[NamedSignerIn], Field(min_length=2, max_length=10)]
    way: Literal["here", "paper"] = "here"


class SignIn(Body):
    """The sentence that the signing tells for the signer, confirmed."""

    intent: Annotated[str, text(300)]


class SigningWhyIn(Body):
    """Why."""

    why: Why


class SignerOut(Schema):
    """A named signer and what they did; `says` is the sentence that they confirm."""

    side: Side
    name: str
    title: str
    user: str
    act: Act | None
    at: datetime | None
    address: AddressClass | None
    intent: str
    document_sha256: str
    why: str
    says: str


class SigningOut(Schema):
    """A draft sent for signature: the frozen paper and its signers."""

    id: str
    number: int
    way: str
    state: Signing
    document: str
    document_sha256: str
    content_sha256: str
    sent_at: datetime
    sent_by: str
    ended_at: datetime | None
    ended_why: str
    certificate: str
    signers: list[SignerOut]


class SignedOut(Schema):
    """What signing came to: the version, where everybody has signed."""

    version: str | None


@router.get("/agreements/{agreement}/counsel", response=CounselReviewOut)
@operation(READ.code)
def get_counsel_review(request: Any, agreement: AgreementId) -> Any:
    """Counsel's last review of the draft on the desk."""
    found = agreements.agreement(agreement)
    review = queries.review(agreement, found.draft.number) if found.draft else None
    if review is None:
        raise NotFound("Nobody has looked at a draft of this agreement as counsel.", field="agreement")
    return review


@router.post("/agreements/{agreement}/counsel", response={201: IdOut})
@operation(DRAFT.code)
def ask_counsel(request: Any, agreement: AgreementId, body: CounselAskIn) -> Any:
    """Ask a named reviewer to look at the draft as it stands; never who wrote it."""
    counsel.ask(actor=request.actor, agreement=agreement, reviewer=body.reviewer, at=request.actor.at)
    return Status(201, {"id": agreement})


@router.post("/agreements/{agreement}/counsel/answer", response=IdOut)
@operation(REVIEW.code)
def answer_as_counsel(request: Any, agreement: AgreementId, body: CounselAnswerIn) -> Any:
    """Sign the draft off as counsel, or return it; asks for a session that was just confirmed."""
    counsel.answer(
        actor=request.actor, agreement=agreement, signs_off=body.signs_off, note=body.note, at=request.actor.at
    )
    return {"id": agreement}


@router.get("/agreements/{agreement}/signings", response=list[SigningOut])
@operation(READ.code)
def list_signings(request: Any, agreement: AgreementId) -> Any:
    """How often an agreement was sent for signature, the latest first, with what each signer did."""
    agreements.agreement(agreement)
    return [
        {"id": one.public_id, "number": one.number, "way": one.provider, "state": one.state, "document": one.document,
         "document_sha256": one.document_sha256, "content_sha256": one.content_sha256, "sent_at": one.sent_at,
         "sent_by": one.sent_by, "ended_at": one.ended_at, "ended_why": one.ended_why, "certificate": one.certificate,
         "signers": [_signer(each) for each in one.signers]}
        for one in queries.rounds(agreement)
    ]  # fmt: skip


@router.post("/agreements/{agreement}/signings", response={201: IdOut})
@operation(EXECUTE.code)
def send_for_signature(request: Any, agreement: AgreementId, body: SignatureSendIn) -> Any:
    """Freeze the draft's paper and send it to named signers; asks for a session that was just confirmed."""
    signers = [NamedSigner(one.side, one.name, one.title, one.account or "") for one in body.signers]
    made = signing.send(
        actor=request.actor, agreement=agreement, signers=signers, provider=body.way, at=request.actor.at
    )
    return Status(201, {"id": made})


@router.post("/agreements/{agreement}/signature", response=SignedOut)
@operation(SIGN.code)
def sign_agreement(request: Any, agreement: AgreementId, body: SignIn) -> Any:
    """Sign the frozen paper under one's own name; asks for a session that was just confirmed."""
    version = signing.sign(
        actor=request.actor, agreement=agreement, intent=body.intent, address=client_address(request),
        at=request.actor.at,
    )  # fmt: skip
    return {"version": version.public_id if version else None}


@router.post("/agreements/{agreement}/signature/refusal", response=IdOut)
@operation(SIGN.code)
def decline_to_sign(request: Any, agreement: AgreementId, body: SigningWhyIn) -> Any:
    """Decline to sign, in words; the draft goes back to its desk."""
    signing.decline(
        actor=request.actor, agreement=agreement, why=body.why, address=client_address(request), at=request.actor.at
    )
    return {"id": agreement}


@router.post("/agreements/{agreement}/signings/recall", response=IdOut)
@operation(EXECUTE.code)
def recall_from_signature(request: Any, agreement: AgreementId, body: SigningWhyIn) -> Any:
    """Take back what is out for signature; signatures given already are void."""
    signing.recall(actor=request.actor, agreement=agreement, why=body.why, at=request.actor.at)
    return {"id": agreement}


@router.get("/agreements/{agreement}/versions/{number}/certificate")
@operation(READ.code)
def get_certificate(request: Any, agreement: AgreementId, number: Number) -> Any:
    """Who signed a version, when and over which bytes, as PDF."""
    found = agreements.agreement(agreement)
    done = next((one for one in queries.rounds(agreement) if one.number == number and one.certificate), None)
    if done is None:
        raise NotFound("This version was not signed here; its paper says who signed it.", field="number")
    return HttpResponse(documents.read(done.certificate, found.practice), content_type="application/pdf")


def _signer(one: Any) -> dict[str, Any]:
    names = ("side", "name", "title", "user", "act", "at", "address", "intent", "document_sha256", "why")
    return {name: getattr(one, name) for name in names} | {"says": signing.intent_of(one.title, one.side)}
