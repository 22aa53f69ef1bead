"""The API of statements: runs, what they made of each account, holds, policies, notices."""

from __future__ import annotations

import base64
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.billing import paper
from openmso.billing.api.routes import Demographic, Paid, PatientAccountOut, PatientId, account_of
from openmso.billing.api.routes import router as router
from openmso.billing.contracts import READ, SETUP, STATE, Hold, RunRow, StatementRow
from openmso.billing.queries import policies, statements
from openmso.billing.rules.policy import of_json
from openmso.billing.services import policies as deciding
from openmso.billing.services import stating, telling
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.schemas import Amount, Body, Count, PracticeName, Words, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

RunId = Annotated[str, public_id("PSR")]
StatementId = Annotated[str, public_id("PSM")]
Days = Annotated[Count, Field(ge=0, le=999)]


class StatementRunOut(Schema):
    """A run of statements; `paper` and `mail_list` are documents.

    While it is `going`, `looked` of `whole` accounts are judged (not known yet where that is null).
    """

    id: str
    practice: str
    on: date
    made_at: datetime
    made_by: str
    sent: int
    passed: int
    amount: Amount
    paper: str
    mail_list: str
    state: str
    whole: int | None
    looked: int


class PatientStatementOut(Schema):
    """What a run made of an account: `reason` is empty where a statement was sent."""

    id: str
    run: str
    patient: Annotated[str, Demographic]
    on: date
    reason: str
    words: str
    amount: Amount
    way: str
    notice: str


class PatientStatementPaperOut(PatientStatementOut):
    """A statement with its PDF, in base64."""

    pdf: Annotated[str, Demographic]


class StatementRunIn(Body):
    """Whose patients get statements."""

    practice: PracticeName


class StatementHoldIn(Body):
    """Why statements are held back, and their last day."""

    reason: Literal[
        "insurance", "appeal", "dispute", "bankruptcy", "deceased", "address", "charity", "workers", "other"
    ]
    why: Annotated[str, text(300)]
    until_on: date | None = None


class StatementReleaseIn(Body):
    """Why statements are sent again."""

    why: Annotated[str, text(300)]


class PatientPolicyOut(Schema):
    """How a practice bills its patients; version 0 is the house's own."""

    practice: str
    version: int
    statement_min: Amount
    statement_days: int
    small_balance: Amount
    statements_before_agency: int
    days_before_agency: int
    plan_instalment_min: Amount
    plan_months_max: int
    plan_missed_max: int
    plan_grace_days: int
    small_balance_days: int
    small_credit: Amount
    letter_days: int
    call_days: int
    final_days: int
    agency_days: int
    agency_min: Amount
    is_hospital: int
    charity_scale: str
    charity_months: int


class PatientPolicyIn(Body):
    """How a practice bills its patients from now on."""

    practice: PracticeName
    statement_min: Paid
    statement_days: Days
    small_balance: Paid
    statements_before_agency: Days
    days_before_agency: Days
    plan_instalment_min: Paid = "25.00"
    plan_months_max: Annotated[Count, Field(ge=1, le=120)] = 12
    plan_missed_max: Annotated[Count, Field(ge=1, le=12)] = 2
    plan_grace_days: Annotated[Count, Field(ge=0, le=27)] = 5
    small_balance_days: Days = 120
    small_credit: Paid = "5.00"
    letter_days: Days = 28
    call_days: Days = 7
    final_days: Days = 14
    agency_days: Days = 30
    agency_min: Paid = "25.00"
    is_hospital: Annotated[Count, Field(ge=0, le=1)] = 0
    charity_scale: Annotated[str, text(80)] = "200:100 250:75 300:50 400:25"
    charity_months: Annotated[Count, Field(ge=0, le=24)] = 6
    why: Annotated[str, text(300)]


class NoticesOut(Schema):
    """How many notices were taken by whoever delivers them, how many failed for good, and how many wait."""

    sent: int
    failed: int
    waiting: int


@router.get("/statement-runs", response=PageOut[StatementRunOut])
@operation(READ.code)
def list_statement_runs(request: Any, page: Query[PageAsk]) -> Any:
    """The runs of statements, the latest first."""
    found = statements.runs(filters=Filters(), page=RowsAsk(page.page, page.size))
    return paged(request, [_run(one) for one in found.rows], found.total or 0, page)


@router.post("/statement-runs", response={201: StatementRunOut})
@operation(STATE.code)
def send_statements(request: Any, body: StatementRunIn) -> Any:
    """Judge every account of a practice that owes, and make the statements; a run that was interrupted goes on.

    Many accounts are judged by a job: the run is `going` then, and says how far it is.
    """
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    made = stating.start(actor=request.actor, practice=practice, at=request.actor.at)
    with reading():
        return Status(201, _run(statements.run(made)))


