"""Questions about partners and routes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from openmso.exchange.contracts import Partner, PartnerKind, RouteRow, Settings, Transaction, Way
from openmso.exchange.models.partners import Partner as PartnerRow
from openmso.exchange.models.partners import Route
from openmso.exchange.rules import routing
from openmso.exchange.rules.routing import Step
from openmso.kit.errors import NotFound
from openmso.parties.queries import payers
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk

EVERY_PAYER = "All payers"
EVERY_PRACTICE = "All practices"
SETTINGS = tuple(Settings.__dataclass_fields__)
_SORTS = {"name": "name", "kind": "kind", "way": "way"}


def partner(public_id: str) -> Partner:
    """One partner; raises `NotFound`."""
    row = PartnerRow.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such trading partner.", field="partner")
    return told(row)


def every() -> list[Partner]:
    """All partners that are not closed, by name."""
    return [told(row) for row in PartnerRow.objects.filter(closed_on=None).order_by("name", "pk")]


def choices() -> list[tuple[str, str]]:
    """The same as (public id, name), for forms."""
    return [(one.public_id, one.name) for one in every()]


def listing(*, filters: Filters, page: PageAsk) -> Page[Partner]:
    """The register of partners."""
    found = PartnerRow.objects.filter(closed_on=None)
    if filters.text:
        found = found.filter(name__icontains=filters.text)
    if ways := filters.many("way"):
        found = found.filter(way__in=ways)
    order = _SORTS.get(page.sort, "name")
    rows = found.order_by(f"-{order}" if page.desc else order, "pk")[page.offset : page.offset + page.size]
    return Page([told(row) for row in rows], found.count(), page)


def down() -> list[Partner]:
    """The partners that somebody declared to be down."""
    return [one for one in every() if one.is_down]


def of_route(*, payer: int | None, transaction: str, practice: int, on: date) -> list[Partner]:
    """The partners for a file in their order; empty where there is no route."""
    return ways(transaction=transaction, on=on)(payer, practice)


def ways(*, transaction: str, on: date) -> Callable[[int | None, int], list[Partner]]:
    """The same for files of a kind to any payer (or none) of any practice, asked of the database once."""
    steps = _steps(transaction)
    known = {row.pk: told(row) for row in PartnerRow.objects.filter(pk__in={step.partner for step in steps})}

    def way(payer: int | None, practice: int) -> list[Partner]:
        keys = routing.route(steps, payer=payer, transaction=transaction, practice=practice, on=on)
        return [known[key] for key in keys]

    return way


def routes(*, on: date, practices: Collection[int]) -> list[RouteRow]:
    """The routes in force: the network's own, and the exceptions of these practices."""
    names = payers.names()
    homes = {row.pk: row.name for row in tenancy.tenants()}
    partners = {row.pk: told(row) for row in PartnerRow.objects.all()}
    rows: dict[tuple[int | None, str, int | None], list[Route]] = {}
    for row in Route.objects.order_by("transaction", "rank"):
        if _step(row).holds(on) and (row.practice_id is None or row.practice_id in practices):
            rows.setdefault((row.payer_id, row.transaction, row.practice_id), []).append(row)
    told_rows = [
        RouteRow(
            steps[0].public_id, names[payer] if payer else EVERY_PAYER, payer, Transaction(transaction), practice,
            homes[practice] if practice else EVERY_PRACTICE, tuple(partners[step.partner_id] for step in steps),
            steps[0].starts_on,
        )
        for (payer, transaction, practice), steps in rows.items()
    ]  # fmt: skip
    return sorted(told_rows, key=lambda row: (row.payer_id is not None, row.payer, row.practice_name, row.transaction))


def _steps(transaction: str) -> list[Step]:
    return [_step(row) for row in Route.objects.filter(transaction=transaction)]


def _step(row: Route) -> Step:
    return Step(
        row.payer_id, row.transaction, row.practice_id, row.partner_id, row.rank, row.starts_on, row.ends_on
    )  # fmt: skip


def told(row: PartnerRow) -> Partner:
    """A row as it may leave the app: without its secrets."""
    return Partner(
        row.pk, row.public_id, row.name, PartnerKind(row.kind), Way(row.way), row.host, row.port, row.host_key,
        row.user, row.password is not None, row.private_key is not None, row.outgoing, row.incoming,
        Settings(**{name: getattr(row, name) for name in SETTINGS}), row.is_down, row.down_since, row.down_words,
        row.polled_at, row.poll_words, row.closed_on, row.realtime,
    )  # fmt: skip
