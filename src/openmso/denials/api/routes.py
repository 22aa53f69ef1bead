"""The API of denials: the queue, one denial, what is done about it, write-offs, the map of reasons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema, Status
from pydantic import Field

from openmso.denials.contracts import DENIAL, DenialRow, WriteOffRow
from openmso.denials.contracts import Cause as CauseStatus
from openmso.denials.queries import pages, queue
from openmso.denials.services import acting, bulk, writing_off
from openmso.denials.states import S
from openmso.denials.tables import DENIALS
from openmso.kit import clock
from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.queues import reasoned
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, PracticeName, Words, public_id, text
from openmso.platform.tenancy.queries import tenants
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Denials and appeals"])
DenialId = Annotated[str, public_id("DNL")]
WriteOffId = Annotated[str, public_id("WOF")]
Why = Annotated[str, text(300)]
State = Literal[
    "open", "new", "asked", "resent", "appealed", "approval", "recovered", "patient", "writtenoff", "again", "takenback"
]
Sort = Literal["value", "-value", "due_on", "-due_on", "amount", "-amount", "denied_on", "-denied_on"]


class DenialsAsk(Schema):
    """What the queue is narrowed to; what is left out asks nothing."""

    q: Words = ""
    state: State | None = None
    practice: PracticeName | None = None
    payer: Annotated[str, public_id("PAY")] | None = None
    category: Annotated[str, text(24)] | None = None
    owner: Annotated[str, text(20)] | None = None
    cause: Literal["practice", "mso", "payer"] | None = None
    reason: Annotated[str, text(5)] | None = None
    code: Annotated[str, text(48)] | None = None
    due_before: date | None = None
    denied_from: date | None = None
    denied_before: date | None = None
    amount_min: Amount | None = None
    sort: Sort = "-value"

    def filters(self) -> Filters:
        """The same, as the queue understands it."""
        asked: list[Term] = []

        def add(key: str, op: Any, value: Any) -> None:
            if value is not None:
                asked.append(Term(key, op, value, str(value)))

        add("is", "=", self.state)
        add("practice", "=", _code_of(self.practice))
        for key in ("payer", "category", "owner", "cause", "reason", "code"):
            add(key, "=", getattr(self, key))
        add("due", "<", self.due_before)
        add("denied", ">=", self.denied_from)
        add("denied", "<", self.denied_before)
        add("amount", ">=", Money.of(self.amount_min).amount if self.amount_min else None)
        return Filters(tuple(asked), self.q)


class DenialOut(Schema):
    """What a payer left open, and where that stands."""

    id: str
    practice: str
    claim: str
    patient: Annotated[str, of_class(DataClass.DEMOGRAPHIC)]
    payer: str
    clinician: str
    code: Annotated[str, of_class(DataClass.CLINICAL)]
    service_on: Annotated[date | None, of_class(DataClass.CLINICAL)]
    reason: Annotated[str, of_class(DataClass.CLINICAL), Field(description="As the payer wrote it: CO-197 N290")]
    words: Annotated[str, of_class(DataClass.CLINICAL)]
    category: str
    is_denial: bool
    owner: str
    cause: str
    action: str
    state: str
    denied_on: date
    due_on: date
    amount: Amount
    win_rate: str
    weight: str
    value: Amount
    recovered: Amount
    assignee: str
    why_next: str


class MoveOut(Schema):
    """One thing that happened to a denial."""

    at: datetime
    actor: str
    what: str
    note: Annotated[str, of_class(DataClass.CLINICAL)]
    amount: Amount | None


class WriteOffOut(Schema):
    """A write-off that was asked for."""

    id: str
    denial: str
    amount: Amount
    why: str
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    decided_why: str
    entry: str


class DenialStoryOut(DenialOut):
    """A denial with what its page shows."""

    remittance: str
    payment: str
    line: Annotated[int, Field(description="Line of the payment; 0 is the claim itself")]
    codes: Annotated[list[str], of_class(DataClass.CLINICAL)]
    remarks: Annotated[list[str], of_class(DataClass.CLINICAL)]
    note: str
    cause_why: str
    correct_by: date
    appeal_by: date
    corrected_as: str
    written_off: Amount
    to_patient: Amount
    history: list[MoveOut]
    write_offs: list[WriteOffOut]


class AskIn(Body):
    """What the payer was asked, and when to look again."""

    note: Annotated[str, text(600)]
    until: date | None = None


class DenialWhyIn(Body):
    """The reason."""

    why: Why


class DenialResubmitIn(DenialWhyIn):
    """How the denied line is asked for anew, and the reason."""

    frequency: Annotated[str, Field(pattern=r"^[17]$")] = "1"


class MaybeWhyIn(Body):
    """A reason, where there is one to give."""

    why: Annotated[str, text(300, length_min=0)] = ""


class CauseIn(Body):
    """Who caused it, and what shows it."""

    cause: Literal["practice", "mso", "payer"]
    why: Why


class ManyIn(Body):
    """One act on many denials."""

    act: Literal["correct", "resubmit", "writeoff"]
    denials: Annotated[list[DenialId], Field(min_length=1, max_length=500)]
    why: Why


class NoOut(Schema):
    """A denial (for `correct` and `resubmit` a claim) that was refused, and why."""

    id: str
    code: str
    words: str
    fix: str


class ManyOut(Schema):
    """What a bulk act did."""

    done: list[str]
    refused: list[NoOut]


class CorrectedOut(Schema):
    """The claim that was made."""

    claim: str


@router.get("/denials", response=PageOut[DenialOut])
@operation("denials.read")
def list_denials(request: Any, page: Query[PageAsk], ask: Query[DenialsAsk]) -> Any:
    """The queue, what is worth most first unless sorted otherwise."""
    filters = ask.filters()
    asked = RowsAsk(page.page, page.size, ask.sort.lstrip("-"), ask.sort.startswith("-"))
    found = queue.denials(filters=filters, page=asked, on=request.actor.today)
    total = total_of(found, lambda: queue.tally(filters=filters))
    reads.many(request, of="denials", practices=[row.practice for row in found.rows], shows=DenialOut)
    return paged(request, reasoned(request, DENIALS, found.rows, row_answer), total, page)


_MANY = {"correct": bulk.correct, "resubmit": bulk.resubmit, "writeoff": bulk.write_off}


@router.post("/denials/acts", response=ManyOut)
@operation("denials.work")
def act_on_denials(request: Any, body: ManyIn) -> Any:
    """Correct the claims of many denials, ask anew for their lines, or write them off; refusals are told of."""
    told = _MANY[body.act](actor=request.actor, denials=body.denials, why=body.why, at=clock.now())
    refused = [{"id": no.denial, "code": no.code, "words": no.words, "fix": no.fix} for no in told.refused]
    return {"done": list(told.done), "refused": refused}


@router.get("/denials/{denial}", response=DenialStoryOut)
@operation("denials.read")
def get_denial(request: Any, denial: DenialId) -> Any:
    """One denial with its history."""
    return told(request, denial)


@router.post("/denials/{denial}/correction", response={201: CorrectedOut})
@operation("denials.work")
def correct_denial(request: Any, denial: DenialId, body: DenialWhyIn) -> Any:
    """Make a replacement of its claim, to be mended and sent."""
    new = acting.correct(actor=request.actor, denials=[denial], why=body.why, at=clock.now())
    return Status(201, {"claim": new})


@router.post("/denials/{denial}/resubmission", response={201: CorrectedOut})
@operation("denials.work")
def resubmit_denial(request: Any, denial: DenialId, body: DenialResubmitIn) -> Any:
    """Ask anew for the denied line alone: 1 in a new claim, 7 in a corrected one."""
    new = acting.resubmit(actor=request.actor, denials=[denial], frequency=body.frequency, why=body.why, at=clock.now())
    return Status(201, {"claim": new})


@router.post("/denials/{denial}/question", response=DenialStoryOut)
@operation("denials.work")
def ask_about_denial(request: Any, denial: DenialId, body: AskIn) -> Any:
    """Note what the payer was asked."""
    acting.ask_payer(actor=request.actor, denial=denial, note=body.note, until=body.until, at=clock.now())
    return _read(request, denial)


@router.post("/denials/{denial}/take-up", response=DenialStoryOut)
@operation("denials.work")
def take_up_denial(request: Any, denial: DenialId, body: MaybeWhyIn) -> Any:
    """Work on a denial again that waited for the payer."""
    acting.take_up(actor=request.actor, denial=denial, why=body.why, at=clock.now())
    return _read(request, denial)


@router.post("/denials/{denial}/patient", response=DenialStoryOut)
@operation("denials.work")
def move_denial_to_patient(request: Any, denial: DenialId, body: DenialWhyIn) -> Any:
    """Make what is open the patient's; never under CO."""
    acting.to_patient(actor=request.actor, denial=denial, why=body.why, at=clock.now())
    return _read(request, denial)


