"""The API of governance: proposals and their decisions, what is reserved to a practice, and its autonomy index."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema, Status
from pydantic import Field

from openmso.governance import queries, services
from openmso.governance.contracts import DECIDE, PROPOSE, READ, Autonomy, NewProposal, Paper, Proposal
from openmso.governance.states import S
from openmso.governance.tables.proposals import PROPOSALS
from openmso.kit.errors import Refused
from openmso.kit.periods import DayRange
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.schemas import Body, Encoded, Words, decoded, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Governance"])
ACTS_MAX = 100
PracticeId = Annotated[str, public_id("TEN")]
ProposalId = Annotated[str, public_id("PRP")]
Why = Annotated[str, text(1000)]
Standing = Literal["waiting", "approved", "changed", "declined", "withdrawn", "carriedout"]
Code = Annotated[str, Field(pattern=r"^[A-Z]{2}\d\d$", examples=["RD07"])]
Long = Annotated[str, text(8_000)]


class ProposalIn(Body):
    """What a practice is asked to decide; without `due_on` the clock of the house holds."""

    decision: Code
    title: Annotated[str, text(120)]
    proposed: Long
    analysis: Long
    due_on: date | None = None
    document: Encoded | None = None
    document_name: Annotated[str, text(120)] = "paper.pdf"
    party: Annotated[str, text(120, length_min=0)] = ""


class LicenseeDecisionIn(Body):
    """Approved, changed (approved with changes, which are named) or declined, and why."""

    outcome: Literal["approved", "changed", "declined"]
    why: Why
    changes: Annotated[str, text(8_000, length_min=0)] = ""


class ProposalWhyIn(Body):
    """Why, or how."""

    why: Why


class ProposalStepOut(Schema):
    """Something that happened to a proposal; the last decision holds."""

    number: int
    to: Standing
    at: datetime
    by: str
    role: str
    why: str
    changes: str


class ProposalOut(Schema):
    """A proposal with everything that became of it."""

    id: str
    practice: str
    decision: str
    decision_words: str
    title: str
    proposed: str
    analysis: str
    document: str
    side: Literal["mso", "practice"]
    state: Standing
    proposed_at: datetime
    proposed_by: str
    due_at: datetime
    party: str
    steps: list[ProposalStepOut]


class QueuedProposalOut(ProposalOut, Queued):
    """A row of the list."""


class ReservedSourceOut(Schema):
    """What reserves a decision: agreement, law, or the house for every practice."""

    kind: str
    name: str
    words: str
    citation: str


class ReservedDecisionOut(Schema):
    """A decision that is the practice's."""

    code: str
    words: str
    mso_prepares: bool
    sources: list[ReservedSourceOut]


class RedFlagOut(Schema):
    """Something that speaks against a practice deciding for itself."""

    tone: str
    words: str
    proposals: list[str]


class ReservedActOut(Schema):
    """An act that carried out a reserved decision: a licensee's (`role`), or on an approved proposal."""

    at: datetime
    decision: str
    act: str
    words: str
    about: str
    by: str
    role: str
    proposal: str


class AutonomyOut(Schema):
    """What the MSO proposed in some days, and how the practice decided it; shares are between 0 and 1."""

    starts_on: date
    through: date
    proposed: int
    decided: int
    by_licensee: int
    unchanged: int
    changed: int
    declined: int
    withdrawn: int
    waiting: int
    late: int
    carried_out: int
    before_decided: int
    acts: int
    acts_by_licensee: int
    acts_agreed: int
    index: str | None
    own_mind: str | None
    median_hours: str | None
    flags: list[RedFlagOut]


class PracticeAutonomyOut(AutonomyOut):
    """The same of one of many practices."""

    practice: str
    name: str
    reserved: int


class ProposalsAsk(Schema):
    """Narrowed to a state or a decision."""

    state: Standing | None = None
    decision: Code | None = None


class AutonomyDaysAsk(Schema):
    """The days; without them this month and two before."""

    starts_on: date | None = None
    through: date | None = None


@router.get("/practices/{practice}/proposals", response=PageOut[QueuedProposalOut])
@operation(READ.code)
def list_proposals(
    request: Any, practice: PracticeId, ask: Query[ProposalsAsk], page: Query[PageAsk], q: Words = ""
) -> Any:
    """The proposals of a practice, the latest first."""
    key = tenancy.key_in_scope(practice)
    wanted = {"is": ask.state, "decision": ask.decision}
    terms = tuple(Term(name, "=", str(value), str(value)) for name, value in wanted.items() if value)
    found = queries.listing(
        filters=Filters(terms, q), page=RowsAsk(page.page, page.size, "proposed_at", desc=True), practice=key
    )
    return paged(request, reasoned(request, PROPOSALS, found.rows, _proposal), found.total or 0, page)


@router.post("/practices/{practice}/proposals", response={201: ProposalOut})
@operation(PROPOSE.code)
def propose_decision(request: Any, practice: PracticeId, body: ProposalIn) -> Any:
    """Ask the licensees of a practice to decide something that is reserved to it."""
    with reading():
        key = tenancy.key_in_scope(practice)
    made = services.propose(
        actor=request.actor, practice=key, at=request.actor.at,
        new=NewProposal(body.decision, body.title, body.proposed, body.analysis, body.due_on, _paper(body), body.party),
    )  # fmt: skip
    with reading():
        return Status(201, _proposal(queries.proposal(made)))


@router.get("/proposals/{proposal}", response=ProposalOut)
@operation(READ.code)
def get_proposal(request: Any, proposal: ProposalId) -> Any:
    """One proposal with its steps."""
    return _proposal(queries.proposal(proposal))


