"""The operations of leaving: notice, tasks, assets, closing statement, certificate."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from openmso.kit.money import Money
from openmso.leaving.contracts import (
    CERTIFY,
    LEAVE,
    READ,
    STATE,
    WORK,
    Closing,
    Doing,
    Elects,
    Exit,
    ExitRow,
    Fate,
    Owes,
    Price,
    Side,
    Sort,
)
from openmso.leaving.queries import cases, closing
from openmso.leaving.services import cases as acts
from openmso.leaving.services import closing as papers
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Amount, Body, PracticeName, Words, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Leaving"])
ExitId = Annotated[str, public_id("EXI")]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Positive = Annotated[str, Field(pattern=r"^\d{1,12}\.\d{2}$", examples=["2500.00"])]
Why = Annotated[str, text(1_000)]
Note = Annotated[str, text(300, length_min=0)]


class LeaveNoticeIn(Body):
    """A practice gives notice; without a day the agreement ends after its days of notice."""

    practice: PracticeName
    wanted: date | None = None
    rule: Literal["greater", "book"] = "greater"
    plan_days: Annotated[int, Field(ge=1, le=730, strict=True)] = 90
    why: Annotated[str, text(1_000, length_min=0)] = ""


class ExitReasonIn(Body):
    """Why."""

    why: Why


class TaskMoveIn(Body):
    """A task moves on; what is not needed says why."""

    to: Literal["begun", "done", "needless"]
    note: Note = ""


class ExitAssetIn(Body):
    """An asset that the practice may buy."""

    name: Annotated[str, text(120)]
    sort: Literal["equipment", "leasehold", "intangible", "other"]
    book: Positive


class OwnAppraisalIn(Body):
    """What the practice's appraiser found."""

    appraiser: Annotated[str, text(120)]
    amount: Positive
    on: date


class AppraisalIn(OwnAppraisalIn):
    """What the MSO's appraiser found, or the third."""

    side: Literal["mso", "third"]


class ElectionIn(Body):
    """Whether the practice buys the assets."""

    elects: Literal["buys", "declines"]


class ClosingItemIn(Body):
    """A deposit, a credit, something else, with what shows it."""

    words: Annotated[str, text(160)]
    owes: Literal["practice", "mso"]
    amount: Positive
    shows: Annotated[str, text(300)]


class CertificateIn(Body):
    """What became of patients' data, and which export they went with."""

    fate: Literal["returned", "destroyed", "kept"]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["0" * 64])]
    words: Annotated[str, text(4_000, length_min=0)] = ""


class ExitRowOut(Schema):
    """An exit as it stands today."""

    id: str
    practice: str
    stage: str
    noticed_on: date
    ends_on: date
    tasks: int
    open_tasks: int
    certified: bool


class ExitTaskOut(Schema):
    """A task of the transition."""

    number: int
    area: str
    who: str
    words: str
    due_on: date
    stands: str
    note: str


class ExitAssetOut(Schema):
    """An asset with its price, where it is known."""

    number: int
    name: str
    sort: str
    book: Amount
    price: Amount | None
    how: str


class ClosingLineOut(Schema):
    """A line of a closing; above zero the practice owes it."""

    section: str
    words: str
    how: str
    amount: Amount
    in_net: bool
    source: str
    source_id: str


class ClosingOut(Schema):
    """What is settled as of a day, what is missing, and the net."""

    on: date
    net: Amount
    whom: str
    missing: list[str]
    lines: list[ClosingLineOut]


class ClosingStatementOut(ClosingOut):
    """A closing statement that was issued."""

    id: str
    document: str
    issued_at: datetime
    issued_by: str


class ExitCertificateOut(Schema):
    """A certificate of patients' data."""

    id: str
    fate: str
    sha256: str
    words: str
    document: str
    signed_at: datetime
    signed_by: str


class ExitOut(ExitRowOut):
    """An exit with its plan, assets, what the closing comes to today, and its papers."""

    agreement: str
    rule: str
    elects: str
    elect_by: date
    plan: list[ExitTaskOut]
    assets: list[ExitAssetOut]
    closing: ClosingOut
    statements: list[ClosingStatementOut]
    certificate: ExitCertificateOut | None


