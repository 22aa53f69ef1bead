"""The API of intake: files of visits are taken in, and every record is accounted for."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from openmso.intake import queries
from openmso.intake.contracts import RunRow, Taken
from openmso.intake.services import taking
from openmso.kit import clock
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import ProgressOut, public_id, sent
from openmso.platform.database import progress
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Intake"])
RunId = Annotated[str, public_id("INT")]
Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,11}$", examples=["ROCK"], description="Code of the practice")]


class ItemOut(Schema):
    """What became of one record."""

    position: int
    kind: str
    record_id: str
    outcome: str
    words: str
    field: str
    fix: str
    became: str


class HeldOut(Schema):
    """A claim that waits, and for what."""

    claim: str
    findings: list[str]


class IntakeRunOut(Schema):
    """What became of a file. used + kept + refused = total."""

    id: str
    name: str
    kind: str
    state: str
    total: int
    used: int
    kept: int
    refused: int
    visits: int
    claims_ready: int
    claims_held: int


class TakenOut(IntakeRunOut):
    """The same, with the account of every record."""

    document: str
    charges: int
    words: str
    progress: ProgressOut | None
    items: list[ItemOut]
    held: list[HeldOut]


@router.post("/intake", response={201: TakenOut})
@operation("intake.run")
def take_in(
    request: Any, practice: Form[Code], file: File[UploadedFile], code_map: File[UploadedFile | None] = None
) -> Any:
    """Take in a FHIR R4 bundle or a CSV file of visits; the same file twice makes nothing new.

    A large file is only kept now: its state is `running` until a job has read it, which `GET /intake/{run}` tells.
    """
    mapped = (code_map.name or "", sent(code_map)) if code_map else None
    taken = taking.receive(
        actor=request.actor, practice=key_in_scope(practice), name=file.name or "", content=sent(file),
        at=clock.now(), code_map=mapped,
    )  # fmt: skip
    return Status(201, _whole(taken))


@router.get("/intake", response=PageOut[IntakeRunOut])
@operation("intake.read")
def list_intake_runs(request: Any, page: Query[PageAsk]) -> Any:
    """The files that were taken in, the latest first."""
    found = queries.runs(page=RowsAsk(page.page, page.size))
    return paged(request, [_row(row) for row in found.rows], found.total or 0, page)


@router.get("/intake/{run}", response=TakenOut)
@operation("intake.read")
def get_intake_run(request: Any, run: RunId) -> Any:
    """One file and what became of its records, the refused ones first."""
    return _whole(queries.run(run))


def _row(row: RunRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "name": row.name, "kind": row.kind, "state": row.state.value,
        "total": row.total, "used": row.used, "kept": row.kept, "refused": row.refused,
        "visits": row.visits, "claims_ready": row.claims_ready, "claims_held": row.claims_held,
    }  # fmt: skip


def _whole(taken: Taken) -> dict[str, Any]:
    return {
        "id": taken.run, "name": taken.name, "kind": taken.kind, "state": taken.state.value,
        "total": taken.total, "used": taken.used, "kept": taken.kept, "refused": taken.refused,
        "visits": taken.visits, "claims_ready": taken.claims_ready, "claims_held": taken.claims_held,
        "document": taken.document, "charges": taken.charges, "words": taken.words, "items": taken.items,
        "held": taken.held, "progress": progress.told(taken.run),
    }  # fmt: skip
