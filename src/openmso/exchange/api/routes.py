"""The API of exchange: partners, routes, outages, transmissions and the mailbox."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from openmso.exchange.contracts import (
    ArrivalRow,
    Partner,
    PartnerFacts,
    PartnerKind,
    RouteRow,
    Settings,
    Transaction,
    TransmissionRow,
    Way,
)
from openmso.exchange.queries import partners
from openmso.exchange.queries import transmissions as queries
from openmso.exchange.services import arriving, keeping, sending
from openmso.exchange.states import T
from openmso.exchange.tables import ARRIVALS, PARTNERS, TRANSMISSIONS
from openmso.kit import clock
from openmso.parties.queries import payers
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.schemas import Words, public_id, sent, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Exchange"])
PartnerId = Annotated[str, public_id("PTR")]
TransmissionId = Annotated[str, public_id("TRX")]


class EnvelopeFields(Schema):
    """What a partner's guide asks of the envelope; what is empty stays as a file was made."""

    sender: Annotated[str, text(15, length_min=0)] = ""
    sender_qualifier: Annotated[str, text(2, length_min=0)] = ""
    receiver: Annotated[str, text(15, length_min=0)] = ""
    receiver_qualifier: Annotated[str, text(2, length_min=0)] = ""
    group_sender: Annotated[str, text(15, length_min=0)] = ""
    group_receiver: Annotated[str, text(15, length_min=0)] = ""
    submitter: Annotated[str, text(80, length_min=0)] = ""
    receiver_name: Annotated[str, text(60, length_min=0)] = ""
    usage: Literal["", "P", "T"] = ""
    separators: Annotated[str, text(4, length_min=0)] = ""
    newlines: bool = True
    versions: Annotated[str, text(200, length_min=0)] = ""


class PartnerIn(Schema):
    """A trading partner; secrets go in and never come out."""

    name: Annotated[str, text(60)]
    kind: Literal["clearinghouse", "payer"]
    way: Literal["sftp", "https", "manual", "paper"]
    host: Annotated[str, text(253, length_min=0)] = ""
    port: int = 0
    host_key: Annotated[str, text(2000, length_min=0)] = ""
    user: Annotated[str, text(100, length_min=0)] = ""
    password: Annotated[str, text(200, length_min=0)] = ""
    private_key: Annotated[str, text(10_000, length_min=0)] = ""
    outgoing: Annotated[str, text(300, length_min=0)] = ""
    incoming: Annotated[str, text(300, length_min=0)] = ""
    realtime: Annotated[str, text(300, length_min=0)] = ""
    envelope: EnvelopeFields = EnvelopeFields()


class PartnerOut(Schema):
    """A trading partner, and whether it takes files now."""

    id: str
    name: str
    kind: str
    way: str
    host: str
    port: int
    user: str
    outgoing: str
    incoming: str
    realtime: str
    is_down: bool
    down_since: datetime | None
    down_words: str
    polled_at: datetime | None
    poll_words: str
    envelope: EnvelopeFields


class OutageIn(Schema):
    """What is wrong with a partner."""

    words: Annotated[str, text(200)]


class RouteIn(Schema):
    """Where files of a kind go from a day on; without partners the route ends. Empty payer or practice: all."""

    payer: Annotated[str, public_id("PAY")] | None = None
    practice: Annotated[str, public_id("TEN")] | None = None
    transaction: Literal["837P", "837I", "835", "270", "276", "278"]
    partners: list[PartnerId] = []
    starts_on: date


class RouteOut(Schema):
    """A route in force."""

    payer: str
    practice: str
    transaction: str
    partners: list[str]
    now: str
    starts_on: date


class TransmissionOut(Schema):
    """A file on its way to a partner."""

    id: str
    practice: str
    transaction: str
    payer: str
    partner: str
    name: str
    about: str
    subject: str
    state: str
    words: str
    tries: int
    created_at: datetime
    sent_at: datetime | None
    next_at: datetime | None
    size: int
    sha256: str


class TransmissionEventOut(Schema):
    """Something that happened to it."""

    at: datetime
    what: str
    partner: str
    words: str
    actor: str


class TransmissionPageOut(TransmissionOut):
    """A file with its story."""

    events: list[TransmissionEventOut]


class ResendIn(Schema):
    """Whether somebody asked the partner, and it has not arrived there."""

    elsewhere: bool = False


class HandedInIn(Schema):
    """Where a file was handed in, and under which receipt."""

    words: Annotated[str, text(200)]


class GivenUpIn(Schema):
    """Why it is not sent."""

    why: Annotated[str, text(300)]


