"""The API of eligibility: checks are asked, answered by files, and read as benefit sheets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from openmso.eligibility import queries
from openmso.eligibility.contracts import Check, CheckRow
from openmso.eligibility.services import answering, asking, discovering, sending
from openmso.eligibility.states import S
from openmso.kit import clock
from openmso.kit.classes import DataClass
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.patients.contracts import Order
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Words, public_id, sent
from openmso.platform.tenancy.queries import tenants
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Eligibility"])
CheckId = Annotated[str, public_id("ELG")]
Named = Annotated[str, of_class(DataClass.DEMOGRAPHIC)]
Day = Annotated[date | None, of_class(DataClass.CLINICAL)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]{1,11}$", description="Code of the practice")]


class CheckRowOut(Schema):
    """A coverage check."""

    id: str
    practice: str
    patient: Named
    payer: str
    visit_on: Day
    asked_for: Day
    state: str
    plan_is: str
    words: str
    plan: str
    copay: Amount | None
    deductible_left: Amount | None
    answered_at: datetime | None


class BenefitOut(Schema):
    """What a plan says of one kind of service; coinsurance is the patient's share of a hundred."""

    service: str
    words: str
    network: str
    is_covered: bool | None
    copay: Amount | None
    coinsurance: str | None
    deductible: Amount | None
    deductible_left: Amount | None
    out_of_pocket: Amount | None
    out_of_pocket_left: Amount | None
    limits: list[str]
    needs_authorization: bool


class OtherPayerOut(Schema):
    """A payer besides the one that was asked; `is_real` says that it takes the claims."""

    name: str
    payer_id: str
    role: str
    member_id: Named
    plan: str
    starts_on: date | None
    ends_on: date | None
    is_real: bool


class CheckOut(CheckRowOut):
    """A coverage check with its benefit sheet."""

    fix: str
    tries: int
    retry_at: datetime | None
    request_document: str
    answer_document: str
    starts_on: date | None
    ends_on: date | None
    benefits: list[BenefitOut]
    others: list[OtherPayerOut]
    primary_care: list[str]
    messages: list[str]


class AskPatientIn(Schema):
    """Whose coverages are asked about, and for which day; today unless told."""

    patient: Annotated[str, public_id("PAT")]
    on: date | None = None


class AskPracticeIn(Schema):
    """The practice whose coming visits are asked about."""

    practice: Code


class SentOut(Schema):
    """What asking did."""

    checks: list[str]
    asked: int
    answered: int
    put_off: int
    failed: int


class TakenOut(Schema):
    """What a file of answers did."""

    document: str
    answered: int
    refused: int
    unmatched: int
    checks: list[str]


class TakeAsCoverageIn(Schema):
    """A payer of the register that takes the place of the coverage asked about, or stands beside it."""

    payer: Annotated[str, public_id("PAY")]
    member_id: Annotated[str, Field(min_length=1, max_length=80)]
    starts_on: date
    replaces: bool = False
    order: Order = Order.SECONDARY


class CoverageMadeOut(Schema):
    """The coverage that was recorded."""

    coverage: str


@router.get("/coverage-checks", response=PageOut[CheckRowOut])
@operation("eligibility.read")
def list_coverage_checks(request: Any, page: Query[PageAsk], state: S | None = None, q: Words = "") -> Any:
    """Coverage checks by the day they ask about; `q` looks in numbers and in the names of patients."""
    filters = Filters((Term("is", "=", state.value, state.value),) if state else (), q)
    found = queries.checks(filters=filters, page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: queries.tally(filters=filters))
    reads.many(request, of="coverage-checks", practices=[one.practice for one in found.rows], shows=CheckRowOut)
    return paged(request, [_row(one) for one in found.rows], total, page)


@router.get("/coverage-checks/{check}", response=CheckOut)
@operation("eligibility.read")
def get_coverage_check(request: Any, check: CheckId) -> Any:
    """A coverage check with its benefit sheet."""
    found = queries.check(check)
    reads.one(request, practice=found.row.practice, subject=("eligibility.check", check), shows=CheckOut)
    return _whole(found)


@router.get("/patients/{patient}/coverage-checks", response=list[CheckRowOut])
@operation("eligibility.read")
def list_coverage_checks_of_patient(request: Any, patient: Annotated[str, public_id("PAT")]) -> Any:
    """The checks about a patient, the latest first."""
    found = queries.of_patient(patient)
    reads.many(request, of="coverage-checks", practices=[one.practice for one in found], shows=CheckRowOut)
    return [_row(one) for one in found]


