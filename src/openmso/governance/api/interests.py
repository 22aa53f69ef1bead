"""The API of interests: what is disclosed, renewed and ended, and who is a related party."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.governance.api.boards import router
from openmso.governance.contracts import DISCLOSE, READ
from openmso.governance.contracts.interests import Band, Interest, Nature, NewInterest, Related
from openmso.governance.queries import interests as queries
from openmso.governance.services import interests as services
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Amount, Body, PracticeName, Words, Yes, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

__all__ = ["router"]
InterestId = Annotated[str, public_id("INT")]
BandName = Literal["none", "to5k", "to25k", "to100k", "more"]
NatureName = Literal["ownership", "employment", "family", "loan", "office", "other", "none"]
Long = Annotated[str, text(600, length_min=0)]


class InterestIn(Body):
    """An interest of one's own in a party, in a vendor by its public id, or in the MSO; `none`: nothing to disclose."""

    practice: PracticeName
    nature: NatureName
    party: Annotated[str, text(120, length_min=0)] = ""
    vendor: Annotated[str, public_id("VEN")] | None = None
    in_mso: Yes = False
    band: BandName = "none"
    words: Long = ""


class InterestRenewalIn(Body):
    """Whether it still holds: as it is, as it is now, or no more; what changed or ended it in words."""

    what: Literal["renewed", "changed", "ended"]
    band: BandName | None = None
    words: Long = ""


class InterestEntryOut(Schema):
    """An entry of a disclosure."""

    what: str
    nature: str
    party: str
    band: str
    words: str
    at: datetime
    by: str


class InterestOut(Schema):
    """A disclosure as it stands: `holds`, `overdue` (to be renewed, and still binding) or `ended`."""

    id: str
    practice: str
    person: str
    nature: str
    party: str
    vendor: str
    band: str
    words: str
    state: str
    disclosed_at: datetime
    renew_on: date
    story: list[InterestEntryOut]


class RelatedPaymentOut(Schema):
    """What a related party was paid."""

    on: date
    amount: Amount
    words: str


class RelatedPartyOut(Schema):
    """A related party, what makes it so, and the disclosures that name it."""

    practice: str
    party: str
    vendor: str
    relations: list[str]
    people: list[str]
    interests: Annotated[list[str], Field(description="Ids of disclosures")]
    paid: Annotated[Amount, Field(description="What it was paid, of what the caller may see")]
    payments: list[RelatedPaymentOut]


@router.get("/interests", response=PageOut[InterestOut])
@operation(READ.code)
def list_interests(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The disclosures, the latest first; `q` is part of a person, a party or the words."""
    found = queries.listing(
        filters=Filters(text=q), page=RowsAsk(page.page, page.size, "latest_at", desc=True), at=request.actor.at
    )
    return paged(request, [_interest(one) for one in found.rows], found.total or 0, page)


@router.post("/interests", response={201: InterestOut})
@operation(DISCLOSE.code)
def disclose_interest(request: Any, body: InterestIn) -> Any:
    """Disclose an interest of one's own: from then on one neither votes nor decides on what is about that party."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    new = NewInterest(Nature(body.nature), body.party, body.words, Band(body.band), body.vendor or "", body.in_mso)
    made = services.disclose(actor=request.actor, practice=practice, new=new, at=request.actor.at)
    with reading():
        return Status(201, _interest(queries.interest(made, at=request.actor.at)))


@router.get("/interests/{interest}", response=InterestOut)
@operation(READ.code)
def get_interest(request: Any, interest: InterestId) -> Any:
    """One disclosure with its entries."""
    return _interest(queries.interest(interest, at=request.actor.at))


@router.post("/interests/{interest}/renewals", response=InterestOut)
@operation(DISCLOSE.code)
def renew_interest(request: Any, interest: InterestId, body: InterestRenewalIn) -> Any:
    """Say whether one's disclosure still holds, has changed or has ended."""
    actor = request.actor
    if body.what == "ended":
        return _interest(services.end(actor=actor, interest=interest, why=body.words, at=actor.at))
    with reading():
        held = queries.interest(interest, at=actor.at)
    now = NewInterest(held.nature, held.party, body.words, Band(body.band or held.band.value), held.vendor)
    changed = now if body.what == "changed" else None
    return _interest(services.renew(actor=actor, interest=interest, changed=changed, at=actor.at))


@router.get("/related-parties", response=PageOut[RelatedPartyOut])
@operation(READ.code)
def list_related_parties(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Vendors on file as related, and whom disclosures name; of the MSO itself those that its books paid."""
    found = queries.related_page(
        actor=request.actor,
        filters=Filters(text=q),
        page=RowsAsk(page.page, page.size, "practice_name"),
        at=request.actor.at,
    )
    return paged(request, [_related(one) for one in found.rows], found.total or 0, page)


def _interest(one: Interest) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_public_id, "person": one.person, "nature": one.nature.value,
        "party": one.party, "vendor": one.vendor, "band": one.band.value, "words": one.words, "state": one.state.value,
        "disclosed_at": one.disclosed_at, "renew_on": one.renew_on,
        "story": [
            {"what": each.what, "nature": each.nature.value, "party": each.party, "band": each.band.value,
             "words": each.words, "at": each.at, "by": each.by}
            for each in one.story
        ],
    }  # fmt: skip


def _related(one: Related) -> dict[str, Any]:
    return {
        "practice": one.practice_name, "party": one.party, "vendor": one.vendor, "relations": list(one.relations),
        "people": list(one.people), "interests": list(one.interests), "paid": one.paid,
        "payments": [{"on": each.on, "amount": each.amount, "words": each.words} for each in one.payments],
    }  # fmt: skip
