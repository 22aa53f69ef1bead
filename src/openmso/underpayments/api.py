"""The API of underpayments: the queue, accepting, and disputes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema, Status
from pydantic import Field

from openmso.contracting import queries as contracting
from openmso.kit.classes import DataClass
from openmso.kit.periods import Month
from openmso.parties.queries import payers
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, PracticeName, Words, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.underpayments import allowing, queries, repricing
from openmso.underpayments.contracts import (
    About,
    By,
    DifferenceRow,
    Owner,
    ProposalRow,
    Repriced,
    Repricing,
    RuleDraft,
    RuleRow,
    ShortLine,
    Treatment,
)
from openmso.underpayments.services import deciding, lines, rulebook
from openmso.underpayments.tables import UNDERPAYMENTS

router = Router(tags=["Underpayments"])
UnderpaymentId = Annotated[str, public_id("UPY")]
DifferenceId = Annotated[str, public_id("DIF")]


class UnderpaymentOut(Schema):
    """A line that was paid short: what the contract expects, by which term, and what was allowed."""

    id: str
    claim: str
    line: int
    code: Annotated[str, of_class(DataClass.CLINICAL)]
    service_on: Annotated[date, of_class(DataClass.CLINICAL)]
    payer: str
    expected: Amount
    allowed: Amount
    short: Amount
    recovered: Amount
    cause: str
    state: str
    contract: str
    version: int
    term: str
    payment: str
    reasons: Annotated[list[str], of_class(DataClass.CLINICAL)]
    found_on: date
    dispute: str


class AcceptanceIn(Body):
    """Why a line is left as it was paid."""

    why: Annotated[str, text(300)]


class DisputeIn(Body):
    """Whose short payments go into a packet."""

    practice: PracticeName
    payer: Annotated[str, public_id("PAY")]


class DisputeOut(Schema):
    """A dispute with its packet, a document."""

    id: str
    payer: str
    lines: int
    amount: Amount
    document: str
    made_at: datetime
    made_by: str


class ProposalSumOut(Schema):
    """How many proposals, and what was missing on their lines when they were made."""

    count: int
    amount: Amount


class PostingRuleOut(Schema):
    """A version of a rule that proposes what is done where payments differ; the sums are of all its versions."""

    code: str
    number: int
    title: str
    payer: str
    about: str
    owner: str
    when: dict[str, Any]
    when_words: str
    treatment: str
    words: str
    starts_on: date
    withdrawn: bool
    holds: bool
    why: str
    waits: ProposalSumOut
    taken: ProposalSumOut
    declined: ProposalSumOut
    lapsed: ProposalSumOut


class PostingRuleIn(Body):
    """The next version of a posting rule: about what, conditions over its properties, and what it proposes to whom."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$", examples=["small-differences"])]
    title: Annotated[str, text(120)]
    payer: Annotated[str, Field(max_length=12)] = ""
    about: Literal["short", "overpaid", "taken_back", "interest", "unmatched", "recoded", "denied", "patient"] = "short"
    owner: Literal["posting", "denials", "patients"] = "posting"
    when: dict[str, Any]
    treatment: Literal["accept", "dispute", "ask", "check", "correct", "appeal", "return", "patient"]
    words: Annotated[str, text(200)]
    starts_on: date
    withdrawn: bool = False
    why: Annotated[str, text(300)]


class PostingProposalOut(Schema):
    """What a rule proposes for a line paid short (`underpayment`), or another difference; it stands until decided."""

    underpayment: str
    difference: str
    about: str
    owner: str
    claim: str
    payer: str
    rule: str
    number: int
    treatment: str
    words: str
    amount: Amount
    state: str


class PaymentDifferenceOut(Schema):
    """A payment that differs in another way than paid short, and what a rule proposes for it (the latest)."""

    id: str
    about: str
    words: Annotated[str, of_class(DataClass.CLINICAL)]
    source: str
    claim: str
    line: int
    code: Annotated[str, of_class(DataClass.CLINICAL)]
    service_on: Annotated[date | None, of_class(DataClass.CLINICAL)]
    payer: str
    reasons: Annotated[list[str], of_class(DataClass.CLINICAL)]
    remarks: Annotated[list[str], of_class(DataClass.CLINICAL)]
    expected: Amount | None
    amount: Amount
    found_on: date
    gone_on: date | None
    proposal: PostingProposalOut | None


