"""The operations: arrangements are registered and kept, payments are checked and settled."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import File, Form, Path, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from openmso.compliance.api import schemas
from openmso.compliance.api.schemas import ArrangementId, LineId, RunId
from openmso.compliance.contracts import (
    KEEP,
    READ,
    RUN,
    ArrangementRow,
    NewArrangement,
    NewOpinion,
    NewTerm,
    Paper,
    Relative,
)
from openmso.compliance.queries import register, runs
from openmso.compliance.services import keeping, running
from openmso.compliance.states import Kind, Method, Party, Pay, Said, Side
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import PracticeName, Words, decoded, sent
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Compliance"])
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


@router.get("/arrangements", response=PageOut[schemas.ArrangementRowOut])
@operation(READ.code)
def list_arrangements(
    request: Any, ask: Query[schemas.ArrangementsAsk], page: Query[PageAsk], q: Words = ""
) -> Any:  # fmt: skip
    """The register of arrangements with referral sources, by party; `q` looks in parties, titles and numbers."""
    named = tenancy.tenants_in_scope() if ask.practice else []
    practice = next((one.code for one in named if ask.practice in {one.code, one.public_id}), ask.practice)
    found = register.listing(
        filters=_filters(q, practice=practice, kind=ask.kind, **{"is": ask.standing}), at=request.actor.at,
        page=RowsAsk(page.page, page.size, "name"),
    )  # fmt: skip
    return paged(request, [row_data(one) for one in found.rows], found.total or 0, page)


@router.post("/arrangements", response={201: schemas.ArrangementOut})
@operation(KEEP.code)
def register_arrangement(request: Any, body: schemas.ArrangementIn) -> Any:
    """Enter an arrangement into the register; its terms follow."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    made = keeping.register_arrangement(
        actor=request.actor, practice=practice, at=request.actor.at,
        new=NewArrangement(
            body.title, Kind(body.kind), Party(body.party), body.name, body.npi, body.ein, body.relation
        ),
    )  # fmt: skip
    return Status(201, _told(request, made))


@router.get("/arrangements/{arrangement}", response=schemas.ArrangementOut)
@operation(READ.code)
def get_arrangement(request: Any, arrangement: ArrangementId) -> Any:
    """One arrangement with its terms, opinions and checklists, as it stands today."""
    one = register.arrangement(arrangement)
    return schemas.arrangement_data(one, tenancy.today(one.practice, request.actor.at))


@router.post("/arrangements/{arrangement}/terms", response={201: schemas.ArrangementOut})
@operation(KEEP.code)
def write_arrangement_term(request: Any, arrangement: ArrangementId, body: schemas.TermIn) -> Any:
    """Write the next version of the terms; nothing is paid by it until it is active."""
    keeping.write_term(
        actor=request.actor, arrangement=arrangement, at=request.actor.at, new=NewTerm(
            body.services, Pay(body.pay), Decimal(body.rate), body.starts_on,
            body.through + timedelta(days=1) if body.through else None, body.written_on, body.reasonable,
            tuple(body.grounds), Decimal(body.hours_cap) if body.hours_cap else None, body.unit_words,
            body.in_advance, body.by_volume, body.holdover, body.why, _paper(body),
        ),
    )  # fmt: skip
    return Status(201, _told(request, arrangement))


@router.post("/arrangements/{arrangement}/terms/{number}/signatures", response={201: schemas.ArrangementOut})
@operation(KEEP.code)
def sign_arrangement_term(
    request: Any, arrangement: ArrangementId, number: Path[Number], body: schemas.SignatureIn
) -> Any:  # fmt: skip
    """Record that a side signed a term."""
    keeping.sign_term(
        actor=request.actor, arrangement=arrangement, number=number, side=Side(body.side), by=body.by,
        signed_on=body.signed_on, at=request.actor.at,
    )  # fmt: skip
    return Status(201, _told(request, arrangement))


@router.post("/arrangements/{arrangement}/terms/{number}/activation", response=schemas.ArrangementOut)
@operation(KEEP.code)
def activate_arrangement_term(request: Any, arrangement: ArrangementId, number: Path[Number]) -> Any:
    """Have a term be paid; refused without an opinion of value in force that covers its rate."""
    keeping.activate(actor=request.actor, arrangement=arrangement, number=number, at=request.actor.at)
    return _told(request, arrangement)


@router.post("/arrangements/{arrangement}/opinions", response={201: schemas.ArrangementOut})
@operation(KEEP.code)
def file_fmv_opinion(request: Any, arrangement: ArrangementId, body: schemas.FmvOpinionIn) -> Any:
    """File an opinion of fair market value; the latest governs."""
    keeping.file_opinion(
        actor=request.actor, arrangement=arrangement, at=request.actor.at, new=NewOpinion(
            Method(body.method), Decimal(body.low), Decimal(body.high), Pay(body.unit), body.appraiser,
            body.opined_on, body.expires_on, body.words, _paper(body),
        ),
    )  # fmt: skip
    return Status(201, _told(request, arrangement))


