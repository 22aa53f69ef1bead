"""The API of posting rules: what they say, what they propose, and payments that differ in other ways than short."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.kit.classes import DataClass
from openmso.parties.queries import payers
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, PracticeName, Words, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.underpayments import queries
from openmso.underpayments.api.routes import UnderpaymentId, UnderpaymentOut, whole_answer
from openmso.underpayments.api.routes import router as router
from openmso.underpayments.contracts import (
    About,
    DifferenceRow,
    Owner,
    ProposalRow,
    RuleDraft,
    RuleRow,
    Treatment,
)
from openmso.underpayments.services import deciding, rulebook

DifferenceId = Annotated[str, public_id("DIF")]


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
        return whole_answer(request, underpayment)


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