@router.get("/exits", response=PageOut[ExitRowOut])
@operation(READ.code)
def list_exits(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The exits of practices, by the day on which the agreement ends."""
    ask = RowsAsk(page.page, page.size, "ends_on")
    found = cases.listing(filters=Filters(text=q), page=ask, at=request.actor.at)
    return paged(request, [row_data(one) for one in found.rows], found.total or 0, page)


@router.post("/exits", response={201: ExitOut})
@operation(LEAVE.code)
def give_notice_to_leave(request: Any, body: LeaveNoticeIn) -> Any:
    """The practice gives notice; the plan of the transition begins to wait as work."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    made = acts.give_notice(
        actor=request.actor, practice=practice, why=body.why, wanted=body.wanted, rule=Price(body.rule),
        plan_days=body.plan_days, at=request.actor.at,
    )  # fmt: skip
    return Status(201, _told(request, made.public_id))


@router.get("/exits/{exit}", response=ExitOut)
@operation(READ.code)
def get_exit(request: Any, exit: ExitId) -> Any:
    """An exit with all of it, and what the closing comes to today."""
    return _told(request, exit)


@router.post("/exits/{exit}/withdrawal", response=ExitOut)
@operation(LEAVE.code)
def withdraw_notice_to_leave(request: Any, exit: ExitId, body: ExitReasonIn) -> Any:
    """The practice takes its notice back, before a closing statement was issued."""
    acts.withdraw(actor=request.actor, exit=exit, why=body.why, at=request.actor.at)
    return _told(request, exit)


@router.post("/exits/{exit}/own-tasks/{number}", response=ExitOut)
@operation(LEAVE.code)
def move_task_of_practice(request: Any, exit: ExitId, number: Path[Number], body: TaskMoveIn) -> Any:
    """A task of the practice moves on."""
    acts.move_task(actor=request.actor, exit=exit, number=number, to=Doing(body.to), note=body.note,
                   at=request.actor.at)  # fmt: skip
    return _told(request, exit)


@router.post("/exits/{exit}/tasks/{number}", response=ExitOut)
@operation(WORK.code)
def move_task_of_mso(request: Any, exit: ExitId, number: Path[Number], body: TaskMoveIn) -> Any:
    """A task of the MSO moves on."""
    acts.move_task(actor=request.actor, exit=exit, number=number, to=Doing(body.to), note=body.note,
                   at=request.actor.at)  # fmt: skip
    return _told(request, exit)


@router.post("/exits/{exit}/assets", response={201: ExitOut})
@operation(STATE.code)
def list_exit_asset(request: Any, exit: ExitId, body: ExitAssetIn) -> Any:
    """List an asset that the practice may buy."""
    acts.list_asset(actor=request.actor, exit=exit, name=body.name, sort=Sort(body.sort), book=Money.of(body.book),
                    at=request.actor.at)  # fmt: skip
    return Status(201, _told(request, exit))


@router.post("/exits/{exit}/assets/{number}/own-appraisals", response={201: ExitOut})
@operation(LEAVE.code)
def file_appraisal_of_practice(request: Any, exit: ExitId, number: Path[Number], body: OwnAppraisalIn) -> Any:
    """The practice files what its appraiser found."""
    return _appraised(request, exit, number, Side.PRACTICE, body)


@router.post("/exits/{exit}/assets/{number}/appraisals", response={201: ExitOut})
@operation(STATE.code)
def file_appraisal_of_mso(request: Any, exit: ExitId, number: Path[Number], body: AppraisalIn) -> Any:
    """The MSO files what its appraiser found, or the third."""
    return _appraised(request, exit, number, Side(body.side), body)


def _appraised(request: Any, exit: str, number: int, side: Side, body: OwnAppraisalIn) -> Any:
    acts.appraise(
        actor=request.actor, exit=exit, number=number, side=side, appraiser=body.appraiser,
        amount=Money.of(body.amount), on=body.on, at=request.actor.at,
    )  # fmt: skip
    return Status(201, _told(request, exit))


@router.post("/exits/{exit}/election", response=ExitOut)
@operation(LEAVE.code)
def elect_assets(request: Any, exit: ExitId, body: ElectionIn) -> Any:
    """The practice says whether it buys the assets; once."""
    acts.elect(actor=request.actor, exit=exit, elects=Elects(body.elects), at=request.actor.at)
    return _told(request, exit)