@router.post("/arrangements/{arrangement}/relatives", response={201: schemas.ArrangementOut})
@operation(KEEP.code)
def name_arrangement_relative(request: Any, arrangement: ArrangementId, body: schemas.RelativeIn) -> Any:
    """Name family or an entity of the party, so that payments to them are recognised."""
    keeping.name_relative(
        actor=request.actor, arrangement=arrangement, at=request.actor.at,
        relative=Relative(body.name, body.relation, body.npi, body.ein),
    )  # fmt: skip
    return Status(201, _told(request, arrangement))


@router.post("/arrangements/{arrangement}/answers", response={201: schemas.ArrangementOut})
@operation(KEEP.code)
def answer_checklist_element(request: Any, arrangement: ArrangementId, body: schemas.ElementAnswerIn) -> Any:
    """Answer an element of a checklist, with what shows it."""
    keeping.answer(
        actor=request.actor, arrangement=arrangement, element=body.element, said=Said(body.said),
        evidence=body.evidence, paper=_paper(body), at=request.actor.at,
    )  # fmt: skip
    return Status(201, _told(request, arrangement))


@router.post("/arrangements/{arrangement}/end", response=schemas.ArrangementOut)
@operation(KEEP.code)
def end_arrangement(request: Any, arrangement: ArrangementId, body: schemas.ArrangementEndIn) -> Any:
    """End an arrangement; what was done through its last day can still be paid."""
    keeping.end(
        actor=request.actor, arrangement=arrangement, ends_on=body.last_on + timedelta(days=1), why=body.why,
        at=request.actor.at,
    )  # fmt: skip
    return _told(request, arrangement)


@router.get("/payment-checks", response=PageOut[schemas.PaymentRunOut])
@operation(READ.code)
def list_payment_checks(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The payment runs that were checked, the latest first."""
    found = runs.runs(filters=Filters(text=q), page=RowsAsk(page.page, page.size, "judged_at", desc=True))
    return paged(request, [schemas.run_data(one) for one in found.rows], found.total or 0, page)


@router.post("/payment-checks", response={201: schemas.PaymentRunOut})
@operation(RUN.code)
def check_payments(request: Any, practice: Form[PracticeName], file: File[UploadedFile]) -> Any:
    """Check a CSV of payments against the register; the same file twice is one run."""
    with reading():
        key = tenancy.key_in_scope(practice)
    done = running.check(
        actor=request.actor, practice=key, name=file.name or "payments.csv", content=sent(file), at=request.actor.at
    )
    return Status(201, schemas.run_data(done))


@router.get("/payment-checks/{run}", response=schemas.PaymentRunOut)
@operation(READ.code)
def get_payment_check(request: Any, run: RunId) -> Any:
    """One payment run."""
    return schemas.run_data(runs.run(run))


@router.get("/payment-checks/{run}/payments", response=PageOut[schemas.CheckedPaymentOut])
@operation(READ.code)
def list_checked_payments(
    request: Any, run: RunId, ask: Query[schemas.CheckedAsk], page: Query[PageAsk], q: Words = ""
) -> Any:  # fmt: skip
    """The payments of a run in the order of the file, each with its outcome and reasons."""
    runs.run(run)
    found = runs.lines(
        filters=_filters(q, **{"is": ask.outcome}), page=RowsAsk(page.page, page.size, "number"), run=run
    )
    return paged(request, [schemas.line_data(one) for one in found.rows], found.total or 0, page)


@router.get("/payment-checks/{run}/payable", response={200: None})
@operation(READ.code)
def take_payable_payments(request: Any, run: RunId) -> Any:
    """The payments of a run that may be paid, as CSV with the columns in which they came."""
    runs.run(run)
    return HttpResponse(runs.payable(run), content_type="text/csv; charset=utf-8")


@router.get("/checked-payments/{line}", response=schemas.CheckedPaymentOut)
@operation(READ.code)
def get_checked_payment(request: Any, line: LineId) -> Any:
    """One payment as it was judged, and how it was settled where it was stopped."""
    return schemas.line_data(runs.line(line))


@router.post("/checked-payments/{line}/settlement", response=schemas.CheckedPaymentOut)
@operation(KEEP.code)
def settle_checked_payment(request: Any, line: LineId, body: schemas.PaymentSettledIn) -> Any:
    """Say how a stopped payment was settled; nothing is released by it."""
    return schemas.line_data(
        running.settle(actor=request.actor, line=line, words=body.words, at=request.actor.at)
    )  # fmt: skip


def row_data(one: ArrangementRow) -> dict[str, Any]:
    """A row of the register as plain data: what the API and the command say."""
    return {
        "id": one.public_id, "practice": one.practice_code, "title": one.title, "kind": one.kind.value,
        "party": one.party.value, "name": one.name, "npi": one.npi, "ein": one.ein, "standing": one.standing.value,
        "formula": one.formula, "starts_on": one.starts_on, "through": one.last_on, "value_through": one.fmv_on,
        "gaps": one.gaps,
    }  # fmt: skip


def _told(request: Any, arrangement: str) -> dict[str, Any]:
    with reading():
        one = register.arrangement(arrangement)
        return schemas.arrangement_data(one, tenancy.today(one.practice, request.actor.at))


def _filters(text: str, **asked: str | None) -> Filters:
    return Filters(tuple(Term(key, "=", value, value) for key, value in asked.items() if value), text)


def _paper(body: schemas.WithPaper) -> Paper | None:
    return None if body.document is None else Paper(body.document_name, decoded(body.document))
