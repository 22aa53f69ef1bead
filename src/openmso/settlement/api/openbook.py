"""The API of the open book: what was done of what was promised and by whose cause it was missed; what it cost."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from openmso.kit.periods import Month
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Amount, Body, MonthName, PracticeName, public_id, text
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.settlement.api.schemas import papers_of
from openmso.settlement.contracts import ANSWER, DISPUTE, READ
from openmso.settlement.contracts.causes import Judged, Kept, Missed
from openmso.settlement.contracts.costs import CostMonth
from openmso.settlement.queries import causes, costs, health
from openmso.settlement.services import attributing
from openmso.settlement.states import Whose

router = Router(tags=["Settlement"])
ItemId = Annotated[str, public_id("WRK")]
WhoseName = Literal["mso", "practice", "payer", "outside"]
Why = Annotated[str, text(600)]


class KeptPromiseOut(Schema):
    """A promise in a month: how many items came, were in time and late, and those that were late by whose cause."""

    kind: str
    words: str
    promised_hours: str
    came: int
    in_time: int
    late: int
    by_cause: Annotated[dict[str, int], Field(description="Of `mso`, `practice`, `payer` and `outside`")]
    contested: int
    unsaid: int


class KeptMonthOut(Schema):
    """What was promised with a clock in a month and what was done of it."""

    practice: str
    month: str
    settlement: Annotated[str, Field(description="Of the month; empty where it is not settled")]
    judged_at: datetime
    promises: list[KeptPromiseOut]
    given_back: Annotated[int, Field(description="Items of months before whose cause became the MSO's since")]
    credited: Annotated[int, Field(description="Items that count towards a credit of the fee: the MSO's cause alone")]


class JudgedItemOut(Schema):
    """An item against its promise; `cause` and `said` where it was late."""

    item: str
    kind: str
    about: str
    stands: str
    cause: Annotated[str, Field(description="Whose cause it counts as; empty where it was not late")]
    said: str
    came_at: datetime
    first_touch_at: datetime | None
    hours_to_first_touch: str | None


class CauseWordOut(Schema):
    """A word about a cause; papers by their public ids."""

    what: str
    whose: str
    why: str
    at: datetime
    by: str
    papers: list[str]


class MissedItemOut(JudgedItemOut):
    """An item with everything that was said of its cause, oldest first."""

    practice: str
    month: str
    promised_hours: str
    words: list[CauseWordOut]


class AgreedIn(Body):
    """A word with it."""

    why: Annotated[str, text(600, length_min=0)] = ""


class CostMonthOut(Schema):
    """A settled month: what came in, the fee with its sentence, what was given back, and what became of its invoice."""

    settlement: str
    month: str
    invoice: str
    state: str
    agreement: str
    version: int
    sentence: str
    collected: Amount
    collected_row: Annotated[int, Field(description="The row of the statement whose ledger lines it opens to")]
    fee: Amount
    given_back: Amount
    rebates: Amount
    credited: Amount
    paid: Amount
    due: Amount
    disputed: Amount


class HealthFigureOut(Schema):
    """A figure with its formula; no value where there is nothing to divide by."""

    code: str
    value: str | None
    formula: str


class HealthMonthOut(Schema):
    """What was shown of a month, with which statement."""

    month: str
    settlement: str
    shown_at: datetime
    figures: list[HealthFigureOut]


class MsoHealthOut(Schema):
    """The MSO's own finances, as far as they are promised to be shown."""

    practice: str
    promised: list[str]
    months: list[HealthMonthOut]


@router.get("/practices/{practice}/promises/{month}", response=KeptMonthOut)
@operation(READ.code)
def get_promises_of_month(request: Any, practice: PracticeName, month: MonthName) -> Any:
    """What was promised with a clock in a month, what was done of it, and by whose cause it was missed."""
    found = causes.month(key_in_scope(practice), Month.parse(month), at=request.actor.at)
    return {
        "practice": found.practice_public_id, "month": str(found.month), "settlement": found.settlement,
        "judged_at": found.judged_at, "promises": [_kept(one) for one in found.kept],
        "given_back": found.given_back, "credited": found.credited,
    }  # fmt: skip


@router.get("/practices/{practice}/promises/{month}/items", response=PageOut[JudgedItemOut])
@operation(READ.code)
def list_promised_items(
    request: Any, practice: PracticeName, month: MonthName, page: Query[PageAsk],
    cause: Literal["mso", "practice", "payer", "outside", "contested", "unsaid"] | None = None,
    stands: Literal["kept", "late", "runs", "none"] | None = None,
) -> Any:  # fmt: skip
    """The items behind the counts of a month, as they came."""
    terms = tuple(Term(key, "=", value, value) for key, value in (("cause", cause), ("is", stands)) if value)
    month_ = causes.month(key_in_scope(practice), Month.parse(month), at=request.actor.at)
    found = causes.rows(month_, Filters(terms), RowsAsk(page.page, page.size))
    return paged(request, [_judged(one) for one in found.rows], found.total or 0, page)