class AskRulesIn(Body):
    """In which practice the rules are asked."""

    practice: PracticeName


class AskedRulesOut(Schema):
    """How many proposals wait."""

    waiting: int


class ProposalDecisionIn(Body):
    """Whether what a rule proposes is done; a reason where it is not."""

    take: bool
    why: Annotated[str, Field(max_length=300)] = ""


class RepricedOut(Schema):
    """A code or clinician: sums over the lines that both sets of terms price; `untold` lines are left out of them."""

    name: str
    lines: int
    untold: int
    charged: Amount
    current: Amount
    proposed: Amount
    difference: Amount


class RepricingOut(Schema):
    """What claims would have brought under a version of a contract, or its draft."""

    contract: str
    payer_name: str
    version: int
    is_draft: bool
    since: date
    until: date
    allowed: Amount
    total: RepricedOut
    by_code: list[RepricedOut]
    by_clinician: list[RepricedOut]


@router.get("/payer-contracts/{contract}/versions/{number}/repricing", response=RepricingOut)
@operation("contracting.read")
def reprice_payer_contract(
    request: Any, contract: Annotated[str, public_id("PCN")], number: int, since: date | None = None,
    until: date | None = None,
) -> Any:  # fmt: skip
    """What the claims with services from a day to before another would have brought under a version, or the draft.

    Of the twelve months before this one, where no days are given.
    """
    first, last = repricing.year_before(request.actor.today)
    since, until = since or first, until or last
    return repriced_json(repricing.reprice(contract=contract, number=number, since=since, until=until))


class AllowedCodeOut(Schema):
    """A code of a contract's lines that were paid: what was expected and what was allowed, and what stands as short."""

    code: str
    lines: int
    expected: Amount
    allowed: Amount
    difference: Amount
    short: int
    missing: Amount


@router.get("/payer-contracts/{contract}/allowed", response=list[AllowedCodeOut])
@operation("underpayments.read")
def list_allowed_by_code(
    request: Any, contract: Annotated[str, public_id("PCN")], since: date | None = None, until: date | None = None
) -> Any:
    """What the payer allowed by code, of services from a day to before another; without days, of the last year."""
    first, last = repricing.year_before(request.actor.today)
    found = allowing.by_code(
        contracting.contract(contract), since=since or first, until=until or Month.of(last).plus(1).first
    )
    names = AllowedCodeOut.model_fields
    return [
        {name: value if isinstance(value := getattr(row, name), str | int) else str(value) for name in names}
        for row in found
    ]


def repriced_json(found: Repricing) -> dict[str, Any]:
    """A repricing as software reads it."""
    return {
        "contract": found.contract, "payer_name": found.payer, "version": found.version, "is_draft": found.is_draft,
        "since": found.since, "until": found.until, "allowed": str(found.allowed), "total": _repriced(found.total),
        "by_code": [_repriced(one) for one in found.by[By.CODE]],
        "by_clinician": [_repriced(one) for one in found.by[By.CLINICIAN]],
    }  # fmt: skip


def _repriced(one: Repriced) -> dict[str, Any]:
    return {
        "name": one.name, "lines": one.lines, "untold": one.untold, "charged": str(one.charged),
        "current": str(one.current), "proposed": str(one.proposed), "difference": str(one.difference),
    }  # fmt: skip


class QueuedUnderpaymentOut(UnderpaymentOut, Queued):
    """The same, with why it is next."""


