"""The API of remittances, continued: papers that are typed, claim by claim, and posted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import File, Form, Query, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from openmso.kit import clock
from openmso.kit.classes import DataClass
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, Words, public_id, sent
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.remittances.api.recoupments import router as router
from openmso.remittances.api.routes import FileOut, file_answer
from openmso.remittances.contracts import POST, READ
from openmso.remittances.queries import eobs
from openmso.remittances.queries.eobs import EobView
from openmso.remittances.rules.eobs import TypedClaim, TypedLine
from openmso.remittances.services import eobs as services

EobId = Annotated[str, public_id("EOB")]
ClaimId = Annotated[str, public_id("CLM")]
Clinical = of_class(DataClass.CLINICAL)
Cents = Annotated[Decimal, Field(max_digits=11, decimal_places=2, examples=["12.00"])]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,5}$", examples=["45"])]


class TypedReason(Schema):
    """Why not all was paid: CAS group, reason, amount."""

    group: Literal["CO", "PR", "OA", "PI"]
    reason: Code
    amount: Cents


class TypedLineIn(Schema):
    """What the paper says of a line of the claim, by its number."""

    number: Annotated[int, Field(ge=1, le=999)]
    paid: Cents
    reasons: Annotated[list[TypedReason], Field(max_length=30)] = []
    remarks: Annotated[list[Code], Field(max_length=20)] = []


class TypedClaimIn(Body):
    """What the paper says of a claim; lines that are left out are paid nothing and not explained yet."""

    status: Literal["1", "2", "3", "19", "20", "21"] = "1"
    payer_control: Annotated[str, Field(max_length=50)] = ""
    lines: Annotated[list[TypedLineIn], Field(max_length=999)]


class ProviderItem(Schema):
    """What is taken from (positive) or given to the practice as a whole (PLB)."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2}$", examples=["WO"])]
    reference: Annotated[str, Field(max_length=50)] = ""
    amount: Cents


class ProviderItemsIn(Body):
    """All of them; those typed before are replaced."""

    items: Annotated[list[ProviderItem], Field(max_length=30)]


class TakebacksIn(Body):
    """The claim payments of before that the paper takes back; those named before are replaced."""

    payments: Annotated[list[Annotated[str, public_id("PMT")]], Field(max_length=100)]


class PaperWithdrawIn(Body):
    """Why."""

    why: Annotated[str, Field(min_length=1, max_length=300)]


class TypedReasonOut(Schema):
    """Why not all was paid."""

    group: str
    reason: str
    amount: Amount


class ProviderItemOut(Schema):
    """What is taken from (positive) or given to the practice as a whole."""

    code: str
    reference: str
    amount: Amount


class TypedLineOut(Schema):
    """A line as it was typed."""

    number: int
    code: Annotated[str, Clinical]
    charge: Amount
    paid: Amount
    left: Amount
    reasons: Annotated[list[TypedReasonOut], Clinical]


class TypedClaimOut(Schema):
    """A claim as it was typed."""

    claim: str
    status: Annotated[str, Clinical]
    paid: Amount
    left: Amount
    lines: list[TypedLineOut]


class TakebackOut(Schema):
    """A claim payment of before that the paper takes back, whole: what it was paid, negated."""

    payment: str
    claim: str
    paid: Amount


class EobRowOut(Schema):
    """A paper in the list."""

    id: str
    practice: str
    payer: str
    trace: str
    paid_on: date
    amount: Amount
    claims: int
    state: str
    opened_at: datetime
    opened_by: str


class EobOut(Schema):
    """A paper with everything that was typed.

    `wrong` says what keeps it from being posted, `lacks` what its 835 does not say, because the register of payers
    does not have it: software that is given the file may ask for it.
    """

    id: str
    payer: str
    method: str
    trace: str
    paid_on: date
    amount: Amount
    left: Amount
    state: str
    wrong: list[str]
    lacks: list[str]
    file: str
    scan: str
    claims: list[TypedClaimOut]
    taken_back: list[TakebackOut]
    provider: list[ProviderItemOut]


@router.get("/papers", response=PageOut[EobRowOut])
@operation(READ.code)
def list_papers(
    request: Any, page: Query[PageAsk], state: Literal["", "draft", "posted", "withdrawn"] = "", q: Words = ""
) -> Any:
    """Papers that are typed, or were, the latest first."""
    terms = (Term("is", "=", state, state),) if state else ()
    found = eobs.eobs_listed(filters=Filters(terms, q), page=RowsAsk(page.page, page.size))
    rows = [
        {"id": row.public_id, "practice": row.practice_name, "payer": row.payer, "trace": row.trace,
         "paid_on": row.paid_on, "amount": str(row.amount), "claims": row.claims, "state": row.state.value,
         "opened_at": row.opened_at, "opened_by": row.opened_by}
        for row in found.rows
    ]  # fmt: skip
    return paged(request, rows, found.total or 0, page)


@router.get("/papers/{eob}", response=EobOut)
@operation(READ.code)
def get_paper(request: Any, eob: EobId) -> Any:
    """A paper with everything that was typed."""
    return _answer(request, eobs.eob(eob))


