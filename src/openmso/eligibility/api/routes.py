"""The API of eligibility: checks are asked, answered by files, and read as benefit sheets."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from openmso.eligibility.contracts import Authorization, AuthorizationDraft, Check, CheckRow, Permit, RuleDraft
from openmso.eligibility.queries import checks as queries
from openmso.eligibility.queries import permits
from openmso.eligibility.services import answering, asking, discovering, permitting, sending
from openmso.eligibility.tables import AUTHORIZATIONS, CHECKS
from openmso.kit import clock
from openmso.kit.classes import DataClass
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.patients.contracts import Order
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.queues import Queued, reasoned
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


Procedure = Annotated[str, Field(pattern=r"^[A-Z0-9]{5}$", description="CPT or HCPCS code")]


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


class AnswerTakenOut(Schema):
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


class QueuedCheckRowOut(CheckRowOut, Queued):
    """The same, with why it is next."""


@router.get("/coverage-checks", response=PageOut[QueuedCheckRowOut])
@operation("eligibility.read")
def list_coverage_checks(
    request: Any, page: Query[PageAsk], state: Literal["due", "asked", "retry", "failed", "answered"] | None = None,
    q: Words = "",
) -> Any:  # fmt: skip
    """Coverage checks by the day they ask about; `q` looks in numbers and in the names of patients."""
    filters = Filters((Term("is", "=", state, state),) if state else (), q)
    found = queries.checks(filters=filters, page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: queries.tally(filters=filters))
    reads.many(request, of="coverage-checks", practices=[one.practice for one in found.rows], shows=QueuedCheckRowOut)
    return paged(request, reasoned(request, CHECKS, found.rows, _row), total, page)


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


@router.post("/coverage-checks-ahead", response={201: SentOut})
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


@router.post("/coverage-answers", response={201: AnswerTakenOut})
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


class AuthorizationOut(Schema):
    """A payer's yes to services for a patient; `ends_on` is the last day it holds, no units are as many as needed."""

    id: str
    practice: str
    patient: Named
    payer: str
    kind: Permit
    number: Named
    codes: Annotated[str, of_class(DataClass.CLINICAL)]
    units: Annotated[str | None, of_class(DataClass.CLINICAL)]
    starts_on: Day
    ends_on: Day


class AuthorizationIn(Schema):
    """A payer's yes, as it is recorded."""

    patient: Annotated[str, public_id("PAT")]
    payer: Annotated[str, public_id("PAY")]
    kind: Permit = Permit.AUTHORIZATION
    number: Annotated[str, Field(min_length=1, max_length=50)]
    first_code: Procedure
    last_code: Procedure | None = None
    starts_on: date
    ends_on: date
    units: Annotated[Decimal | None, Field(gt=0, max_digits=8, decimal_places=2)] = None
    note: Annotated[str, Field(max_length=200)] = ""


class AuthorizationRuleOut(Schema):
    """What a payer asks to be authorized or referred."""

    id: str
    payer: str
    kind: Permit
    codes: str
    places: list[str]
    diagnosis_beginnings: list[str]
    starts_on: date
    ends_on: date | None
    source: str


class AuthorizationRuleIn(Schema):
    """What a payer asks for, as it is recorded for a practice; `source` says where the payer says so."""

    practice: Code
    payer: Annotated[str, public_id("PAY")]
    kind: Permit = Permit.AUTHORIZATION
    first_code: Procedure
    last_code: Procedure | None = None
    places: list[Annotated[str, Field(pattern=r"^[0-9]{2}$")]] = []
    diagnosis_beginnings: list[Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,6}$")]] = []
    starts_on: date
    ends_on: date | None = None
    source: Annotated[str, Field(min_length=1, max_length=200)]


class RecordedOut(Schema):
    """What was recorded, by its id."""

    id: str


class QueuedAuthorizationOut(AuthorizationOut, Queued):
    """The same, with why it is next."""


@router.get("/authorizations", response=PageOut[QueuedAuthorizationOut])
@operation("eligibility.read")
def list_authorizations(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """What payers have authorized, by the day it ends; `q` looks in numbers and in the names of patients."""
    found = permits.authorizations(filters=Filters((), q), page=RowsAsk(page.page, page.size))
    reads.many(
        request, of="authorizations", practices=[one.practice for one in found.rows], shows=QueuedAuthorizationOut
    )
    return paged(request, reasoned(request, AUTHORIZATIONS, found.rows, _authorization), found.total or 0, page)


@router.post("/authorizations", response={201: RecordedOut})
@operation("eligibility.authorize")
def record_authorization(request: Any, body: AuthorizationIn) -> Any:
    """Record a payer's yes."""
    with reading():
        patient, payer = patients.get(body.patient), payers.by_public_id(body.payer)
    draft = AuthorizationDraft(
        patient.id, payer.id, body.kind, body.number, body.first_code, body.last_code or body.first_code,
        body.starts_on, body.ends_on, body.units, body.note,
    )  # fmt: skip
    made = permitting.record(actor=request.actor, practice=patient.practice, draft=draft, at=clock.now())
    return Status(201, {"id": made})


@router.get("/authorization-rules", response=PageOut[AuthorizationRuleOut])
@operation("eligibility.read")
def list_authorization_rules(request: Any, page: Query[PageAsk]) -> Any:
    """What payers ask for."""
    found = permits.rules(filters=Filters(), page=RowsAsk(page.page, page.size))
    told = [
        {
            "id": one.public_id, "payer": one.payer, "kind": one.kind, "codes": one.codes, "places": list(one.places),
            "diagnosis_beginnings": list(one.diagnoses), "starts_on": one.starts_on, "ends_on": one.ends_on,
            "source": one.source,
        }
        for one in found.rows
    ]  # fmt: skip
    return paged(request, told, found.total or 0, page)


@router.post("/authorization-rules", response={201: RecordedOut})
@operation("eligibility.authorize")
def add_authorization_rule(request: Any, body: AuthorizationRuleIn) -> Any:
    """Record what a payer asks for in a practice."""
    practice = tenants(code=body.practice.upper())[0].pk
    with reading():
        payer = payers.by_public_id(body.payer)
    draft = RuleDraft(
        payer.id, body.kind, body.first_code, body.last_code or body.first_code, body.starts_on, body.source,
        tuple(body.places), tuple(body.diagnosis_beginnings), body.ends_on,
    )  # fmt: skip
    return Status(201, {"id": permitting.add_rule(actor=request.actor, practice=practice, draft=draft, at=clock.now())})


def _authorization(one: Authorization) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_name, "patient": one.patient, "payer": one.payer,
        "kind": one.kind, "number": one.number, "codes": one.codes, "starts_on": one.starts_on,
        "ends_on": one.ends_on, "units": None if one.units is None else f"{one.units:f}",
    }  # fmt: skip


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
