"""The API of claims, continued: the catalogue of the scrubber, its rules written, tried, made live and retired."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.claims.api.answers import ClaimId
from openmso.claims.api.facility import router as router
from openmso.claims.contracts.rulebook import Origin, RulePage, RuleRow, TextView
from openmso.claims.queries import rulebook as queries
from openmso.claims.queries import stories, trying
from openmso.claims.rules import catalogue
from openmso.claims.rules.catalogue import Action
from openmso.claims.rules.properties import EVERY
from openmso.claims.services import rulebook as services
from openmso.claims.services import trials
from openmso.claims.states import RuleState
from openmso.kit import clock
from openmso.kit.classes import DataClass
from openmso.kit.conditions import OPERATORS, Kind
from openmso.kit.errors import NotFound
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, Words, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk

RuleCode = Annotated[str, Field(pattern=r"^[a-z0-9_.]{1,40}$", examples=["line_twice"])]
Name = Annotated[str, text(40)]
DryRunId = Annotated[str, public_id("DRY")]


class ScopeIn(Body):
    """Which claims a rule is asked of; what is empty narrows nothing. `service_until` is the first day it is not."""

    payers: list[Name] = []
    payer_kinds: list[Name] = []
    states: list[Name] = []
    specialties: list[Name] = []
    practices: list[Name] = []
    service_from: date | None = None
    service_until: date | None = None


class RuleIn(Body):
    """What a rule says. `when`: `{"all": [...]}`, `{"any": [...]}` or a property with its operator and value.

    With `of` it adjusts a rule of the house, which has its own words and conditions.
    """

    title: Annotated[str, text(120, length_min=5)]
    action: Action
    words: Annotated[str, text(250, length_min=0)] = ""
    fix: Annotated[str, text(250, length_min=0)] = ""
    evidence: Annotated[str, text(300, length_min=5)]
    scope: ScopeIn = ScopeIn()
    when: dict[str, Any] | None = None
    of: Annotated[str, text(40, length_min=0)] = ""

    def said(self) -> dict[str, Any]:
        """As the service takes it."""
        given = self.model_dump()
        scope = {name: str(one) if isinstance(one, date) else one for name, one in given.pop("scope").items() if one}
        return {**given, "action": self.action.value, "scope": scope}


class TrialIn(Body):
    """A rule, and the claim it is tried on."""

    rule: RuleIn
    claim: ClaimId


class LiveIn(Body):
    """From when a draft is in force; without a day from today."""

    why: Annotated[str, text(300, length_min=5)]
    starts_on: date | None = None


class RetiredIn(Body):
    """Why a rule is not asked any more."""

    why: Annotated[str, text(300, length_min=5)]


class DryRunOut(Schema):
    """What a rule would have said of the claims of the last 90 days. hits = denied + paid + waiting.

    `set_aside`: a person had set the same finding aside; `unsure`: the rule cannot be judged; `samples` name some.
    """

    run: str
    rule: str
    since: date
    claims: int
    done: int
    hits: int
    denied: int
    paid: int
    waiting: int
    set_aside: int
    unsure: int
    denied_amount: Amount
    finished_at: datetime | None
    samples: dict[str, list[str]]


class TallyOut(Schema):
    """What came of the claims that a rule hit in the last 90 days. hits = mended + denied + paid + waiting."""

    hits: int
    mended: int
    set_aside: int
    denied: int
    paid: int
    waiting: int
    counted_at: datetime | None


class RuleRowOut(Schema):
    """A rule of the catalogue; `number` is its version, 0 of the house's own and before the first."""

    code: str
    title: str
    origin: Origin
    state: RuleState
    action: Action
    scope: str
    evidence: str
    number: int
    of: str
    is_firm: bool
    has_draft: bool
    tally: TallyOut | None


class TextOut(Schema):
    """What a draft or a version says; `fault` is why it cannot be judged, if so."""

    text: dict[str, Any]
    when: str
    fault: str


class RuleVersionOut(Schema):
    """A version that was made live; it never changes."""

    number: int
    starts_on: date
    drafted_by: str
    approved_by: str
    approved_at: datetime
    why: str
    sha256: str
    says: TextOut