@router.get("/statement-runs/{statement_run}", response=StatementRunOut)
@operation(READ.code)
def get_statement_run(request: Any, statement_run: RunId) -> Any:
    """One run."""
    return _run(statements.run(statement_run))


@router.get("/statement-runs/{statement_run}/statements", response=PageOut[PatientStatementOut])
@operation(READ.code)
def list_statements_of_run(request: Any, statement_run: RunId, page: Query[PageAsk], q: Words = "") -> Any:
    """Who got a statement, and who did not and why; `q` is a patient."""
    statements.run(statement_run)
    filters = Filters(text=q)
    found = statements.of_run(statement_run, filters=filters, page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: statements.tally(statement_run, filters=filters))
    reads.many(
        request, of="patient-statements", practices=[one.practice for one in found.rows], shows=PatientStatementOut
    )  # fmt: skip
    return paged(request, [_statement(one) for one in found.rows], total, page)


@router.get("/patient-statements/{patient_statement}", response=PatientStatementPaperOut)
@operation(READ.code)
def get_patient_statement(request: Any, patient_statement: StatementId) -> Any:
    """One statement, as it was sent."""
    found, content = statements.statement(patient_statement)
    reads.one(
        request,
        practice=found.practice,
        subject=("billing.statement", patient_statement),
        shows=PatientStatementPaperOut,
    )
    return _statement(found) | {"pdf": base64.b64encode(paper.pdf([content])).decode()}


@router.post("/patients/{patient}/statement-hold", response=PatientAccountOut)
@operation(STATE.code)
def hold_statements(request: Any, patient: PatientId, body: StatementHoldIn) -> Any:
    """Send a patient no statements for now."""
    stating.hold(
        actor=request.actor, patient=patient, reason=Hold(body.reason), why=body.why, until=body.until_on,
        at=request.actor.at,
    )  # fmt: skip
    with reading():
        return account_of(request, patient)


@router.post("/patients/{patient}/statement-release", response=PatientAccountOut)
@operation(STATE.code)
def release_statements(request: Any, patient: PatientId, body: StatementReleaseIn) -> Any:
    """Send a patient statements again."""
    stating.release(actor=request.actor, patient=patient, why=body.why, at=request.actor.at)
    with reading():
        return account_of(request, patient)


@router.get("/patient-policies", response=list[PatientPolicyOut])
@operation(READ.code)
def list_patient_policies(request: Any) -> Any:
    """How the practices bill their patients."""
    return [_policy(one.pk, one.name) for one in tenancy.tenants_in_scope() if not one.is_mso]


@router.post("/patient-policies", response={201: PatientPolicyOut})
@operation(SETUP.code)
def decide_patient_policy(request: Any, body: PatientPolicyIn) -> Any:
    """Let another policy hold in a practice from now on."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    deciding.decide(
        actor=request.actor, practice=practice, policy=of_json(body.dict(exclude={"practice", "why"})), why=body.why,
        at=request.actor.at,
    )  # fmt: skip
    with reading():
        name = next(one.name for one in tenancy.tenants_in_scope() if one.pk == practice)
        return Status(201, _policy(practice, name))


@router.post("/statement-notices", response=NoticesOut)
@operation(STATE.code)
def send_statement_notices(request: Any, body: StatementRunIn) -> Any:
    """Hand the notices of a practice that wait in the outbox to whoever delivers them."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    sent, failed = telling.tell(actor=request.actor, practice=practice, at=request.actor.at)
    with reading():
        return {"sent": sent, "failed": failed, "waiting": statements.in_outbox()}


def _run(one: RunRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_name, "on": one.on, "made_at": one.made_at,
        "made_by": one.made_by, "sent": one.sent, "passed": one.passed, "amount": str(one.amount), "paper": one.paper,
        "mail_list": one.mail_list, "state": one.state.value, "whole": one.whole, "looked": one.looked,
    }  # fmt: skip


def _statement(one: StatementRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "run": one.run, "patient": one.patient, "on": one.on,
        "reason": one.reason.value if one.reason else "", "words": one.words, "amount": str(one.amount),
        "way": one.way.value if one.way else "", "notice": one.notice.value if one.notice else "",
    }  # fmt: skip


def _policy(practice: int, name: str) -> dict[str, Any]:
    return {"practice": name, "version": policies.number(practice)} | policies.current(practice).as_json()
