"""The API of the trail: changes with filters, who read one thing, and whether the chain stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.schemas import Instant, PracticeName, Words, text
from openmso.platform.audit import queries
from openmso.platform.audit.contracts import EventFilters, EventRow
from openmso.platform.tenancy.queries import key_in_scope, tenants_in_scope
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Audit"])


class TrailAsk(Schema):
    """Which changes are wanted; what is left out asks nothing."""

    q: Words = ""
    action: Words = ""
    by: Annotated[Words, Field(description="A part of the name of who did it")] = ""
    about_kind: Annotated[Words, Field(examples=["claims.claim"])] = ""
    about: Annotated[Words, Field(description="Public id of the thing")] = ""
    practice: PracticeName | None = None
    since: Instant | None = None
    until: Instant | None = None

    def filters(self) -> EventFilters:
        """The same, as the trail understands it."""
        return EventFilters(
            text=self.q, action=self.action, actor=self.by, subject_kind=self.about_kind, subject_id=self.about,
            practice=key_in_scope(self.practice) if self.practice else None, since=self.since, until=self.until,
        )  # fmt: skip


class TrailEventOut(Schema):
    """One change, as it is told, with what proves it."""

    practice: str
    seq: Annotated[int, Field(description="Its number in the chain of the practice")]
    at: datetime
    recorded_at: datetime
    actor: str
    action: str
    sentence: str
    about_kind: str
    about: str
    why: str
    grant: str
    permission: str
    session: str
    request: str
    hash: str


class TrailReadOut(Schema):
    """One reading of patient data."""

    at: datetime
    actor: str
    classes: list[str]
    count: int
    grant: str


class DisagreementOut(Schema):
    """Something in the trail that does not agree."""

    code: str
    seq: int | None
    sentence: str


class TrailProofOut(Schema):
    """What was checked; the trail stands when nothing disagrees."""

    stands: bool
    events: int
    reads: int
    seals: int
    findings: list[DisagreementOut]


@router.get("/audit-events", response=PageOut[TrailEventOut])
@operation("audit.read")
def list_trail_events(request: Any, page: Query[PageAsk], ask: Query[TrailAsk]) -> Any:
    """The changes in the practices whose trail one may read, newest first."""
    filters = ask.filters()
    found = queries.events(filters=filters, page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: queries.tally(filters=filters))
    codes = {row.pk: row.code for row in tenants_in_scope()}
    return paged(request, [_event(row, codes) for row in found.rows], total, page)


@router.get("/audit-reads", response=list[TrailReadOut])
@operation("audit.read")
def list_trail_reads(request: Any, about_kind: Annotated[str, text(64)], about: Annotated[str, text(64)]) -> Any:
    """Who read the patient data of one thing: the latest 200, newest first."""
    return [
        {"at": row.at, "actor": row.actor, "classes": row.classes, "count": row.count, "grant": row.grant}
        for row in queries.reads((about_kind, about))
    ]


@router.get("/audit-proof", response=TrailProofOut)
@operation("audit.read")
def prove_trail(request: Any, practice: PracticeName | None = None) -> Any:
    """Whether the chains of the practices whose trail one may read stand, or that of one of them."""
    report = queries.verify(practice=key_in_scope(practice) if practice else None)
    findings = [{"code": one.code, "seq": one.seq, "sentence": one.sentence} for one in report.findings]
    return {
        "stands": report.stands, "events": report.events, "reads": report.reads, "seals": report.seals,
        "findings": findings,
    }  # fmt: skip


def _event(row: EventRow, codes: Mapping[int, str]) -> dict[str, Any]:
    return {
        "practice": codes[row.practice], "seq": row.seq, "at": row.at, "recorded_at": row.recorded_at,
        "actor": row.actor, "action": row.action, "sentence": row.sentence, "about_kind": row.subject_kind,
        "about": row.subject_id, "why": row.why, "grant": row.grant, "permission": row.permission,
        "session": row.session, "request": row.request, "hash": row.hash,
    }  # fmt: skip