@router.post("/coverage-checks", response={201: SentOut})
@operation("eligibility.check")
def ask_about_patient(request: Any, body: AskPatientIn) -> Any:
    """Ask now about every coverage of a patient that holds on the day."""
    asked = asking.ask_about_patient(actor=request.actor, patient=body.patient, on=body.on, at=clock.now())
    with reading():
        practice = patients.get(body.patient).practice
    return Status(201, _sent(request, practice, asked))


@router.post("/coverage-checks/ahead", response={201: SentOut})
@operation("eligibility.check")
def ask_about_visits_ahead(request: Any, body: AskPracticeIn) -> Any:
    """Ask about the visits of the coming days of a practice that no fresh answer tells of."""
    practice = tenants(code=body.practice.upper())[0].pk
    asked = asking.ask_ahead(actor=request.actor, practice=practice, at=clock.now())
    return Status(201, _sent(request, practice, asked))


@router.post("/coverage-checks/{check}/again", response={201: SentOut})
@operation("eligibility.check")
def ask_again(request: Any, check: CheckId) -> Any:
    """Ask anew what failed, waits or was answered, as the record stands now."""
    asked = asking.ask_again(actor=request.actor, checks=[check], at=clock.now())
    with reading():
        practice = queries.check(check).row.practice
    return Status(201, _sent(request, practice, asked))


@router.post("/coverage-answers", response={201: TakenOut})
@operation("eligibility.check")
def take_in_coverage_answers(request: Any, practice: Form[Code], file: File[UploadedFile]) -> Any:
    """Take in a 271 file."""
    key = tenants(code=practice.upper())[0].pk
    taken = answering.take(actor=request.actor, practice=key, name=file.name or "", content=sent(file), at=clock.now())
    return Status(201, {"checks": list(taken.checks)} | {
        name: getattr(taken, name) for name in ("document", "answered", "refused", "unmatched")
    })  # fmt: skip


@router.post("/coverage-checks/{check}/coverage", response={201: CoverageMadeOut})
@operation("eligibility.check")
def take_as_coverage(request: Any, check: CheckId, body: TakeAsCoverageIn) -> Any:
    """Take a payer that the answer found as a coverage of the patient, and ask it."""
    with reading():
        payer = payers.by_public_id(body.payer)
    made = discovering.take_as_coverage(
        actor=request.actor, check=check, payer=payer, member_id=body.member_id, starts_on=body.starts_on,
        replaces=body.replaces, order=body.order, at=clock.now(),
    )  # fmt: skip
    return Status(201, {"coverage": made.public_id})


def _sent(request: Any, practice: int, asked: list[str]) -> dict[str, Any]:
    done = sending.send_due(actor=request.actor, practice=practice, at=clock.now(), only=asked) if asked else None
    told = {name: getattr(done, name, 0) for name in ("asked", "answered", "put_off", "failed")}
    return {"checks": asked, **told}


def _row(row: CheckRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "practice": row.practice_name, "patient": row.patient, "payer": row.payer,
        "visit_on": row.visit_on, "asked_for": row.on, "state": row.state.value, "plan_is": row.verdict.value,
        "words": row.words, "plan": row.plan, "copay": row.copay, "deductible_left": row.deductible_left,
        "answered_at": row.answered_at,
    }  # fmt: skip


def _whole(found: Check) -> dict[str, Any]:
    sheet = found.sheet
    lines = [
        {name: getattr(line, name) for name in BenefitOut.model_fields if name not in {"coinsurance", "limits"}}
        | {"coinsurance": None if line.coinsurance is None else f"{line.coinsurance:f}", "limits": list(line.limits)}
        for line in sheet.lines
    ]
    others = [{name: getattr(other, name) for name in OtherPayerOut.model_fields} for other in sheet.others]
    return _row(found.row) | {
        "fix": found.fix, "tries": found.tries, "retry_at": found.retry_at,
        "request_document": found.request_document, "answer_document": found.answer_document,
        "starts_on": sheet.starts_on, "ends_on": sheet.ends_on, "benefits": lines, "others": others,
        "primary_care": list(sheet.primary_care), "messages": list(sheet.messages),
    }  # fmt: skip