@router.get("/underpayments", response=PageOut[QueuedUnderpaymentOut])
@operation("underpayments.read")
def list_underpayments(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """What payers paid short, the dearest first; `q` is a claim or how a code begins."""
    found = queries.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    reads.many(request, of="underpayments", practices=[one.practice for one in found.rows], shows=QueuedUnderpaymentOut)
    return paged(request, reasoned(request, UNDERPAYMENTS, found.rows, _told), found.total or 0, page)


@router.get("/underpayments/{underpayment}", response=UnderpaymentOut)
@operation("underpayments.read")
def get_underpayment(request: Any, underpayment: UnderpaymentId) -> Any:
    """One line that was paid short."""
    return _read(request, underpayment)


@router.post("/underpayments/{underpayment}/acceptance", response=UnderpaymentOut)
@operation("underpayments.work")
def accept_underpayment(request: Any, underpayment: UnderpaymentId, body: AcceptanceIn) -> Any:
    """Leave a line as it was paid, with a reason."""
    lines.accept(actor=request.actor, underpayment=underpayment, why=body.why, at=request.actor.at)
    with reading():
        return _read(request, underpayment)


@router.get("/disputes", response=list[DisputeOut])
@operation("underpayments.read")
def list_disputes(request: Any) -> Any:
    """The latest disputes; a packet is opened as a document."""
    return [_dispute(one) for one in queries.disputes()]


@router.post("/disputes", response={201: DisputeOut})
@operation("underpayments.work")
def make_dispute(request: Any, body: DisputeIn) -> Any:
    """Make a packet of all that a payer paid short in a practice and nobody disputed yet."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
        payer = payers.by_public_id(body.payer).id
    made = lines.dispute(actor=request.actor, practice=practice, payer_id=payer, at=request.actor.at)
    with reading():
        return Status(201, _dispute(next(one for one in queries.disputes(practice=practice) if one.public_id == made)))


@router.get("/posting-rules", response=list[PostingRuleOut])
@operation("underpayments.read")
def list_posting_rules(request: Any) -> Any:
    """The posting rules as they hold today, and what each proposed, by dollars."""
    return [_rule(one) for one in queries.rules(on=request.actor.today)]


@router.get("/posting-rules/{posting_rule}", response=list[PostingRuleOut])
@operation("underpayments.read")
def get_posting_rule(request: Any, posting_rule: Annotated[str, Field(max_length=40)]) -> Any:
    """Every version of a posting rule, the latest first."""
    return [_rule(one) for one in queries.rule(posting_rule, on=request.actor.today)]


@router.post("/posting-rules", response={201: PostingRuleOut})
@operation("underpayments.rules")
def write_posting_rule(request: Any, body: PostingRuleIn) -> Any:
    """Write the next version of a rule, the first one included."""
    actor = request.actor
    with reading():
        payer = payers.by_public_id(body.payer).id if body.payer else None
        mso = tenancy.mso()
    draft = RuleDraft(
        body.code, body.title, payer, body.when, Treatment(body.treatment), body.words, body.starts_on, body.why,
        body.withdrawn, About(body.about), Owner(body.owner),
    )  # fmt: skip
    rulebook.write_rule(actor=actor, mso=mso, draft=draft, at=actor.at)
    with reading():
        return Status(201, _rule(queries.rule(body.code, on=actor.today)[0]))


@router.get("/posting-proposals", response=PageOut[PostingProposalOut])
@operation("underpayments.read")
def list_posting_proposals(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """What rules propose and nobody decided, the most dollars first."""
    found = queries.proposals(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    return paged(request, [_proposal(one) for one in found.rows], found.total or 0, page)


@router.post("/posting-proposals", response={201: AskedRulesOut})
@operation("underpayments.work")
def ask_posting_rules(request: Any, body: AskRulesIn) -> Any:
    """Ask the rules about every open line of a practice, and what differed lately."""
    actor = request.actor
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    return Status(201, {"waiting": rulebook.propose(actor=actor, practice=practice, at=actor.at)})


@router.post("/underpayments/{underpayment}/proposal-decision", response=UnderpaymentOut)
@operation("underpayments.work")
def decide_posting_proposal(request: Any, underpayment: UnderpaymentId, body: ProposalDecisionIn) -> Any:
    """Take or decline what a rule proposes for a line."""
    deciding.decide(actor=request.actor, subject=underpayment, take=body.take, why=body.why, at=request.actor.at)
    with reading():
        return _read(request, underpayment)


@router.get("/payment-differences", response=PageOut[PaymentDifferenceOut])
@operation("underpayments.read")
def list_payment_differences(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Where payments differ otherwise than paid short, the latest first; `q` is a claim, payment, code or reason."""
    found = queries.differences(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    reads.many(
        request, of="payment differences", practices=[one.practice for one in found.rows], shows=PaymentDifferenceOut
    )
    return paged(request, [_differing(one) for one in found.rows], found.total or 0, page)


@router.get("/payment-differences/{difference}", response=PaymentDifferenceOut)
@operation("underpayments.read")
def get_payment_difference(request: Any, difference: DifferenceId) -> Any:
    """One payment that differs."""
    return _read_difference(request, difference)


@router.post("/payment-differences/{difference}/proposal-decision", response=PaymentDifferenceOut)
@operation("underpayments.work")
def decide_difference_proposal(request: Any, difference: DifferenceId, body: ProposalDecisionIn) -> Any:
    """Give a difference to the owner that a rule names, or decline what the rule proposes."""
    deciding.decide(actor=request.actor, subject=difference, take=body.take, why=body.why, at=request.actor.at)
    with reading():
        return _read_difference(request, difference)


def _read_difference(request: Any, difference: str) -> dict[str, Any]:
    one = queries.difference(difference)
    reads.one(
        request, practice=one.practice, subject=("underpayments.difference", difference), shows=PaymentDifferenceOut
    )
    return _differing(one)


def _differing(one: DifferenceRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "about": one.about.value, "words": one.words, "source": one.source, "claim": one.claim,
        "line": one.line, "code": one.code, "service_on": one.service_on, "payer": one.payer,
        "reasons": list(one.reasons), "remarks": list(one.remarks),
        "expected": None if one.expected is None else str(one.expected), "amount": str(one.amount),
        "found_on": one.found_on, "gone_on": one.gone_on,
        "proposal": _proposal(one.proposal) if one.proposal else None,
    }  # fmt: skip


def _rule(one: RuleRow) -> dict[str, Any]:
    sums = {name: getattr(one, name) for name in ("waits", "taken", "declined", "lapsed")}
    return {
        "code": one.code, "number": one.number, "title": one.title, "payer": one.payer, "about": one.about.value,
        "owner": one.owner.value, "when": dict(one.when),
        "when_words": one.when_words, "treatment": one.treatment.value, "words": one.words,
        "starts_on": one.starts_on, "withdrawn": one.withdrawn, "holds": one.holds, "why": one.why,
        **{name: {"count": sum_.count, "amount": str(sum_.amount)} for name, sum_ in sums.items()},
    }  # fmt: skip


def _proposal(one: ProposalRow) -> dict[str, Any]:
    return {
        "underpayment": one.subject if one.about is About.SHORT else "",
        "difference": "" if one.about is About.SHORT else one.subject, "about": one.about.value,
        "owner": one.owner.value, "claim": one.claim, "payer": one.payer, "rule": one.rule,
        "number": one.number, "treatment": one.treatment.value, "words": one.words, "amount": str(one.amount),
        "state": one.state.value,
    }  # fmt: skip


def _read(request: Any, underpayment: str) -> dict[str, Any]:
    one = queries.underpayment(underpayment)
    reads.one(
        request, practice=one.practice, subject=("underpayments.underpayment", underpayment), shows=UnderpaymentOut
    )
    return _told(one)


def _told(one: ShortLine) -> dict[str, Any]:
    return {
        "id": one.public_id, "claim": one.claim, "line": one.line, "code": one.code, "service_on": one.service_on,
        "payer": one.payer, "expected": str(one.expected), "allowed": str(one.allowed), "short": str(one.short),
        "recovered": str(one.recovered), "cause": one.cause.value, "state": one.state.value,
        "contract": one.contract, "version": one.version, "term": one.term, "payment": one.payment,
        "reasons": list(one.reasons), "found_on": one.found_on, "dispute": one.dispute,
    }  # fmt: skip


def _dispute(one: Any) -> dict[str, Any]:
    return {
        "id": one.public_id, "payer": one.payer, "lines": one.lines, "amount": str(one.amount),
        "document": one.document, "made_at": one.made_at, "made_by": one.made_by,
    }  # fmt: skip
