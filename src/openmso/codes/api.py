"""The API of codes: look-up, and the register of loads."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from openmso.codes import services
from openmso.codes.contracts import LoadRow, SourceFile
from openmso.codes.queries import loads, lookup
from openmso.codes.services import Edition
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Body, Words, public_id, sent, text
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Codes"])
Load = Annotated[str, public_id("LOD")]
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,10}$", examples=["99213"])]


class CodeOut(Schema):
    """A code of a set, as the edition of the day says it."""

    code: str
    kind: str
    set_name: str
    edition: str
    category: str
    label: str
    words: str
    starts_on: date | None
    ends_on: date | None
    is_billable: bool


class CodePairOut(Schema):
    """The other code of a pair: column 2 is not paid beside column 1; `column` is the other's."""

    code: str
    column: str
    indicator: str
    starts_on: date
    ends_on: date | None
    rationale: str


class CodeUnitsOut(Schema):
    """The most units, of a line (indicator 1) or of a day (2, 3)."""

    units: int
    indicator: str


class RelativeValueOut(Schema):
    """Relative values of a code with a modifier, as their release says them."""

    modifier: str
    status: str
    work: str
    pe_nonfacility: str
    pe_facility: str
    mp: str
    global_days: str
    mult_proc: str
    edition: str


class AboutCodeOut(Schema):
    """What holds about a code on a day."""

    code: str
    on: date
    label: str
    entries: list[CodeOut]
    units: CodeUnitsOut | None
    primaries: list[str]
    add_ons: list[str]
    values: list[RelativeValueOut]
    is_telehealth: bool
    pairs: list[CodePairOut]
    pair_count: int
    limits: list[str]


class CodeCheckOut(Schema):
    """A check and what it found."""

    name: str
    words: str


class CodeLoadOut(Schema):
    """One edition of one code set that was taken in."""

    id: str
    kind: str
    title: str
    edition: str
    starts_on: date
    sha256: str
    rows: int
    checks: list[CodeCheckOut]
    files: list[str]
    licence_holder: str
    licence_users: int | None
    loaded_at: datetime
    loaded_by: str
    undone_at: datetime | None
    undone_why: str
    is_new: bool


class CodeLoadIn(Body):
    """What is said of a file: its kind and edition, its first day where it does not say it, its licence."""

    kind: Words
    edition: Annotated[str, text(40)]
    starts_on: date | None = None
    licence_holder: Words = ""
    licence_users: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class UndoCodeLoadIn(Body):
    """Why a load is taken back."""

    why: Annotated[str, text(300)]


@router.get("/codes", response=PageOut[CodeOut])
@operation("codes.read")
def list_codes(request: Any, page: Query[PageAsk], q: Words = "", kind: Words = "", on: date | None = None) -> Any:
    """Codes of all sets by code or words, as of a day (default: today)."""
    asked = RowsAsk(page.page, page.size)
    found = lookup.search(text=q, on=on or request.actor.today, kind=kind, page=asked)
    return paged(request, [_entry(row) for row in found.rows], found.total or 0, page)


@router.get("/codes/{code}", response=AboutCodeOut)
@operation("codes.read")
def get_code(request: Any, code: Code, on: date | None = None) -> Any:
    """Everything that holds about a code on a day (default: today)."""
    found = lookup.about(code, on or request.actor.today)
    values = (
        "modifier",
        "status",
        "work",
        "pe_nonfacility",
        "pe_facility",
        "mp",
        "global_days",
        "mult_proc",
        "edition",
    )
    return {
        "code": found.code, "on": found.on, "label": found.label, "entries": [_entry(row) for row in found.entries],
        "units": found.units and {"units": found.units.units, "indicator": found.units.indicator},
        "primaries": found.add_on.primaries if found.add_on else (), "add_ons": found.add_ons,
        "values": [{name: str(getattr(row, name)) for name in values} for row in found.values],
        "is_telehealth": found.is_telehealth, "pair_count": found.pair_count,
        "limits": found.limits,
        "pairs": [{name: getattr(row, name) for name in CodePairOut.model_fields} for row in found.pairs],
    }  # fmt: skip


@router.get("/code-loads", response=PageOut[CodeLoadOut])
@operation("codes.read")
def list_code_loads(request: Any, page: Query[PageAsk], kind: Words = "") -> Any:
    """The register of loads, the latest first."""
    found = loads.every(kind)
    return paged(request, [_load(row) for row in found[page.offset : page.offset + page.size]], len(found), page)


@router.get("/code-loads/{load}", response=CodeLoadOut)
@operation("codes.read")
def get_code_load(request: Any, load: Load) -> Any:
    """One load, with its checks."""
    return _load(loads.load(load))


@router.post("/code-loads", response={201: CodeLoadOut})
@operation("codes.load")
def load_codes(request: Any, given: Form[CodeLoadIn], file: File[UploadedFile]) -> Any:
    """Take one edition in, whole, or refuse it with the line that is wrong; the same bytes are one load."""
    edition = Edition(given.edition, given.starts_on, given.licence_holder, given.licence_users)
    source = SourceFile(file.name or "", sent(file).read())
    done = services.load(actor=request.actor, kind=given.kind, edition=edition, files=[source], at=request.actor.at)
    return Status(201, _load(done))


@router.post("/code-loads/{load}/undo", response=CodeLoadOut)
@operation("codes.load")
def undo_code_load(request: Any, load: Load, body: UndoCodeLoadIn) -> Any:
    """Take a load back: what held before it holds again."""
    return _load(services.undo(actor=request.actor, load=load, why=body.why, at=request.actor.at))


def _entry(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in CodeOut.model_fields}


def _load(row: LoadRow) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in CodeLoadOut.model_fields if name not in {"id", "checks", "files"}}
    checks = [{"name": check.name, "words": check.words} for check in row.checks]
    return plain | {"id": row.public_id, "checks": checks, "files": [file.name for file in row.files]}
