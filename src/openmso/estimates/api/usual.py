"""The API of estimates, continued: the services that reasons for visits usually come to."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.estimates import queries
from openmso.estimates.api.estimates import router as router
from openmso.estimates.contracts import ItemDraft, Usual
from openmso.estimates.services import expecting
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Body, PracticeName, Words, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

UsualId = Annotated[str, public_id("USV")]
Reason = Annotated[str, text(80)]


class UsualServiceOut(Schema):
    """A service that an estimate begins with."""

    code: str
    modifiers: list[str]
    units: str
    words: str


class UsualServicesOut(Schema):
    """The services that visits usually come to when their reason has these words; without `ended_at` it holds."""

    id: str
    practice: str
    words: str
    services: list[UsualServiceOut]
    said_at: datetime
    said_by: str
    ended_at: datetime | None


class ChargedServiceOut(Schema):
    """A service as it was charged for a reason: at `visits` of `of` visits, `share` in a hundred."""

    code: str
    modifiers: list[str]
    units: str
    visits: int
    of: int
    share: str


class UsualServiceIn(Body):
    """A service; without words it has the label of its code set."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{5}$")]
    modifiers: Annotated[list[Annotated[str, Field(pattern=r"^[A-Z0-9]{2}$")]], Field(max_length=4)] = []
    units: Annotated[Decimal, Field(gt=0, le=9999, max_digits=6, decimal_places=2)] = Decimal(1)
    words: Annotated[str, text(120, length_min=0)] = ""


class UsualServicesChangeIn(Body):
    """What a reason usually comes to now."""

    services: Annotated[list[UsualServiceIn], Field(min_length=1, max_length=50)]


class UsualServicesIn(UsualServicesChangeIn):
    """Words of a reason, and what it usually comes to in a practice."""

    practice: PracticeName
    words: Reason


@router.get("/usual-services", response=PageOut[UsualServicesOut])
@operation("estimates.read")
def list_usual_services(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """What reasons usually come to, those that hold first; `q` is words of a reason."""
    found = queries.usual_listing(filters=Filters((), q), page=RowsAsk(page.page, page.size))
    return paged(request, [_usual(one) for one in found.rows], found.total or 0, page)


@router.get("/usual-services/charged", response=list[ChargedServiceOut])
@operation("estimates.read")
def list_charged_services(request: Any, practice: PracticeName, words: Reason) -> Any:
    """What was charged in the last year at visits with these words in their reason, the most usual first."""
    key = tenancy.key_in_scope(practice)
    return [
        {"code": one.code, "modifiers": list(one.modifiers), "units": f"{one.units.normalize():f}",
         "visits": one.visits, "of": one.of, "share": str(one.share)}
        for one in queries.charged_for(key, words, today=request.actor.today)
    ]  # fmt: skip


@router.get("/usual-services/{usual}", response=UsualServicesOut)
@operation("estimates.read")
def get_usual_services(request: Any, usual: UsualId) -> Any:
    """What one reason usually comes to."""
    return _usual(queries.usual(usual))


@router.post("/usual-services", response={201: UsualServicesOut})
@operation("estimates.make")
def say_usual_services(request: Any, body: UsualServicesIn) -> Any:
    """Say what a reason usually comes to: estimates of such visits begin with it."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    made = expecting.say(
        actor=request.actor, practice=practice, words=body.words, items=_items(body), at=request.actor.at
    )
    with reading():
        return Status(201, _usual(queries.usual(made)))


@router.post("/usual-services/{usual}/change", response={201: UsualServicesOut})
@operation("estimates.make")
def change_usual_services(request: Any, usual: UsualId, body: UsualServicesChangeIn) -> Any:
    """Say other services of the same reason; what was said before ends, and the answer is what holds now."""
    made = expecting.change(actor=request.actor, usual=usual, items=_items(body), at=request.actor.at)
    with reading():
        return Status(201, _usual(queries.usual(made)))


@router.post("/usual-services/{usual}/end", response=UsualServicesOut)
@operation("estimates.make")
def end_usual_services(request: Any, usual: UsualId) -> Any:
    """Estimates of visits for this reason begin with nothing any more."""
    expecting.end(actor=request.actor, usual=usual, at=request.actor.at)
    with reading():
        return _usual(queries.usual(usual))


def _items(body: UsualServicesChangeIn) -> list[ItemDraft]:
    return [ItemDraft(one.code, tuple(one.modifiers), one.units, words=one.words) for one in body.services]


def _usual(one: Usual) -> dict[str, Any]:
    services = [
        {"code": item.code, "modifiers": list(item.modifiers), "units": f"{item.units.normalize():f}",
         "words": item.words}
        for item in one.items
    ]  # fmt: skip
    return {
        "id": one.public_id, "practice": one.practice_name, "words": one.words, "services": services,
        "said_at": one.said_at, "said_by": one.said_by, "ended_at": one.ended_at,
    }  # fmt: skip
