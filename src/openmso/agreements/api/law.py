"""The API of law: rules, counsel's word, what is so of a practice, and what the rules come to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.agreements.api.papers import router as router
from openmso.agreements.api.schemas import AgreementId
from openmso.agreements.contracts import COUNSEL, FACTS, LAW, READ
from openmso.agreements.law import judging, rulebook
from openmso.agreements.law.judging import Verdict
from openmso.agreements.law.rulebook import Evidence, Moment, Outcome, Rule
from openmso.agreements.queries import agreements
from openmso.agreements.queries import law as queries
from openmso.agreements.services import law
from openmso.parties.queries import practices
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Body, text
from openmso.platform.tenancy.scope import reading

Code = Annotated[str, Field(max_length=20)]
Why = Annotated[str, text(300)]
Condition = Annotated[
    dict[str, Any] | list[Any] | None,
    Field(description="`all` or `any` of conditions; each has property, operator and value, or is a text of the three"),
]


class LawRuleOut(Schema):
    """A rule of law: `rule` is the whole of it as data; `counsel` who signed it off as it stands."""

    code: str
    number: int
    outcome: Outcome
    places: list[str]
    words: str
    citation: str
    evidence: Evidence
    counsel: str
    stops: Annotated[bool, Field(description="Whether it may stop anything: seen, or signed off")]
    rule: dict[str, Any]


class LawTimerIn(Body):
    """A clock of so many days, before or after the day of a fact; `sooner` is a fact of hours that hold if fewer."""

    days: Annotated[int, Field(ge=1, le=3660)]
    before: Annotated[str, Field(max_length=40)] = ""
    after: Annotated[str, Field(max_length=40)] = ""
    done: Annotated[str, Field(max_length=40)] = ""
    to: Annotated[str, Field(max_length=120)] = ""
    sooner: Annotated[str, Field(max_length=40)] = ""


class LawRuleIn(Body):
    """A version of a rule."""

    places: Annotated[list[Annotated[str, text(2)]], Field(min_length=1, max_length=60)]
    moments: Annotated[list[Moment], Field(min_length=1, max_length=8)]
    outcome: Outcome
    words: Annotated[str, text(400)]
    remedy: Annotated[str, text(300, length_min=0)] = ""
    citation: Annotated[str, text(160)]
    source: Annotated[str, text(300, length_min=0)] = ""
    evidence: Evidence
    as_of: date
    when: Condition = None
    unless: Condition = None
    needs: Annotated[list[Any], Field(max_length=20)] = []
    from_on: date | None = None
    existing_from_on: date | None = None
    until_on: date | None = None
    reserves: Annotated[list[Annotated[str, text(4)]], Field(max_length=20)] = []
    exempts: Annotated[list[Annotated[str, text(20)]], Field(max_length=40)] = []
    offers: Annotated[list[Annotated[str, text(20)]], Field(max_length=10)] = []
    timer: LawTimerIn | None = None
    review_on: Annotated[date | None, Field(description="When what is only watched is looked at again")] = None
    why: Why


class LawWhyIn(Body):
    """Why."""

    why: Why


class SignOffIn(Body):
    """Counsel's word for a rule as it is written now."""

    counsel: Annotated[str, text(80)]
    firm: Annotated[str, text(80, length_min=0)] = ""
    note: Why
    until_on: date | None = None


class LegalFactOut(Schema):
    """What is known: from the papers, or said by somebody."""

    name: str
    value: str
    why: str
    said_at: datetime | None
    said_by: str


class FactsIn(Body):
    """Facts by name, as text; an empty one is taken back. `why` says what shows them."""

    facts: Annotated[dict[str, Annotated[str, Field(max_length=80)]], Field(min_length=1, max_length=200)]
    why: Why


class LawFindingOut(Schema):
    """What a rule comes to; `stops` says whether the step may not be taken."""

    code: str
    number: int
    outcome: Outcome
    verdict: Verdict
    stops: bool
    says: str
    remedy: str
    unmet: list[str]
    asks: list[str]
    reserves: list[str]
    due_on: date | None


class LawFoundOut(Schema):
    """What the law comes to for an agreement at a moment, and what is known."""

    moment: Moment
    stops: bool
    findings: list[LawFindingOut]
    facts: list[LegalFactOut]


class MomentAsk(Schema):
    """At which moment."""

    moment: Moment = Moment.SIGN