@router.post("/denials/{denial}/write-off", response={201: WriteOffOut})
@operation("denials.work")
def write_off_denial(request: Any, denial: DenialId, body: DenialWhyIn) -> Any:
    """Give up what is open; above the network's limit it waits for somebody else."""
    asked = writing_off.ask(actor=request.actor, denial=denial, why=body.why, at=clock.now())
    return Status(201, _write_off(pages.write_off_row(asked, denial)))


@router.put("/denials/{denial}/cause", response=DenialStoryOut)
@operation("denials.work")
def set_denial_cause(request: Any, denial: DenialId, body: CauseIn) -> Any:
    """Overrule who is taken to have caused it."""
    acting.say_cause(actor=request.actor, denial=denial, cause=CauseStatus(body.cause), why=body.why, at=clock.now())
    return _read(request, denial)


@router.post("/write-offs/{write_off}/approval", response=WriteOffOut)
@operation("denials.approve")
def approve_write_off(request: Any, write_off: WriteOffId, body: MaybeWhyIn) -> Any:
    """Agree to a write-off that somebody else asked for."""
    done = writing_off.approve(actor=request.actor, write_off=write_off, at=clock.now(), why=body.why)
    return _write_off(pages.write_off_row(done, done.denial.public_id))


@router.post("/write-offs/{write_off}/refusal", response=WriteOffOut)
@operation("denials.approve")
def refuse_write_off(request: Any, write_off: WriteOffId, body: DenialWhyIn) -> Any:
    """Say no to a write-off."""
    done = writing_off.refuse(actor=request.actor, write_off=write_off, why=body.why, at=clock.now())
    return _write_off(pages.write_off_row(done, done.denial.public_id))