class ArrivalOut(Schema):
    """A file from a partner."""

    id: str
    partner: str
    name: str
    kinds: str
    size: int
    sha256: str
    is_repeat: bool
    arrived_at: datetime
    words: str


class QueuedPartnerOut(PartnerOut, Queued):
    """The same, with why it is next."""


@router.get("/trading-partners", response=PageOut[QueuedPartnerOut])
@operation("exchange.read")
def list_trading_partners(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The register of trading partners, by name."""
    found = partners.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    return paged(request, reasoned(request, PARTNERS, found.rows, _partner), found.total or 0, page)


@router.post("/trading-partners", response={201: PartnerOut})
@operation("exchange.keep", mailroom=True)
def add_trading_partner(request: Any, body: PartnerIn) -> Any:
    """Add a trading partner."""
    made = keeping.add(actor=request.actor, mso=_mso(), facts=_facts(body), at=clock.now())
    return Status(201, _partner(made))


@router.get("/trading-partners/{partner}", response=PartnerOut)
@operation("exchange.read")
def get_trading_partner(request: Any, partner: PartnerId) -> Any:
    """A trading partner."""
    return _partner(partners.partner(partner))


@router.put("/trading-partners/{partner}", response=PartnerOut)
@operation("exchange.keep", mailroom=True)
def change_trading_partner(request: Any, partner: PartnerId, body: PartnerIn) -> Any:
    """Change what is recorded; an empty secret leaves the one that is there."""
    return _partner(
        keeping.change(actor=request.actor, mso=_mso(), partner=partner, facts=_facts(body), at=clock.now())
    )


@router.put("/trading-partners/{partner}/outage", response=PartnerOut)
@operation("exchange.keep", mailroom=True)
def declare_outage(request: Any, partner: PartnerId, body: OutageIn) -> Any:
    """Say that a partner is down: its files take the next way at once."""
    return _partner(
        keeping.declare_down(actor=request.actor, mso=_mso(), partner=partner, words=body.words, at=clock.now())
    )


@router.delete("/trading-partners/{partner}/outage", response=PartnerOut)
@operation("exchange.keep", mailroom=True)
def end_outage(request: Any, partner: PartnerId) -> Any:
    """Say that a partner works again."""
    return _partner(keeping.declare_up(actor=request.actor, mso=_mso(), partner=partner, at=clock.now()))


@router.get("/routes", response=list[RouteOut])
@operation("exchange.read")
def list_routes(request: Any) -> Any:
    """The routes in force today: the network's, and the exceptions of the practices one may see."""
    mine = {tenant.pk for tenant in tenancy.tenants_in_scope()}
    return [_route(row) for row in partners.routes(on=request.actor.today, practices=mine)]


@router.post("/routes", response={201: list[RouteOut]})
@operation("exchange.keep", mailroom=True)
def set_route(request: Any, body: RouteIn) -> Any:
    """Set where files of a kind go from a day on; the routes in force that day."""
    with reading():
        mso = tenancy.mso()
        payer = payers.by_public_id(body.payer).id if body.payer else None
        practice = tenancy.key_in_scope(body.practice) if body.practice else None
    keeping.set_route(
        actor=request.actor, mso=mso, payer=payer, transaction=Transaction(body.transaction), practice=practice,
        partners=body.partners, starts_on=body.starts_on, at=clock.now(),
    )  # fmt: skip
    with reading():
        mine = {tenant.pk for tenant in tenancy.tenants_in_scope()}
        return Status(201, [_route(row) for row in partners.routes(on=body.starts_on, practices=mine)])


class QueuedTransmissionOut(TransmissionOut, Queued):
    """The same, with why it is next."""


@router.get("/transmissions", response=PageOut[QueuedTransmissionOut])
@operation("exchange.read")
def list_transmissions(request: Any, page: Query[PageAsk], q: Words = "", state: T | None = None) -> Any:
    """Files on their way, newest first."""
    terms = (Term("is", "=", state.value, state.value),) if state else ()
    filters = Filters(terms, q)
    found = queries.listing(filters=filters, page=RowsAsk(page.page, page.size))
    total = queries.tally(filters=filters).total
    return paged(request, reasoned(request, TRANSMISSIONS, found.rows, _transmission), total, page)


@router.get("/transmissions/{transmission}", response=TransmissionPageOut)
@operation("exchange.read")
def get_transmission(request: Any, transmission: TransmissionId) -> Any:
    """One file with its story."""
    return _page(transmission)


@router.post("/transmissions/{transmission}/again", response=TransmissionPageOut)
@operation("exchange.send")
def send_again(request: Any, transmission: TransmissionId, body: ResendIn) -> Any:
    """Send a file again by its route as it is now."""
    sending.again(actor=request.actor, transmission=transmission, at=clock.now(), elsewhere=body.elsewhere)
    return _read(transmission)


@router.post("/transmissions/{transmission}/handed-in", response=TransmissionPageOut)
@operation("exchange.send")
def mark_handed_in(request: Any, transmission: TransmissionId, body: HandedInIn) -> Any:
    """Record that a person handed a file in."""
    sending.handed_in(actor=request.actor, transmission=transmission, words=body.words, at=clock.now())
    return _read(transmission)


@router.post("/transmissions/{transmission}/given-up", response=TransmissionPageOut)
@operation("exchange.send")
def give_transmission_up(request: Any, transmission: TransmissionId, body: GivenUpIn) -> Any:
    """Leave a file unsent."""
    sending.give_up(actor=request.actor, transmission=transmission, why=body.why, at=clock.now())
    return _read(transmission)


@router.post("/transmissions/{transmission}/taken", response=TransmissionPageOut)
@operation("exchange.send")
def take_transmission(request: Any, transmission: TransmissionId) -> Any:
    """Take a file to hand it in: its document is what the partner wants."""
    sending.take(actor=request.actor, transmission=transmission, at=clock.now())
    return _read(transmission)


class QueuedArrivalOut(ArrivalOut, Queued):
    """The same, with why it is next."""


@router.get("/arrivals", response=PageOut[QueuedArrivalOut])
@operation("exchange.keep", mailroom=True)
def list_arrivals(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """What partners sent, newest first."""
    found = queries.arrivals(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    return paged(request, reasoned(request, ARRIVALS, found.rows, _arrival), found.total or 0, page)


@router.get("/arrivals/{arrival}", response=ArrivalOut)
@operation("exchange.keep", mailroom=True)
def get_arrival(request: Any, arrival: Annotated[str, public_id("ARV")]) -> Any:
    """One file from a partner."""
    return _arrival(queries.arrival(arrival))


@router.post("/arrivals", response={201: ArrivalOut})
@operation("exchange.keep", mailroom=True)
def take_arrival_in(request: Any, partner: Form[PartnerId], file: File[UploadedFile]) -> Any:
    """Take in a file that somebody fetched from a partner."""
    kept = arriving.take_in(
        actor=request.actor, partner=partner, name=file.name or "file", content=sent(file), at=clock.now()
    )
    return Status(201, _arrival(kept))


def _mso() -> int:
    with reading():
        return tenancy.mso()


def _facts(body: PartnerIn) -> PartnerFacts:
    return PartnerFacts(
        body.name, PartnerKind(body.kind), Way(body.way), body.host, body.port, body.host_key, body.user,
        body.password or None, body.private_key or None, body.outgoing, body.incoming,
        Settings(**body.envelope.model_dump()), body.realtime,
    )  # fmt: skip


def _partner(row: Partner) -> dict[str, Any]:
    same = ("name", "host", "port", "user", "outgoing", "incoming", "realtime", "is_down", "down_since", "down_words",
            "polled_at", "poll_words")  # fmt: skip
    envelope = {name: getattr(row.settings, name) for name in partners.SETTINGS}
    return {name: getattr(row, name) for name in same} | {
        "id": row.public_id, "kind": row.kind.value, "way": row.way.value, "envelope": envelope,
    }  # fmt: skip


def _route(row: RouteRow) -> dict[str, Any]:
    return {
        "payer": row.payer, "practice": row.practice_name, "transaction": row.transaction.value, "now": row.now,
        "partners": [one.name for one in row.partners], "starts_on": row.starts_on,
    }  # fmt: skip


def _transmission(row: TransmissionRow) -> dict[str, Any]:
    same = ("transaction", "payer", "partner", "name", "about", "words", "tries", "created_at", "sent_at", "next_at",
            "size", "sha256")  # fmt: skip
    return {name: getattr(row, name) for name in same} | {
        "id": row.public_id, "practice": row.practice_name, "subject": row.subject[1], "state": row.state.value,
    }  # fmt: skip


def _read(transmission: str) -> dict[str, Any]:
    with reading():
        return _page(transmission)


def _page(transmission: str) -> dict[str, Any]:
    found = queries.transmission(transmission)
    events = [
        {"at": one.at, "what": one.what, "partner": one.partner, "words": one.words, "actor": one.actor}
        for one in found.events
    ]
    return _transmission(found.row) | {"events": events}


def _arrival(row: ArrivalRow) -> dict[str, Any]:
    same = ("partner", "name", "kinds", "size", "sha256", "is_repeat", "arrived_at", "words")
    return {name: getattr(row, name) for name in same} | {"id": row.public_id}
