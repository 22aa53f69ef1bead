"""What the API of compliance takes and gives."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from openmso.compliance.contracts import Arrangement, Checked, Judged, LineRow, RunRow, Term
from openmso.compliance.rules import checklists, terms
from openmso.platform.api.schemas import Amount, Body, Encoded, PracticeName, Yes, public_id, text

KindCode = Literal["services", "space", "equipment", "employment", "recruitment", "isolated", "other"]
PartyCode = Literal["physician", "family", "entity", "other"]
PayCode = Literal["month", "hour", "unit", "year"]
StandingCode = Literal["draft", "ahead", "active", "holdover", "expired", "ended"]
OutcomeCode = Literal["released", "stopped", "free"]
SaidCode = Literal["met", "unmet", "apart", "open"]
Npi = Annotated[str, Field(pattern=r"^(\d{10})?$", examples=["1234567893"])]
Ein = Annotated[str, Field(pattern=r"^(\d{9})?$", examples=["101234567"], description="Never a Social Security number")]
Rate = Annotated[str, Field(pattern=r"^\d{1,10}\.\d{2}$", examples=["180.00"])]
Hours = Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,2})?$", examples=["20"])]
Name = Annotated[str, text(120)]


class WithPaper(Body):
    """What a paper may go along with."""

    document: Encoded | None = None
    document_name: Name = "paper.pdf"


class ArrangementIn(Body):
    """With whom about what; `practice` is the code or id of a practice, or of the MSO."""

    practice: PracticeName
    title: Name
    kind: KindCode
    party: PartyCode
    name: Name
    npi: Npi = ""
    ein: Ein = ""
    relation: Annotated[str, text(160, length_min=0)] = ""


class TermIn(WithPaper):
    """A version of the terms; `through` is its last day. `grounds` are codes of checklists relied on."""

    services: Annotated[str, text(4_000)]
    pay: PayCode
    rate: Rate
    starts_on: date
    through: date | None = None
    written_on: date | None = None
    reasonable: Annotated[str, text(4_000)]
    grounds: Annotated[list[Annotated[str, text(24)]], Field(min_length=1, max_length=8, examples=[["stark_services"]])]
    hours_cap: Hours | None = None
    unit_words: Annotated[str, text(40, length_min=0)] = ""
    in_advance: Yes = True
    by_volume: Yes = False
    holdover: Yes = False
    why: Annotated[str, text(300, length_min=0)] = ""


class SignatureIn(Body):
    """A side signed a term."""

    side: Literal["ours", "party"]
    by: Annotated[str, text(160)]
    signed_on: date


class FmvOpinionIn(WithPaper):
    """An opinion of fair market value: a range of dollars per unit, good through a day."""

    method: Literal["market", "cost", "income", "several"]
    unit: PayCode
    low: Rate
    high: Rate
    appraiser: Name
    opined_on: date
    expires_on: date
    words: Annotated[str, text(4_000, length_min=0)] = ""


class RelativeIn(Body):
    """Family or an entity of the party."""

    name: Name
    relation: Annotated[str, text(60)]
    npi: Npi = ""
    ein: Ein = ""


class ElementAnswerIn(WithPaper):
    """What is said of an element of a checklist, and what shows it."""

    element: Annotated[str, text(48)]
    said: Literal["met", "unmet", "apart"]
    evidence: Annotated[str, text(1_000)]


class ArrangementEndIn(Body):
    """The last day of an arrangement, and why."""

    last_on: date
    why: Annotated[str, text(1_000)]


class PaymentSettledIn(Body):
    """How a stopped payment was settled."""

    words: Annotated[str, text(1_000)]


class ArrangementRowOut(Schema):
    """An arrangement as it stands today; `gaps` are elements of its checklists that are not met or not answered."""

    id: str
    practice: str
    title: str
    kind: KindCode
    party: PartyCode
    name: str
    npi: str
    ein: str
    standing: StandingCode
    formula: str
    starts_on: date | None
    through: date | None
    value_through: date | None
    gaps: int


class ArrangementTermOut(Schema):
    """A version of the terms."""

    number: int
    services: str
    pay: PayCode
    rate: Rate
    formula: str
    hours_cap: str | None
    starts_on: date
    through: date | None
    written_on: date | None
    ours_signed_on: date | None
    party_signed_on: date | None
    activated_on: date | None
    in_advance: bool
    by_volume: bool
    holdover: bool
    reasonable: str
    grounds: list[str]
    why: str
    document: str


class FmvOpinionOut(Schema):
    """An opinion of fair market value."""

    id: str
    method: str
    unit: PayCode
    low: Rate
    high: Rate
    appraiser: str
    opined_on: date
    expires_on: date
    words: str
    document: str


class RelativeOut(Schema):
    """Family or an entity of the party."""

    name: str
    relation: str
    npi: str
    ein: str


class ElementOut(Schema):
    """An element of a checklist; `recalled` ones warn until counsel has confirmed them."""

    element: str
    words: str
    citation: str
    recalled: bool
    by_register: bool
    said: SaidCode
    evidence: str
    document: str


class SafeHarbourOut(Schema):
    """A checklist as it stands."""

    code: str
    words: str
    citation: str
    gaps: int
    elements: list[ElementOut]


class ArrangementOut(Schema):
    """An arrangement with all that was added to it."""

    id: str
    practice: str
    title: str
    kind: KindCode
    party: PartyCode
    name: str
    npi: str
    ein: str
    relation: str
    standing: StandingCode
    ended_on: date | None
    ended_why: str
    terms: list[ArrangementTermOut]
    opinions: list[FmvOpinionOut]
    relatives: list[RelativeOut]
    checklists: list[SafeHarbourOut]


class PaymentRunOut(Schema):
    """A file of payments that was checked; `is_new` is false where it had been before."""

    id: str
    practice: str
    file_name: str
    document: str
    judged_on: date
    judged_at: datetime
    judged_by: str
    count: int
    amount: Amount
    released: int
    stopped: int
    stopped_amount: Amount
    unsettled: int
    is_new: bool


class PaymentFaultOut(Schema):
    """Why a payment is stopped."""

    reason: str
    words: str
    citation: str


class CheckedPaymentOut(Schema):
    """A payment as it was judged."""

    id: str
    run: str
    line: int
    payee: str
    amount: Amount
    npi: str
    ein: str
    starts_on: date | None
    through: date | None
    hours: str | None
    units: str | None
    time_record: str
    reference: str
    outcome: OutcomeCode
    faults: list[PaymentFaultOut]
    arrangement: str
    term: int | None
    expected: Amount | None
    note: str
    settled: str
    settled_by: str


class ArrangementsAsk(Schema):
    """Narrowed to a practice, a kind or a standing."""

    practice: PracticeName | None = None
    kind: KindCode | None = None
    standing: StandingCode | None = None


class CheckedAsk(Schema):
    """Narrowed to an outcome."""

    outcome: OutcomeCode | None = None


ArrangementId = Annotated[str, public_id("ARR")]
RunId = Annotated[str, public_id("CPR")]
LineId = Annotated[str, public_id("CPL")]


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


def arrangement_data(one: Arrangement, on: date) -> dict[str, Any]:
    """An arrangement as plain data, as it stands on a day."""
    return {
        "id": one.public_id, "practice": one.practice_code, "title": one.title, "kind": one.kind.value,
        "party": one.party.value, "name": one.name, "npi": one.npi, "ein": one.ein, "relation": one.relation,
        "standing": terms.standing(one, on).value, "ended_on": one.ending.ends_on if one.ending else None,
        "ended_why": one.ending.why if one.ending else "", "terms": [_term(each) for each in one.terms],
        "opinions": [
            {"id": each.public_id, "method": each.method.value, "unit": each.unit.value, "low": f"{each.low:.2f}",
             "high": f"{each.high:.2f}", "appraiser": each.appraiser, "opined_on": each.opined_on,
             "expires_on": each.expires_on, "words": each.words, "document": each.document}
            for each in one.opinions
        ],
        "relatives": [
            {"name": each.name, "relation": each.relation, "npi": each.npi, "ein": each.ein} for each in one.relatives
        ],
        "checklists": [_checked(each) for each in checklists.checked(one, on=on)],
    }  # fmt: skip


def _term(one: Term) -> dict[str, Any]:
    return {
        "number": one.number, "services": one.services, "pay": one.pay.value, "rate": f"{one.rate:.2f}",
        "formula": one.formula, "hours_cap": _plain(one.hours_cap), "starts_on": one.starts_on,
        "through": one.last_on, "written_on": one.written_on, "ours_signed_on": one.ours_signed_on,
        "party_signed_on": one.party_signed_on, "activated_on": one.activated_on, "in_advance": one.in_advance,
        "by_volume": one.by_volume, "holdover": one.holdover, "reasonable": one.reasonable,
        "grounds": list(one.grounds), "why": one.why, "document": one.document,
    }  # fmt: skip


def _checked(one: Checked) -> dict[str, Any]:
    return {
        "code": one.code, "words": one.words, "citation": one.citation, "gaps": one.gaps,
        "elements": [
            {"element": each.code, "words": each.words, "citation": each.citation, "recalled": each.recalled,
             "by_register": each.by_register, "said": each.said.value, "evidence": each.evidence,
             "document": each.document}
            for each in one.points
        ],
    }  # fmt: skip


def run_data(one: RunRow) -> dict[str, Any]:
    """A payment run as plain data."""
    return {
        "id": one.public_id, "practice": one.practice_code, "file_name": one.file_name, "document": one.document,
        "judged_on": one.judged_on, "judged_at": one.judged_at, "judged_by": one.judged_by, "count": one.count,
        "amount": str(one.amount), "released": one.released, "stopped": one.stopped,
        "stopped_amount": str(one.stopped_amount), "unsettled": one.unsettled, "is_new": one.is_new,
    }  # fmt: skip


def judged_data(one: Judged | LineRow) -> dict[str, Any]:
    """A judged payment as plain data, kept or not."""
    paid = one.payment
    return {
        "line": paid.number, "payee": paid.payee, "amount": str(paid.amount), "npi": paid.npi, "ein": paid.ein,
        "starts_on": paid.starts_on, "through": paid.through, "hours": _plain(paid.hours),
        "units": _plain(paid.units), "time_record": paid.time_record, "reference": paid.reference,
        "outcome": one.outcome.value, "arrangement": one.arrangement, "term": one.term,
        "expected": None if one.expected is None else str(one.expected), "note": one.note,
        "faults": [
            {"reason": each.reason.value, "words": each.words, "citation": each.citation} for each in one.faults
        ],
    }  # fmt: skip


def line_data(one: LineRow) -> dict[str, Any]:
    """A payment of a run as plain data."""
    return judged_data(one) | {
        "id": one.public_id, "run": one.run, "settled": one.settled, "settled_by": one.settled_by
    }  # fmt: skip