class RuleOut(RuleRowOut):
    """A rule with its draft, its versions and, of the house's own, its adjustments."""

    draft: TextOut | None
    versions: list[RuleVersionOut]
    adjustments: list[RuleRowOut]
    retired_on: date | None
    retired_why: str


class PropertyOut(Schema):
    """What rules may ask of a claim."""

    name: str
    label: str
    kind: Kind
    note: str
    operators: list[str]


class RuleStepOut(Schema):
    """A condition, what the claim answers, and yes, no or cannot say."""

    condition: Annotated[str, of_class(DataClass.CLINICAL)]
    answer: Annotated[str, of_class(DataClass.CLINICAL)]
    said: str


class RuleTrialOut(Schema):
    """What a rule says of a claim; `within`: whether the claim lies in its scope."""

    within: bool
    findings: list[Annotated[str, of_class(DataClass.CLINICAL)]]
    steps: list[RuleStepOut]


@router.get("/scrub-rules", response=PageOut[RuleRowOut])
@operation("claims.read")
def list_rules(
    request: Any, page: Query[PageAsk], state: RuleState | None = None, origin: Origin | None = None, q: Words = ""
) -> Any:
    """Every rule that claims are scrubbed with: the house's own and those written here."""
    terms = [Term("is", "=", state.value, state.value)] if state else []
    terms += [Term("origin", "=", origin.value, origin.value)] if origin else []
    found = queries.listing(filters=Filters(tuple(terms), q), page=RowsAsk(page.page, page.size))
    return paged(request, [_row(one) for one in found.rows], found.total or 0, page)


@router.get("/scrub-rule-properties", response=list[PropertyOut])
@operation("claims.read")
def list_rule_properties(request: Any) -> Any:
    """What rules written here may ask of a claim, and how each property is compared."""
    return [
        PropertyOut(
            name=one.name, label=one.label, kind=one.kind, note=one.note,
            operators=[operator.name for operator in OPERATORS.values() if one.kind in operator.kinds],
        )
        for one in EVERY
    ]  # fmt: skip


@router.post("/scrub-rule-trials", response=RuleTrialOut)
@operation("claims.draft_rules")
def try_rule(request: Any, body: TrialIn) -> Any:
    """What a rule would say of one claim, condition by condition; nothing is kept."""
    said = catalogue.read(body.rule.said())
    with reading():
        found = stories.key(body.claim)
        reads.one(request, practice=found.practice, subject=("claims.claim", body.claim), shows=RuleTrialOut)
        tried = trying.tried(said, body.claim, today=tenancy.today(found.practice, clock.now()))
    steps = [RuleStepOut(condition=words, answer=answer, said=verdict) for words, answer, verdict in tried.steps]
    return RuleTrialOut(within=tried.within, findings=[words for _, words in tried.findings], steps=steps)


@router.get("/scrub-rules/{rule}", response=RuleOut)
@operation("claims.read")
def get_rule(request: Any, rule: RuleCode) -> Any:
    """A rule with its versions."""
    return _shown(queries.page(rule))


@router.get("/scrub-rules/{rule}/versions/{number}", response=list[tuple[str, str, str]])
@operation("claims.read")
def list_rule_changes(request: Any, rule: RuleCode, number: Annotated[int, Field(ge=1, le=9999)]) -> Any:
    """In what a version differs from the one before it: what, before, after."""
    _, _, changes = queries.changes(queries.page(rule), number)
    return [(one.what, one.before, one.after) for one in changes]


@router.post("/scrub-rules", response={201: RuleOut})
@operation("claims.draft_rules", mailroom=True)
def draft_rule(request: Any, body: RuleIn) -> Any:
    """Write a rule, or an adjustment of one of the house. It judges nothing before somebody else makes it live."""
    code = services.draft(actor=request.actor, text=body.said(), at=clock.now())
    return Status(201, _told(code))


