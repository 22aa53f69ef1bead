"""The API of agreements, continued: what changed between versions, the summary, covers and grants of a practice."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Schema
from pydantic import Field

from openmso.agreements import pdf, rules
from openmso.agreements.api.routes import router as router
from openmso.agreements.api.schemas import AgreementId, PracticeId
from openmso.agreements.contracts import READ
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import baas
from openmso.kit.errors import NotFound
from openmso.parties.queries import practices
from openmso.platform.access import queries as access
from openmso.platform.api.operations import operation

Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class DifferenceOut(Schema):
    """What one version says otherwise than the version before it."""

    what: str
    before: str
    after: str


class CoverOut(Schema):
    """A business associate agreement (45 CFR 164.504(e))."""

    id: str
    starts_on: date
    ends_on: date | None
    incident_notice_hours: int
    document: str
    document_sha256: str
    ended_why: str


class ScopeGrantOut(Schema):
    """A service line that an executed agreement opened, and the classes of data it opens."""

    id: str
    line: str
    opens: list[str]
    starts_on: date
    ends_on: date | None
    read_only: bool


@router.get("/agreements/{agreement}/versions/{number}/changes", response=list[DifferenceOut])
@operation(READ.code)
def list_version_changes(request: Any, agreement: AgreementId, number: Number) -> Any:
    """A version, or the draft, beside the version before it; the first differs from nothing."""
    found = queries.agreement(agreement)
    papers: list[Any] = [*found.versions, *([found.draft] if found.draft else [])]
    after = next((one for one in papers if one.number == number), None)
    if after is None:
        raise NotFound(f"There is no version {number}.", field="number")
    before = next((one for one in reversed(papers) if one.number < number), None)
    return rules.difference(before.terms, after.terms) if before else []


@router.get("/agreements/{agreement}/summary")
@operation(READ.code)
def get_agreement_summary(request: Any, agreement: AgreementId) -> Any:
    """The agreement on one or two pages, as PDF; its signed papers are documents."""
    found = queries.agreement(agreement)
    content = pdf.summary(found, on=request.actor.day_in(found.practice))
    return HttpResponse(content, content_type="application/pdf")


@router.get("/practices/{practice}/baas", response=list[CoverOut])
@operation(READ.code)
def list_baas(request: Any, practice: PracticeId) -> Any:
    """The business associate agreements of a practice."""
    return [
        {"id": one.public_id, "starts_on": one.days.starts_on, "ends_on": one.days.ends_on,
         "incident_notice_hours": one.incident_notice_hours, "document": one.document,
         "document_sha256": one.document_sha256, "ended_why": one.ended_why}
        for one in baas.of(_key(request, practice))
    ]  # fmt: skip


@router.get("/practices/{practice}/grants", response=list[ScopeGrantOut])
@operation(READ.code)
def list_scope_grants(request: Any, practice: PracticeId) -> Any:
    """What executed agreements opened in a practice, the newest first."""
    return [
        {"id": one.public_id, "line": one.line, "opens": sorted(one.classes), "starts_on": one.days.starts_on,
         "ends_on": one.days.ends_on, "read_only": one.read_only}
        for one in access.grants_in(_key(request, practice))
    ]  # fmt: skip


def _key(request: Any, practice: str) -> int:
    return practices.by_public_id(practice, at=request.actor.at).id