@router.get("/practices/{practice}/promises/{month}/items/{item}", response=MissedItemOut)
@operation(READ.code)
def get_promised_item(request: Any, practice: PracticeName, month: MonthName, item: ItemId) -> Any:
    """One item against its promise, and what was said of the cause."""
    return _missed(causes.missed(key_in_scope(practice), Month.parse(month), item, at=request.actor.at))


@router.post("/practices/{practice}/promises/{month}/items/{item}/cause", response=MissedItemOut)
@operation(ANSWER.code)
def say_cause(
    request: Any, practice: PracticeName, month: MonthName, item: ItemId, whose: Form[WhoseName], why: Form[Why],
    evidence: File[list[UploadedFile] | None] = None,
) -> Any:  # fmt: skip
    """Say for the MSO whose cause it was that an item missed its promise; until the month is settled."""
    with reading():
        key = key_in_scope(practice)
    return _missed(
        attributing.say(
            actor=request.actor, practice=key, month=Month.parse(month), item=item, whose=Whose(whose), why=why,
            papers=papers_of(evidence), at=request.actor.at,
        )
    )  # fmt: skip


@router.post("/practices/{practice}/promises/{month}/items/{item}/contest", response=MissedItemOut)
@operation(DISPUTE.code)
def contest_cause(
    request: Any, practice: PracticeName, month: MonthName, item: ItemId, why: Form[Why],
    evidence: File[list[UploadedFile] | None] = None,
) -> Any:  # fmt: skip
    """Contest for the practice what the MSO said of a cause; only its own people can, by their session."""
    with reading():
        key = key_in_scope(practice)
    return _missed(
        attributing.contest(
            actor=request.actor, practice=key, month=Month.parse(month), item=item, why=why,
            papers=papers_of(evidence), at=request.actor.at,
        )
    )  # fmt: skip


@router.post("/practices/{practice}/promises/{month}/items/{item}/agreement", response=MissedItemOut)
@operation(DISPUTE.code)
def agree_to_cause(request: Any, practice: PracticeName, month: MonthName, item: ItemId, body: AgreedIn) -> Any:
    """Agree for the practice to a cause: it stands, for good."""
    with reading():
        key = key_in_scope(practice)
    return _missed(
        attributing.agree(
            actor=request.actor, practice=key, month=Month.parse(month), item=item, why=body.why, at=request.actor.at
        )
    )


@router.get("/practices/{practice}/costs", response=list[CostMonthOut])
@operation(READ.code)
def list_costs(request: Any, practice: PracticeName) -> Any:
    """What the MSO cost a practice, every settled month, the latest first."""
    return [_cost(one) for one in costs.months(key_in_scope(practice))]


@router.get("/practices/{practice}/mso-health", response=MsoHealthOut)
@operation(READ.code)
def get_mso_health(request: Any, practice: PracticeName) -> Any:
    """The MSO's own finances, as far as the agreement in force promises to show them, month by month."""
    found = health.health(key_in_scope(practice), at=request.actor.at)
    return {
        "practice": found.practice_name, "promised": [one.value for one in found.promised],
        "months": [
            {
                "month": str(one.month), "settlement": one.settlement, "shown_at": one.shown_at,
                "figures": [
                    {"code": each.code.value, "value": None if each.value is None else str(each.value),
                     "formula": each.formula}
                    for each in one.figures
                ],
            }
            for one in found.months
        ],
    }  # fmt: skip


def _kept(one: Kept) -> dict[str, Any]:
    return {
        "kind": one.level.kind, "words": one.level.words, "promised_hours": str(one.level.hours),
        "came": len(one.judged), "in_time": one.level.kept, "late": one.level.late,
        "by_cause": {whose.value: count for whose, count in one.by_cause.items()}, "contested": one.contested,
        "unsaid": one.unsaid,
    }  # fmt: skip


def _judged(one: Judged) -> dict[str, Any]:
    return {
        "item": one.span.item, "kind": one.kind, "about": one.span.subject, "stands": one.held.value,
        "cause": one.cause.counts.value if one.cause else "", "said": one.said, "came_at": one.span.opened_at,
        "first_touch_at": one.span.touched_at,
        "hours_to_first_touch": None if one.first is None else str(one.first),
    }  # fmt: skip


def _missed(found: Missed) -> dict[str, Any]:
    words = [
        {
            "what": word.what.value, "whose": word.whose.value, "why": word.why, "at": word.at, "by": word.by,
            "papers": [key for key, _ in word.papers],
        }
        for word in found.words
    ]  # fmt: skip
    return _judged(found.one) | {
        "practice": found.practice_public_id, "month": str(found.month), "promised_hours": str(found.hours),
        "words": words,
    }  # fmt: skip


def _cost(one: CostMonth) -> dict[str, Any]:
    return {
        "settlement": one.settlement, "month": str(one.month), "invoice": one.invoice, "state": one.state.value,
        "agreement": one.agreement, "version": one.version, "sentence": one.sentence, "collected": one.collected,
        "collected_row": one.collected_row, "fee": one.fee, "given_back": one.given_back, "rebates": one.rebates,
        "credited": one.credited,
        "paid": one.paid, "due": one.due, "disputed": one.disputed,
    }  # fmt: skip