def _code_of(practice: str | None) -> str | None:
    """The code of a practice as the queue's filter takes it; one that is not in scope fits nothing."""
    if practice is None:
        return None
    found = (one.code for one in tenants() if practice in {one.code, one.public_id})
    return next(found, practice).lower()


def told(request: Any, denial: str) -> dict[str, Any]:
    """A denial with its story, and the trail told that it was read."""
    found = pages.denial(denial, on=request.actor.today)
    reads.one(request, practice=found.row.practice, subject=(DENIAL, denial), shows=DenialStoryOut)
    return row_answer(found.row) | {
        "remittance": found.remittance, "payment": found.payment, "line": found.number, "codes": list(found.codes),
        "remarks": list(found.remarks), "note": found.note, "cause_why": found.cause_why,
        "correct_by": found.correct_by, "appeal_by": found.appeal_by, "corrected_as": found.resent_as,
        "written_off": str(found.written_off), "to_patient": str(found.to_patient),
        "history": [
            {"at": one.at, "actor": one.actor, "what": one.what, "note": one.note,
             "amount": str(one.amount) if one.amount else None}
            for one in found.history
        ],
        "write_offs": [_write_off(one) for one in found.write_offs],
    }  # fmt: skip


def _read(request: Any, denial: str) -> dict[str, Any]:
    with reading():
        return told(request, denial)


def row_answer(row: DenialRow) -> dict[str, Any]:
    """A denial as lists show it."""
    return {
        "id": row.public_id, "practice": row.practice_name, "claim": row.claim, "patient": row.patient,
        "payer": row.payer, "clinician": row.clinician, "code": row.code, "service_on": row.service_on,
        "reason": row.reason, "words": row.words, "category": row.category.value, "is_denial": row.is_denial,
        "owner": row.owner.value, "cause": row.cause.value, "action": row.action, "state": S(row.state).value,
        "denied_on": row.denied_on, "due_on": row.due_on, "amount": str(row.amount), "win_rate": str(row.rate),
        "weight": str(row.weight), "value": str(row.value), "recovered": str(row.recovered),
        "assignee": row.assignee, "why_next": row.why_next,
    }  # fmt: skip


def _write_off(row: WriteOffRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "denial": row.denial, "amount": str(row.amount), "why": row.why, "state": row.state.value,
        "asked_by": row.asked_by, "asked_at": row.asked_at, "decided_by": row.decided_by,
        "decided_at": row.decided_at, "decided_why": row.decided_why, "entry": row.entry,
    }  # fmt: skip
