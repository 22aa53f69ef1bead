"""The operations of the list of exclusions: it is loaded and searched, and who of ours is named on it is judged."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import File, Form, Query, Schema
from ninja.files import UploadedFile
from pydantic import Field

from openmso.compliance.api.entering import router as router
from openmso.compliance.contracts import KEEP, READ, Exclusion, ExclusionListRow, Match
from openmso.compliance.queries import exclusions as queries
from openmso.compliance.services import exclusions
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Body, Words, sent, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

MatchId = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]


class ExclusionListOut(Schema):
    """A list that was loaded: its day, how many stand on it, the stored file."""

    id: str
    as_of: date
    count: int
    file_name: str
    document: str
    loaded_at: datetime
    loaded_by: str
    is_new: bool


class ExclusionOut(Schema):
    """Somebody on the list; a waiver holds in the state that it names."""

    line: int
    name: str
    npi: str
    city: str
    state: str
    section: str
    excluded_on: date
    waived_on: date | None
    waiver_state: str


class ExclusionMatchOut(Schema):
    """Somebody of a practice who is named on the list, by NPI or by name alone, and what was found out."""

    id: str
    practice: str
    name: str
    npi: str
    what: str
    by_npi: bool
    is_open: bool
    is_them: bool | None
    words: str
    exclusion: ExclusionOut


class ExclusionWordIn(Body):
    """Whether it is them, and what shows it."""

    is_them: bool
    words: Annotated[str, text(1000)]


@router.get("/exclusion-lists", response=list[ExclusionListOut])
@operation(READ.code)
def list_exclusion_lists(request: Any) -> Any:
    """The lists of exclusions that were loaded, the latest first: payments are screened by that one."""
    return [list_data(one) for one in queries.lists()]


@router.post("/exclusion-lists", response=ExclusionListOut)
@operation(KEEP.code)
def load_exclusion_list(request: Any, file: File[UploadedFile], as_of: Form[date]) -> Any:
    """Load the list as it was published on a day (LEIE, UPDATED.csv); the same file twice is one list."""
    return list_data(
        exclusions.load(
            actor=request.actor, mso=tenancy.mso(), name=file.name or "UPDATED.csv", content=sent(file), as_of=as_of,
            at=request.actor.at,
        )
    )  # fmt: skip


@router.get("/exclusions", response=PageOut[ExclusionOut])
@operation(READ.code)
def list_exclusions(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Who stands on the list that was loaded last; `q` looks in names and NPIs."""
    found = queries.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size, "name"))
    return paged(request, [_row(one) for one in found.rows], found.total or 0, page)


@router.get("/exclusion-matches", response=list[ExclusionMatchOut])
@operation(READ.code)
def list_exclusion_matches(request: Any) -> Any:
    """Who of the practices in reach is named on the list today: parties, their families, clinicians."""
    return [match_data(one) for one in queries.matches(at=request.actor.at)]


@router.post("/exclusion-matches/{match}", response=ExclusionMatchOut)
@operation(KEEP.code)
def judge_exclusion_match(request: Any, match: MatchId, body: ExclusionWordIn) -> Any:
    """Say whether somebody who is named on the list is who it is with us, and what shows it."""
    with reading():
        queries.match(match, at=request.actor.at)
    return match_data(
        exclusions.say(
            actor=request.actor, match=match, is_them=body.is_them, words=body.words, at=request.actor.at
        )
    )  # fmt: skip


def list_data(one: ExclusionListRow) -> dict[str, Any]:
    """A list as plain data: what the API and the command say."""
    return {
        "id": one.public_id, "as_of": one.as_of, "count": one.count, "file_name": one.file_name,
        "document": one.document, "loaded_at": one.loaded_at, "loaded_by": one.loaded_by, "is_new": one.is_new,
    }  # fmt: skip


def match_data(one: Match) -> dict[str, Any]:
    """A match as plain data."""
    code = next(each.public_id for each in tenancy.tenants() if each.pk == one.practice)
    return {
        "id": one.match, "practice": code, "name": one.name, "npi": one.npi, "what": one.what, "by_npi": one.by_npi,
        "is_open": one.is_open, "is_them": one.word.is_them if one.word else None,
        "words": one.word.words if one.word else "", "exclusion": _row(one.exclusion),
    }  # fmt: skip


def _row(one: Exclusion) -> dict[str, Any]:
    return {
        "line": one.line, "name": one.name, "npi": one.npi, "city": one.city, "state": one.state, "section": one.kind,
        "excluded_on": one.excluded_on, "waived_on": one.waived_on, "waiver_state": one.waiver_state,
    }  # fmt: skip
