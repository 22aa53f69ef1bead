"""Questions about transmissions and arrivals; rows of the practices in scope."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Count, Q, QuerySet

from openmso.exchange.contracts import ArrivalRow, TransmissionEvent, TransmissionPage, TransmissionRow
from openmso.exchange.models.transmissions import Arrival, Transmission
from openmso.exchange.models.transmissions import TransmissionEvent as EventRow
from openmso.exchange.states import OPEN, T
from openmso.kit.errors import NotFound
from openmso.parties.queries import payers
from openmso.platform.ui import paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally

_SORTS = {"created_at": "created_at", "transaction": "transaction", "state": "state", "sent_at": "sent_at"}
BY_A_PERSON = "By hand"


def listing(*, filters: Filters, page: PageAsk) -> Page[TransmissionRow]:
    """Transmissions, newest first unless asked otherwise; counted after the page."""
    found = filtered(filters)
    order = _SORTS.get(page.sort, "created_at")
    keys = (f"-{order}" if page.desc or not page.sort else order, "-pk")
    rows = paging.rows(found.select_related("partner", "practice"), keys, page)
    return Page(told(rows), None, page)


def tally(*, filters: Filters) -> Tally:
    """How many the filters leave."""
    return Tally(filtered(filters).count())


def ids(*, filters: Filters, limit: int) -> list[str]:
    """The public ids of what the filters leave, newest first."""
    return list(filtered(filters).order_by("-created_at", "-pk").values_list("public_id", flat=True)[:limit])


def filtered(filters: Filters) -> QuerySet[Transmission]:
    """The rows that filters leave."""
    found = Transmission.objects.all()
    if states := filters.many("is"):
        found = found.filter(state__in=states)
    if transactions := filters.many("transaction"):
        found = found.filter(transaction__in=transactions)
    if partners := filters.many("partner"):
        found = found.filter(partner__public_id__in=partners)
    if practices := filters.many("practice"):
        found = found.filter(practice__code__in=[code.upper() for code in practices])
    for word in filters.text.split():
        found = found.filter(Q(public_id=word.upper()) | Q(subject_id=word.upper()) | Q(name__icontains=word))
    return found


def transmission(public_id: str) -> TransmissionPage:
    """One transmission with its story; raises `NotFound`."""
    row = Transmission.objects.select_related("partner", "practice").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no transmission {public_id}.")
    events = EventRow.objects.filter(transmission=row).select_related("partner").order_by("pk")
    return TransmissionPage(
        told([row])[0],
        tuple(
            TransmissionEvent(one.at, one.what, one.partner.name if one.partner else "", one.words, one.actor)
            for one in events
        ),
    )


def of_subjects(kind: str, ids: Collection[str]) -> dict[str, TransmissionRow]:
    """The transmission of each thing, by its public id."""
    found = Transmission.objects.filter(subject_kind=kind, subject_id__in=ids).select_related("partner", "practice")
    return {row.subject[1]: row for row in told(list(found))}


def standing() -> dict[T, int]:
    """How many of each open state there are."""
    rows = Transmission.objects.filter(state__in=OPEN).values("state").annotate(count=Count("pk"))
    return {T(row["state"]): row["count"] for row in rows}


def told(rows: Sequence[Transmission]) -> list[TransmissionRow]:
    """Rows as they may leave the app."""
    names = payers.names() if rows else {}
    return [
        TransmissionRow(
            row.public_id, row.practice_id, row.practice.name, row.transaction,
            names.get(row.payer_id or 0, ""), row.partner.name if row.partner else BY_A_PERSON,
            row.partner.public_id if row.partner else "", row.name, row.about, (row.subject_kind, row.subject_id),
            row.sent_document or row.document, T(row.state), row.words, row.tries, row.created_at, row.sent_at,
            row.next_at, row.size, row.sha256, row.is_uploaded,
        )
        for row in rows
    ]  # fmt: skip


def arrivals(*, filters: Filters, page: PageAsk) -> Page[ArrivalRow]:
    """What partners sent, newest first; of the MSO's mailbox, where it is in scope."""
    found = Arrival.objects.all()
    for word in filters.text.split():
        found = found.filter(Q(public_id=word.upper()) | Q(name__icontains=word) | Q(kinds__icontains=word))
    order = {"name": "name", "size": "size"}.get(page.sort, "arrived_at")
    keys = (f"-{order}" if page.desc or not page.sort else order, "-pk")
    rows = paging.rows(found.select_related("partner"), keys, page)
    return Page([arrival_told(row) for row in rows], found.count(), page)


def arrival(public_id: str) -> ArrivalRow:
    """One arrival; raises `NotFound`."""
    row = Arrival.objects.select_related("partner").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no file {public_id} in the mailbox.")
    return arrival_told(row)


def arrival_told(row: Arrival) -> ArrivalRow:
    """A row as it may leave the app."""
    return ArrivalRow(
        row.public_id, row.partner.name if row.partner else "", row.name, row.kinds, row.size, row.sha256,
        row.document, row.is_repeat, row.arrived_at, row.words,
    )  # fmt: skip