@router.post("/papers", response={201: EobOut})
@operation(POST.code)
def open_paper(
    request: Any,
    biller: Form[Annotated[str, public_id("BIL")]],
    payer: Form[Annotated[str, public_id("PAY")]],
    method: Form[Literal["CHK", "ACH", "NON"]],
    trace: Form[Annotated[str, Field(min_length=1, max_length=50)]],
    paid_on: Form[date],
    amount: Form[Annotated[Decimal, Field(ge=0, max_digits=11, decimal_places=2)]],
    scan: File[UploadedFile | None] = None,
) -> Any:
    """Begin a paper with its check; a scan of it is kept beside."""
    made = services.open_eob(
        actor=request.actor, biller=biller, payer=payer, method=method, trace=trace, paid_on=paid_on, amount=amount,
        at=clock.now(), scan=(scan.name or "paper.pdf", sent(scan)) if scan else None,
    )  # fmt: skip
    return Status(201, _reread(request, made))


@router.put("/papers/{eob}/claims/{claim}", response=EobOut)
@operation(POST.code)
def type_claim_of_paper(request: Any, eob: EobId, claim: ClaimId, given: TypedClaimIn) -> Any:
    """Keep what the paper says of a claim, over what was typed before; it need not add up yet."""
    with reading():
        known = eobs.to_type(eob, claim)
    by_number = {line.number: line for line in given.lines}
    services.type_claim(
        actor=request.actor, eob=eob, claim=claim, status=given.status, payer_control=given.payer_control,
        lines=[_line(line, by_number.get(line.number)) for line in known.lines], at=clock.now(),
    )  # fmt: skip
    return _reread(request, eob)


@router.delete("/papers/{eob}/claims/{claim}", response=EobOut)
@operation(POST.code)
def remove_claim_of_paper(request: Any, eob: EobId, claim: ClaimId) -> Any:
    """Take a claim off a paper."""
    services.remove_claim(actor=request.actor, eob=eob, claim=claim, at=clock.now())
    return _reread(request, eob)


@router.put("/papers/{eob}/provider", response=EobOut)
@operation(POST.code)
def type_provider_of_paper(request: Any, eob: EobId, given: ProviderItemsIn) -> Any:
    """Keep what the paper takes from, or gives to, the practice as a whole."""
    items = [(one.code, one.reference, one.amount) for one in given.items]
    services.type_provider(actor=request.actor, eob=eob, items=items, at=clock.now())
    return _reread(request, eob)


@router.put("/papers/{eob}/taken-back", response=EobOut)
@operation(POST.code)
def type_takebacks_of_paper(request: Any, eob: EobId, given: TakebacksIn) -> Any:
    """Keep which claim payments of before the paper takes back; what comes instead is typed as any claim."""
    services.type_taken_back(actor=request.actor, eob=eob, payments=given.payments, at=clock.now())
    return _reread(request, eob)


@router.post("/papers/{eob}/post", response=FileOut)
@operation(POST.code, mailroom=True)
def post_paper(request: Any, eob: EobId) -> Any:
    """Post a paper that adds up: once, however often it is asked."""
    outcome = services.post(actor=request.actor, eob=eob, at=clock.now())
    with reading():
        return file_answer(outcome.file)


@router.post("/papers/{eob}/withdraw", response=EobOut)
@operation(POST.code)
def withdraw_paper(request: Any, eob: EobId, given: PaperWithdrawIn) -> Any:
    """Give up a paper that was not posted."""
    services.withdraw(actor=request.actor, eob=eob, why=given.why, at=clock.now())
    return _reread(request, eob)


def _line(line: TypedLine, given: TypedLineIn | None) -> TypedLine:
    reasons = tuple((one.group, one.reason, one.amount) for one in given.reasons) if given else ()
    return TypedLine(
        line.number, line.control, line.code, line.modifiers, line.service_on, line.charge,
        given.paid if given else Decimal("0.00"), reasons, tuple(given.remarks) if given else (),
    )  # fmt: skip


def _reread(request: Any, eob: str) -> dict[str, Any]:
    with reading():
        return _answer(request, eobs.eob(eob))


def _answer(request: Any, view: EobView) -> dict[str, Any]:
    reads.one(request, practice=view.practice, subject=(services.SUBJECT, view.public_id), shows=EobOut)
    return {
        "id": view.public_id, "payer": view.payer, "method": view.method, "trace": view.trace,
        "paid_on": view.paid_on, "amount": str(view.amount), "left": str(view.left), "state": view.state.value,
        "wrong": list(view.wrong), "lacks": list(view.lacks), "file": view.file, "scan": view.scan,
        "claims": [_claim(one) for one in view.paper.claims],
        "taken_back": [
            {"payment": one.payment, "claim": one.claim, "paid": str(one.paid)} for one in view.paper.taken_back
        ],
        "provider": [
            {"code": code, "reference": name, "amount": str(amount)} for code, name, amount in view.paper.provider
        ],
    }  # fmt: skip


def _claim(claim: TypedClaim) -> dict[str, Any]:
    lines = [
        {"number": line.number, "code": line.code, "charge": str(line.charge), "paid": str(line.paid),
         "left": str(line.left),
         "reasons": [
             {"group": group, "reason": reason, "amount": str(amount)} for group, reason, amount in line.reasons
         ]}
        for line in claim.lines
    ]  # fmt: skip
    return {"claim": claim.claim, "status": claim.status, "paid": str(claim.paid), "left": str(claim.left),
            "lines": lines}  # fmt: skip