@router.post("/exits/{exit}/items", response={201: ExitOut})
@operation(STATE.code)
def tell_closing_item(request: Any, exit: ExitId, body: ClosingItemIn) -> Any:
    """Tell a deposit, a credit or something else that no book of the house has."""
    acts.tell_item(actor=request.actor, exit=exit, words=body.words, owes=Owes(body.owes),
                   amount=Money.of(body.amount), shows=body.shows, at=request.actor.at)  # fmt: skip
    return Status(201, _told(request, exit))


@router.post("/exits/{exit}/statements", response={201: ExitOut})
@operation(STATE.code)
def issue_closing_statement(request: Any, exit: ExitId) -> Any:
    """Issue the closing statement as of today; refused while something is missing."""
    papers.state(actor=request.actor, exit=exit, at=request.actor.at)
    return Status(201, _told(request, exit))


@router.post("/exits/{exit}/certificate", response={201: ExitOut})
@operation(CERTIFY.code)
def certify_patient_data(request: Any, exit: ExitId, body: CertificateIn) -> Any:
    """Certify what became of patients' data, with the manifest of an export that the trail tells of."""
    papers.certify(actor=request.actor, exit=exit, fate=Fate(body.fate), sha256=body.sha256, words=body.words,
                   at=request.actor.at)  # fmt: skip
    return Status(201, _told(request, exit))


@router.post("/exits/{exit}/end", response=ExitOut)
@operation(STATE.code)
def close_exit(request: Any, exit: ExitId, body: ExitReasonIn) -> Any:
    """Close an exit whose tasks are over, with its statement issued and patients' data certified."""
    acts.close(actor=request.actor, exit=exit, why=body.why, at=request.actor.at)
    return _told(request, exit)


def row_data(one: ExitRow | Exit) -> dict[str, Any]:
    """An exit as it stands, as plain data."""
    certified = one.certificate is not None if isinstance(one, Exit) else one.certified
    return {
        "id": one.public_id, "practice": one.practice_name, "stage": one.stage.value, "noticed_on": one.noticed_on,
        "ends_on": one.ends_on, "tasks": len(one.tasks) if isinstance(one, Exit) else one.tasks,
        "open_tasks": one.open_tasks, "certified": certified,
    }  # fmt: skip


def _closing(one: Closing) -> dict[str, Any]:
    return {
        "on": one.on, "net": str(one.net), "whom": one.whom, "missing": list(one.missing),
        "lines": [
            {"section": each.section, "words": each.words, "how": each.how, "amount": str(each.amount),
             "in_net": each.counts, "source": each.source[0], "source_id": each.source[1]}
            for each in one.lines
        ],
    }  # fmt: skip


def _told(request: Any, exit: str) -> dict[str, Any]:
    with reading():
        one = cases.today(exit, request.actor.at)
        return exit_data(one, closing.closing(one, request.actor.day_in(one.practice), request.actor.at))


def exit_data(one: Exit, found: Closing) -> dict[str, Any]:
    """An exit with all of it, as plain data."""
    paper = one.certificate
    return row_data(one) | {
        "agreement": one.agreement, "rule": one.rule.value, "elects": one.elects.value if one.elects else "",
        "elect_by": one.elect_by, "closing": _closing(found),
        "plan": [
            {"number": each.number, "area": each.area.value, "who": each.who.value, "words": each.words,
             "due_on": each.due_on, "stands": each.doing.value, "note": each.note}
            for each in one.tasks
        ],
        "assets": [
            {"number": each.number, "name": each.name, "sort": each.sort.value, "book": str(each.book),
             "price": None if each.price is None else str(each.price), "how": each.how}
            for each in one.assets
        ],
        "statements": [
            _closing(each.closing) | {"id": each.public_id, "document": each.document, "issued_at": each.made_at,
                                      "issued_by": each.made_by}
            for each in one.statements
        ],
        "certificate": None if paper is None else {
            "id": paper.public_id, "fate": paper.fate.value, "sha256": paper.sha256, "words": paper.words,
            "document": paper.document, "signed_at": paper.made_at, "signed_by": paper.made_by,
        },
    }  # fmt: skip