@router.put("/scrub-rules/{rule}/draft", response=RuleOut)
@operation("claims.draft_rules", mailroom=True)
def redraft_rule(request: Any, rule: RuleCode, body: RuleIn) -> Any:
    """Write the next version of a rule, or go on with its draft."""
    services.draft(actor=request.actor, text=body.said(), at=clock.now(), code=rule)
    return _told(rule)


@router.delete("/scrub-rules/{rule}/draft", response=RuleOut)
@operation("claims.draft_rules", mailroom=True)
def discard_rule_draft(request: Any, rule: RuleCode) -> Any:
    """Throw the draft of a rule away."""
    services.discard(actor=request.actor, code=rule, at=clock.now())
    return _told(rule)


@router.post("/scrub-rules/{rule}/versions", response={201: RuleOut})
@operation("claims.rules", mailroom=True)
def make_rule_live(request: Any, rule: RuleCode, body: LiveIn) -> Any:
    """Make the draft of a rule its next version; it takes somebody else than who wrote it."""
    services.make_live(actor=request.actor, code=rule, why=body.why, starts_on=body.starts_on, at=clock.now())
    return Status(201, _told(rule))


@router.post("/scrub-rules/{rule}/dry-runs", response={202: DryRunOut})
@operation("claims.draft_rules")
def begin_dry_run(request: Any, rule: RuleCode) -> Any:
    """Ask what a rule, or its draft, would have said of the claims of the last 90 days; it runs on."""
    key = trials.begin(actor=request.actor, rule=rule, at=clock.now())
    with reading():
        return Status(202, _run(key))


@router.get("/scrub-dry-runs/{run}", response=DryRunOut)
@operation("claims.read")
def get_dry_run(request: Any, run: DryRunId) -> Any:
    """How far a dry run is, and what it found."""
    return _run(run)


def _run(key: str) -> DryRunOut:
    seen = queries.dry_run(key)
    if seen is None:
        raise NotFound("There is no such dry run.", code="no_such_run")
    return DryRunOut(
        run=seen.key, rule=seen.rule, since=seen.since, claims=seen.total, done=seen.done, hits=seen.hits,
        denied=seen.denied, paid=seen.paid, waiting=seen.waiting, set_aside=seen.set_aside, unsure=seen.unsure,
        denied_amount=str(seen.denied_amount.amount), finished_at=seen.finished_at,
        samples={outcome: list(names) for outcome, names in seen.samples.items()},
    )  # fmt: skip


@router.post("/scrub-rules/{rule}/retirement", response=RuleOut)
@operation("claims.rules", mailroom=True)
def retire_rule(request: Any, rule: RuleCode, body: RetiredIn) -> Any:
    """Ask a rule no more, from today on."""
    services.retire(actor=request.actor, code=rule, why=body.why, at=clock.now())
    return _told(rule)


def _told(code: str) -> RuleOut:
    with reading():
        return _shown(queries.page(code))


def _row(one: RuleRow) -> RuleRowOut:
    return RuleRowOut(**_of(one))


def _of(one: RuleRow) -> dict[str, Any]:
    return {
        "code": one.code, "title": one.title, "origin": one.origin, "state": one.state, "action": one.action,
        "scope": one.scope, "evidence": one.source, "number": one.number, "of": one.of, "is_firm": one.is_firm,
        "has_draft": one.has_draft, "tally": TallyOut(**asdict(one.tally)) if one.tally else None,
    }  # fmt: skip


def _shown(found: RulePage) -> RuleOut:
    return RuleOut(
        **_of(found.row), draft=_says(found.draft.says) if found.draft else None, retired_on=found.retired_on,
        retired_why=found.retired_why, adjustments=[_row(one) for one in found.adjustments],
        versions=[
            RuleVersionOut(
                number=one.number, starts_on=one.starts_on, drafted_by=one.drafted_name, approved_by=one.approved_name,
                approved_at=one.approved_at, why=one.why, sha256=one.sha256, says=_says(one.says),
            )
            for one in found.versions
        ],
    )  # fmt: skip


def _says(one: TextView) -> TextOut:
    return TextOut(text=dict(one.text), when=one.when, fault=one.fault)