@router.post("/proposals/{proposal}/decision", response=ProposalOut)
@operation(DECIDE.code)
def decide_proposal(request: Any, proposal: ProposalId, body: LicenseeDecisionIn) -> Any:
    """Decide a proposal; only a licensee of the practice may, and no token has the right."""
    return _proposal(
        services.decide(
            actor=request.actor, proposal=proposal, outcome=S(body.outcome), why=body.why, changes=body.changes,
            at=request.actor.at,
        )
    )  # fmt: skip


@router.post("/proposals/{proposal}/withdrawal", response=ProposalOut)
@operation(PROPOSE.code)
def withdraw_proposal(request: Any, proposal: ProposalId, body: ProposalWhyIn) -> Any:
    """Take one's proposal back, while nobody has decided it."""
    return _proposal(services.withdraw(actor=request.actor, proposal=proposal, why=body.why, at=request.actor.at))


@router.post("/proposals/{proposal}/carrying-out", response=ProposalOut)
@operation(PROPOSE.code)
def carry_out_proposal(request: Any, proposal: ProposalId, body: ProposalWhyIn) -> Any:
    """Record that what was approved is done, and how."""
    return _proposal(services.carry_out(actor=request.actor, proposal=proposal, why=body.why, at=request.actor.at))


@router.get("/practices/{practice}/reserved-decisions", response=list[ReservedDecisionOut])
@operation(READ.code)
def list_reserved_decisions(request: Any, practice: PracticeId, on: date | None = None) -> Any:
    """The decisions that are the practice's on a day (today), each with the agreement or rule that makes it so."""
    key = tenancy.key_in_scope(practice)
    return queries.reserved(key, on=on or tenancy.today(key, request.actor.at))


@router.get("/practices/{practice}/reserved-acts", response=list[ReservedActOut])
@operation(READ.code)
def list_reserved_acts(request: Any, practice: PracticeId) -> Any:
    """The latest hundred acts that carried out what is reserved, each with who did it or the decision it used up."""
    key = tenancy.key_in_scope(practice)
    return [
        {"at": one.at, "decision": one.decision, "act": one.act, "words": one.words, "about": one.subject_id,
         "by": one.by, "role": one.role, "proposal": one.proposal}
        for one in queries.acts([key])[key][:ACTS_MAX]
    ]  # fmt: skip


@router.get("/practices/{practice}/autonomy", response=AutonomyOut)
@operation(READ.code)
def get_autonomy(request: Any, practice: PracticeId, ask: Query[AutonomyDaysAsk]) -> Any:
    """The autonomy index of a practice, with what speaks against it."""
    key = tenancy.key_in_scope(practice)
    days = _days(ask, tenancy.today(key, request.actor.at))
    return index_data(queries.autonomy(key, days=days, at=request.actor.at), days)


@router.get("/autonomy", response=PageOut[PracticeAutonomyOut])
@operation(READ.code)
def list_autonomy(request: Any, page: Query[PageAsk], ask: Query[AutonomyDaysAsk], q: Words = "") -> Any:
    """The autonomy index of each practice in scope; `q` is part of its name or code."""
    days = _days(ask, request.actor.today)
    found = queries.practices(
        filters=Filters(text=q), page=RowsAsk(page.page, page.size), days=days, at=request.actor.at
    )
    rows = [
        {"practice": one.public_id, "name": one.name, "reserved": one.reserved, **index_data(one.autonomy, days)}
        for one in found.rows
    ]
    return paged(request, rows, found.total or 0, page)


def _days(ask: AutonomyDaysAsk, today: date) -> DayRange:
    usual = queries.months(back=2, on=today)
    starts_on = ask.starts_on or usual.starts_on
    through = ask.through or max(today, starts_on)
    if through < starts_on or through == date.max:
        raise Refused("The days end before they begin.", code="bad_days", field="through", fix="Choose a later day.")
    return DayRange(starts_on, through + timedelta(days=1))


def _paper(body: ProposalIn) -> Paper | None:
    return None if body.document is None else Paper(body.document_name, decoded(body.document))


def _proposal(one: Proposal) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_public_id, "decision": one.decision,
        "decision_words": one.decision_words, "title": one.title, "proposed": one.proposed, "analysis": one.analysis,
        "document": one.document, "side": one.side.value, "state": one.state.value, "proposed_at": one.proposed_at,
        "proposed_by": one.proposed_by, "due_at": one.due_at, "party": one.party,
        "steps": [
            {"number": step.number, "to": step.to.value, "at": step.at, "by": step.by, "role": step.role,
             "why": step.why, "changes": step.changes}
            for step in one.steps
        ],
    }  # fmt: skip


def index_data(one: Autonomy, days: DayRange) -> dict[str, Any]:
    """An autonomy index as plain data: what the API and the command say."""
    assert days.ends_on is not None, "a period ends"
    return {
        "starts_on": days.starts_on, "through": days.ends_on - timedelta(days=1), "proposed": one.proposed,
        "decided": one.decided, "by_licensee": one.by_licensee, "unchanged": one.unchanged, "changed": one.changed,
        "declined": one.declined, "withdrawn": one.withdrawn, "waiting": one.waiting, "late": one.late,
        "carried_out": one.carried_out, "before_decided": one.before_decided, "acts": one.acts,
        "acts_by_licensee": one.acts_by_licensee, "acts_agreed": one.acts_agreed,
        "index": None if one.index is None else f"{one.index:.4f}",
        "own_mind": None if one.own_mind is None else f"{one.own_mind:.4f}",
        "median_hours": None if one.median_hours is None else str(one.median_hours),
        "flags": [{"tone": flag.tone.value, "words": flag.words, "proposals": list(flag.proposals)}
                  for flag in one.flags],
    }  # fmt: skip
