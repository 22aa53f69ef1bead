"""The API of figures that people enter for fees: what a month needs, what was entered, corrected and confirmed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import File, Form, Query, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from openmso.kit.errors import NotFound
from openmso.kit.periods import Month
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import MonthName, PracticeName, Words, public_id, sent, text
from openmso.platform.tenancy.queries import key_in_scope, tenants_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.settlement.api.rebates import router as router
from openmso.settlement.contracts import CONFIRM, ENTER, READ, Paper
from openmso.settlement.contracts.figures import Figure
from openmso.settlement.queries import entered
from openmso.settlement.services import entering

FigureId = Annotated[str, public_id("FIG")]
FigureName = Annotated[str, Field(pattern=r"^[^\x00\s/]{1,60}$", examples=["call_center"])]


class FeeFigureEntryOut(Schema):
    """A figure of a month as it was entered; `state` is waits, confirmed or corrected."""

    id: str
    practice: str
    month: str
    name: str
    number: Annotated[int, Field(description="1, and one more with each correction")]
    amount: str
    shown_by: str
    document: str
    why: Annotated[str, Field(description="Why the one before was wrong")]
    state: str
    entered_at: datetime
    entered_by: str
    confirmed_at: datetime | None
    confirmed_by: str


class FeeFigureStoryOut(FeeFigureEntryOut):
    """A figure with what it was before and since, the latest first, and the invoices that were computed from it."""

    history: list[FeeFigureEntryOut]
    invoices: list[str]


class NeededFigureOut(Schema):
    """A figure that the terms in force in a month ask people for, with the one that is there."""

    practice: str
    name: str
    words: str
    shown_by: Annotated[str, Field(description="What is to show it, by the agreement")]
    figure: FeeFigureEntryOut | None


@router.get("/fee-figures", response=PageOut[FeeFigureEntryOut])
@operation(READ.code)
def list_fee_figures(
    request: Any, page: Query[PageAsk], practice: PracticeName | None = None, month: MonthName | None = None,
    state: Literal["waits", "confirmed", "corrected"] | None = None, q: Words = "",
) -> Any:  # fmt: skip
    """Figures that people entered for fees, the latest month first; `q` looks in names and in what shows them."""
    terms = [Term("is", "=", state, state)] if state else []
    terms += [Term("month", "=", Month.parse(month), month)] if month else []
    if practice:
        key = key_in_scope(practice)
        terms.append(Term("practice", "=", next(row.code for row in tenants_in_scope() if row.pk == key), practice))
    found = entered.listed(Filters(tuple(terms), q), RowsAsk(page.page, page.size, sort="month", desc=True))
    return paged(request, [_row(one) for one in found.rows], found.total or 0, page)


@router.get("/needed-fee-figures", response=list[NeededFigureOut])
@operation(READ.code)
def list_needed_fee_figures(request: Any, month: MonthName, practice: PracticeName | None = None) -> Any:
    """What the fees of a month ask people for, practice by practice, and what was entered of it."""
    actor = request.actor
    mine = [one for one in actor.practices_for(READ.code) if not actor.standing.tenants[one].is_mso]
    if practice:
        wanted = key_in_scope(practice)
        if wanted not in mine:
            raise NotFound(f"There is no practice {practice} for you.", field="practice")
        mine = [wanted]
    return [
        {
            "practice": one.practice_code, "name": one.name, "words": one.words, "shown_by": one.shown_by,
            "figure": _row(found) if found else None,
        }
        for one, found in entered.needed(mine, Month.parse(month))
    ]  # fmt: skip


@router.get("/fee-figures/{figure}", response=FeeFigureStoryOut)
@operation(READ.code)
def get_fee_figure(request: Any, figure: FigureId) -> Any:
    """One figure with its history, and the invoices that were computed from it."""
    return _story(figure)


@router.post("/fee-figures", response={201: FeeFigureStoryOut})
@operation(ENTER.code)
def enter_fee_figure(
    request: Any, practice: Form[PracticeName], month: Form[MonthName], name: Form[FigureName],
    amount: Form[Annotated[Decimal, Field(max_digits=14, decimal_places=4)]],
    shown_by: Form[Annotated[str, text(300, length_min=0)]] = "",
    why: Form[Annotated[str, text(300, length_min=0)]] = "", paper: File[UploadedFile | None] = None,
) -> Any:  # fmt: skip
    """Enter a figure of a month with what shows it, in words or on paper; with `why`, correct the one that is there."""
    with reading():
        key = key_in_scope(practice)
    made = entering.enter(
        actor=request.actor, practice=key, month=Month.parse(month), name=name, amount=amount, shown_by=shown_by,
        why=why, paper=Paper(paper.name or "figure", sent(paper), paper.content_type or "") if paper else None,
        at=request.actor.at,
    )  # fmt: skip
    with reading():
        return Status(201, _story(made.public_id))


@router.post("/fee-figures/{figure}/confirmation", response=FeeFigureStoryOut)
@operation(CONFIRM.code)
def confirm_fee_figure(request: Any, figure: FigureId) -> Any:
    """Confirm a figure that somebody else entered: a month can be settled with it then."""
    entering.confirm(actor=request.actor, figure=figure, at=request.actor.at)
    with reading():
        return _story(figure)


def _story(figure: str) -> dict[str, Any]:
    one = entered.figure(figure)
    history = [_row(each) for each in entered.history(one)]
    return _row(one) | {"history": history, "invoices": [invoice for _, invoice in entered.used_in(one)]}


def _row(one: Figure) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_code, "month": str(one.month), "name": one.name,
        "number": one.number, "amount": f"{one.amount.normalize():f}", "shown_by": one.shown_by,
        "document": one.document, "why": one.why, "state": one.state.value, "entered_at": one.entered_at,
        "entered_by": one.entered_by, "confirmed_at": one.confirmed_at, "confirmed_by": one.confirmed_by,
    }  # fmt: skip
