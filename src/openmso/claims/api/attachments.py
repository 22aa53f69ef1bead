"""The API of claims, continued: attachments are added, sent, withdrawn."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Schema, Status

from openmso.claims.api.answers import ClaimId
from openmso.claims.api.follow_ups import router as router
from openmso.claims.contracts import AttachmentKind, AttachmentWay
from openmso.claims.queries import attachments, stories
from openmso.claims.services import attaching
from openmso.kit import clock
from openmso.kit.classes import DataClass
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Body, public_id, text
from openmso.platform.tenancy.scope import reading

AttachmentId = Annotated[str, public_id("PWK")]


class AttachmentIn(Body):
    """What it is (PWK01) and how it goes (PWK02)."""

    kind: AttachmentKind
    way: AttachmentWay
    note: Annotated[str, text(200, length_min=0)] = ""


class AttachmentOut(Schema):
    """What goes beside a claim; `id` is the control number that it bears."""

    id: str
    kind: str
    way: str
    note: Annotated[str, of_class(DataClass.CLINICAL)]
    sent_on: date | None
    sent_by: str


@router.get("/claims/{claim}/attachments", response=list[AttachmentOut])
@operation("claims.read")
def list_attachments(request: Any, claim: ClaimId) -> Any:
    """What goes beside a claim, in the order of its adding."""
    return _listed(request, claim)


@router.post("/claims/{claim}/attachments", response={201: list[AttachmentOut]})
@operation("claims.work")
def add_attachment(request: Any, claim: ClaimId, body: AttachmentIn) -> Any:
    """Put an attachment beside a claim; a claim that no payer has says it in its 837."""
    attaching.add(actor=request.actor, claim=claim, kind=body.kind, way=body.way, note=body.note, at=clock.now())
    with reading():
        return Status(201, _listed(request, claim))


@router.post("/attachments/{attachment}/sent", response=list[AttachmentOut])
@operation("claims.work")
def attachment_sent(request: Any, attachment: AttachmentId) -> Any:
    """Say that an attachment went today."""
    claim = attaching.sent(actor=request.actor, attachment=attachment, at=clock.now())
    with reading():
        return _listed(request, claim)


@router.delete("/attachments/{attachment}", response=list[AttachmentOut])
@operation("claims.work")
def withdraw_attachment(request: Any, attachment: AttachmentId) -> Any:
    """Take an attachment back that has not gone."""
    claim = attaching.withdraw(actor=request.actor, attachment=attachment, at=clock.now())
    with reading():
        return _listed(request, claim)


def _listed(request: Any, claim: str) -> list[dict[str, Any]]:
    found = stories.key(claim)
    reads.one(request, practice=found.practice, subject=("claims.claim", claim), shows=AttachmentOut)
    return [
        {
            "id": one.control, "kind": one.kind.value, "way": one.way.value, "note": one.note, "sent_on": one.sent_on,
            "sent_by": one.sent_by,
        }
        for one in attachments.of_claim(claim)
    ]  # fmt: skip