@router.get("/law-rules", response=list[LawRuleOut])
@operation(READ.code)
def list_law_rules(request: Any) -> Any:
    """The rules of law that are asked here."""
    return [_rule(one) for one in queries.rules(on=request.actor.today)]


@router.get("/law-rules/{law_rule}", response=LawRuleOut)
@operation(READ.code)
def get_law_rule(request: Any, law_rule: Code) -> Any:
    """One rule as it is asked here."""
    return _rule(queries.rule(law_rule, on=request.actor.today))


@router.put("/law-rules/{law_rule}", response=LawRuleOut)
@operation(LAW.code)
def write_law_rule(request: Any, law_rule: Code, body: LawRuleIn) -> Any:
    """Write a rule or its next version; counsel's word for the last one is over."""
    dated = {"from": "from_on", "existing_from": "existing_from_on", "until": "until_on", "review": "review_on"}
    given = body.model_dump(mode="json", exclude_none=True, exclude={"why", *dated.values()})
    for name, day in ((name, getattr(body, field)) for name, field in dated.items()):
        if day is not None:
            given[name] = day.isoformat()
    if body.timer is not None:
        given["timer"] = {name: value for name, value in body.timer.model_dump().items() if value}
    law.write_rule(
        actor=request.actor, mso=_mso(request, LAW.code), given=given | {"code": law_rule}, why=body.why,
        at=request.actor.at,
    )  # fmt: skip
    return _read(request, law_rule)


@router.post("/law-rules/{law_rule}/withdrawal", response={204: None})
@operation(LAW.code)
def withdraw_law_rule(request: Any, law_rule: Code, body: LawWhyIn) -> Any:
    """Ask a rule of nobody any longer."""
    law.withdraw_rule(
        actor=request.actor, mso=_mso(request, LAW.code), code=law_rule, why=body.why, at=request.actor.at
    )
    return Status(204, None)


@router.post("/law-rules/{law_rule}/sign-off", response=LawRuleOut)
@operation(COUNSEL.code)
def sign_law_rule_off(request: Any, law_rule: Code, body: SignOffIn) -> Any:
    """Record that counsel confirmed a rule as it is written now."""
    law.sign_off(
        actor=request.actor, mso=_mso(request, COUNSEL.code), code=law_rule, at=request.actor.at, **body.model_dump()
    )
    return _read(request, law_rule)


@router.get("/agreements/{agreement}/law", response=LawFoundOut)
@operation(READ.code)
def get_law_of_agreement(request: Any, agreement: AgreementId, ask: Query[MomentAsk]) -> Any:
    """What the law comes to for an agreement at a moment; of its draft where one is on the desk."""
    found = agreements.agreement(agreement)
    on = request.actor.day_in(found.practice)
    known = queries.known_of(found, on=on)
    findings = queries.findings(found.practice, known, moment=ask.moment, on=on)
    return {
        "moment": ask.moment, "stops": any(one.stops for one in findings),
        "findings": [judging.as_data(one) for one in findings],
        "facts": [_fact(one) for one in known.values()],
    }  # fmt: skip


@router.post("/agreements/{agreement}/legal-facts", response=list[LegalFactOut])
@operation(FACTS.code)
def say_legal_facts(request: Any, agreement: AgreementId, body: FactsIn) -> Any:
    """Say what is so of the practice of an agreement, for the rules of law."""
    with reading():
        practice = agreements.agreement(agreement).practice
    law.say(actor=request.actor, practice=practice, facts=body.facts, why=body.why, at=request.actor.at)
    with reading():
        return [_fact(one) for one in queries.said(practice).values()]


def _fact(one: queries.Known) -> dict[str, Any]:
    return {"name": one.name, "value": one.said, "why": one.why, "said_at": one.at, "said_by": one.by}


def _rule(one: Rule) -> dict[str, Any]:
    return {
        "code": one.code, "number": one.number, "outcome": one.outcome.value, "places": list(one.places),
        "words": one.words, "citation": one.citation, "evidence": one.evidence.value, "counsel": one.signed_off,
        "stops": one.is_hard, "rule": rulebook.as_data(one),
    }  # fmt: skip


def _read(request: Any, code: str) -> dict[str, Any]:
    with reading():
        return _rule(queries.rule(code, on=request.actor.today))


def _mso(request: Any, permission: str) -> int:
    with reading():
        return practices.mso_that_decides(request.actor, permission, otherwise=law.NOT_THE_MSO)
