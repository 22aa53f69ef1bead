"""Questions about EDI enrolments; rows of the practices in scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from openmso.exchange.contracts import EnrolmentEvent, EnrolmentPage, EnrolmentRow, Transaction, Unenrolled
from openmso.exchange.models.enrolments import Enrolment
from openmso.exchange.models.enrolments import EnrolmentEvent as EventRow
from openmso.exchange.queries import partners
from openmso.exchange.states import CARRIES, E
from openmso.kit.errors import NotFound
from openmso.parties.queries import payers, providers
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk

_SORTS = {"payer": "payer__name", "transaction": "transaction", "state": "state", "chase_on": "chase_on",
          "state_on": "state_on"}  # fmt: skip


def listing(*, filters: Filters, page: PageAsk) -> Page[EnrolmentRow]:
    """The board: what is to be chased first, unless asked otherwise."""
    found = filtered(filters)
    order = _SORTS.get(page.sort, "chase_on")
    keys = (f"-{order}" if page.desc else order, "pk")
    rows = found.order_by(*keys)[page.offset : page.offset + page.size]
    return Page(told(list(rows)), found.count(), page)


def filtered(filters: Filters) -> QuerySet[Enrolment]:
    """The rows that filters leave."""
    found = Enrolment.objects.select_related("payer", "partner", "practice")
    if states := filters.many("is"):
        found = found.filter(state__in=states)
    if transactions := filters.many("transaction"):
        found = found.filter(transaction__in=[one.upper() for one in transactions])
    if practices := filters.many("practice"):
        found = found.filter(practice__code__in=[code.upper() for code in practices])
    for word in filters.text.split():
        found = found.filter(Q(payer__name__icontains=word) | Q(public_id=word.upper()) | Q(number__iexact=word))
    return found


def enrolment(public_id: str) -> EnrolmentPage:
    """One enrolment with its story; raises `NotFound`."""
    row = Enrolment.objects.select_related("payer", "partner", "practice").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no enrolment {public_id}.")
    events = EventRow.objects.filter(enrolment=row).order_by("pk")
    return EnrolmentPage(
        told([row])[0],
        tuple(EnrolmentEvent(one.at, E(one.state), one.words, one.actor, one.document) for one in events),
    )


def why_not(*, practice: int, payer: int | None, transaction: str) -> str:
    """Why files of a kind would be sent back: an enrolment that was begun and carries nothing yet; else nothing.

    A payer with which nothing was begun asks for none, as far as anybody here knows.
    """
    if payer is None:
        return ""
    rows = Enrolment.objects.filter(practice_id=practice, payer_id=payer, transaction=transaction)
    states = [E(state) for state in rows.values_list("state", flat=True)]
    if not states or any(state in CARRIES for state in states):
        return ""
    first = states[0].label.lower()
    return f"The EDI enrolment for {transaction} is not live ({first}): the payer would send it back."


def unenrolled(*, on: date) -> list[Unenrolled]:
    """Remittances with a route and without an enrolment, of the practices in scope: nobody asked the payer for them.

    Of payers that a route names, or that a practice has enrolled with for anything else.
    """
    known: dict[int, set[int]] = defaultdict(set)
    asked: set[tuple[int, int]] = set()
    for practice, payer, transaction in Enrolment.objects.values_list("practice_id", "payer_id", "transaction"):
        known[practice].add(payer)
        if transaction == Transaction.REMITTANCE:
            asked.add((practice, payer))
    here = {one.pk: one.name for one in tenancy.tenants_in_scope() if not one.is_mso}
    for row in partners.routes(on=on, practices=list(here)):
        if row.transaction is Transaction.REMITTANCE and row.payer_id is not None:
            for practice in [row.practice] if row.practice else here:
                known[practice].add(row.payer_id)
    names, found = payers.names(), []
    way = partners.ways(transaction=Transaction.REMITTANCE, on=on)
    for practice, name in here.items():
        for payer in sorted(known[practice], key=lambda one: names[one]):
            if (practice, payer) in asked:
                continue
            if through := way(payer, practice):
                found.append(Unenrolled(practice, name, names[payer], payer, through[0].name))
    return found


def told(rows: Sequence[Enrolment]) -> list[EnrolmentRow]:
    """Rows as they may leave the app."""
    found = []
    names = payers.names() if rows else {}
    then = providers.billers_then({(row.biller_id, row.state_on) for row in rows})
    for row in rows:
        biller = then[row.biller_id, row.state_on]
        found.append(
            EnrolmentRow(
                row.public_id, row.practice_id, row.practice.name, names[row.payer_id], row.payer_id,
                Transaction(row.transaction), biller.name, biller.npi, biller.tin,
                row.partner.name if row.partner else "", row.number, E(row.state), row.requested_on, row.state_on,
                row.chase_on, row.live_on, row.words,
            )
        )  # fmt: skip
    return found


def billers(on: date) -> list[tuple[str, str]]:
    """The open billing providers of the practices in scope as (public id, name with NPI), for forms."""
    practices = [tenant.pk for tenant in tenancy.tenants_in_scope() if not tenant.is_mso]
    found = [one for one in providers.billers(*practices, on=on) if one.closed_on is None]
    return [(one.public_id, f"{one.name}, NPI {one.npi}") for one in sorted(found, key=lambda one: one.name)]
