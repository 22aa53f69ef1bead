"""Questions about tenants; they are public, so no scope is needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from openmso.kit.clock import day_in, start_of
from openmso.kit.errors import NotFound
from openmso.kit.periods import DayRange
from openmso.platform.tenancy import walls
from openmso.platform.tenancy.models import Entity, PracticeForeignKey, Tenant
from openmso.platform.tenancy.scope import current


@dataclass(frozen=True, slots=True)
class TenantRow:
    """A practice or the MSO, as commands and workers know it."""

    pk: int
    code: str
    name: str
    zone: str
    is_mso: bool
    public_id: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What a scope may cover: `with scope(practices=reach.practices, entities=reach.entities)`."""

    practices: frozenset[int]
    entities: frozenset[int]


@dataclass(frozen=True, slots=True)
class StrayKeys:
    """Rows of a column that point to no row of their own practice."""

    table: str
    column: str
    rows: int


def keys_of(codes: Collection[str]) -> set[int]:
    """The keys of the tenants that a filter names by their codes, in small letters."""
    return {one.pk for one in tenants() if one.code.lower() in codes}


def tenants(*, code: str = "") -> list[TenantRow]:
    """All tenants in order of their codes, or the one of a code; raises `NotFound`."""
    found = Tenant.objects.order_by("code")
    rows = [
        TenantRow(tenant.pk, tenant.code, tenant.name, tenant.zone, tenant.kind == Tenant.Kind.MSO, tenant.public_id)
        for tenant in (found.filter(code=code.upper()) if code else found)
    ]
    if code and not rows:
        raise NotFound(f"There is no practice with the code {code}.", field="practice")
    return rows


def tenants_in_scope() -> list[TenantRow]:
    """The tenants that the work at hand may touch, in order of their codes: what a person may choose from."""
    return [row for row in tenants() if row.pk in current().practices]


def practice_choices() -> list[tuple[str, str]]:
    """The practices of the scope, as filters name them: where the reader holds the permission of the page, no more."""
    return [(row.code.lower(), row.name) for row in tenants_in_scope() if not row.is_mso]


def key_in_scope(name: str) -> int:
    """The key of the tenant of that public id or code, if the work at hand may touch it; raises `NotFound`."""
    found = Tenant.objects.filter(Q(public_id=name) | Q(code=name), pk__in=current().practices)
    key = found.values_list("pk", flat=True).first()
    if key is None:
        raise NotFound(f"There is no practice {name} for you.", field="practice")
    return key


def zone(practice: int) -> str:
    """The tenant's time zone (IANA name)."""
    return Tenant.objects.values_list("zone", flat=True).get(pk=practice)


def today(practice: int, at: datetime) -> date:
    """The tenant's calendar day at an instant."""
    return day_in(zone(practice), at)


def network_day(at: datetime) -> date:
    """The calendar day at an instant where practices are looked at together: the MSO's; before set-up, of UTC."""
    return day_in(_of_mso("zone") or "UTC", at)


def named_by_day(
    rows: QuerySet[Any], day: str, practices: Collection[int], within: DayRange
) -> Iterator[tuple[int, str, date]]:  # fmt: skip
    """Practice, public id and day of the rows of some practices whose day lies within some days."""
    found = rows.filter(
        practice_id__in=list(practices), **{f"{day}__gte": within.starts_on, f"{day}__lt": within.ends_on}
    )
    yield from found.order_by("practice_id", day, "pk").values_list("practice_id", "public_id", day)


def named_by_instant(
    rows: QuerySet[Any], at: str, practices: Collection[int], within: DayRange
) -> Iterator[tuple[int, str, date]]:  # fmt: skip
    """The same by an instant: its day is that of the practice's own zone."""
    zones: dict[str, list[int]] = {}
    for zone, practice in Tenant.objects.filter(pk__in=list(practices)).order_by("pk").values_list("zone", "pk"):
        zones.setdefault(zone, []).append(practice)
    for zone, mine in zones.items():
        since, until = start_of(within.starts_on, zone), start_of(within.ends_on or date.max, zone)
        found = rows.filter(practice_id__in=mine, **{f"{at}__gte": since, f"{at}__lt": until})
        for practice, name, moment in found.order_by("practice_id", at, "pk").values_list(
            "practice_id", "public_id", at
        ):
            yield practice, name, day_in(zone, moment)


def reach(*practices: int) -> Reach:
    """Some practices and their books."""
    books = Entity.objects.filter(tenant__in=practices).values_list("pk", flat=True)
    return Reach(frozenset(practices), frozenset(books))


def whole_network() -> Reach:
    """All practices, the MSO and all books: for the house's own runs, never for a person's request."""
    return Reach(
        frozenset(Tenant.objects.values_list("pk", flat=True)), frozenset(Entity.objects.values_list("pk", flat=True))
    )


def with_mailroom(reach: Reach) -> Reach:
    """The same, and the MSO's own tenant without its books: where what arrives waits until it is known whose it is."""
    return Reach(reach.practices | {mso()}, reach.entities)


def mso() -> int:
    """The tenant that is the MSO itself: the place of what belongs to no practice. Raises `NotFound` before set-up."""
    found: int | None = _of_mso("pk")
    if found is None:
        raise NotFound("The network has no MSO yet.")
    return found


def mso_name() -> str:
    """What the MSO is called; empty before set-up."""
    return _of_mso("name") or ""


def _of_mso(column: str) -> Any:
    """A column of the MSO's own tenant; None before set-up."""
    return Tenant.objects.filter(kind=Tenant.Kind.MSO).order_by("pk").values_list(column, flat=True).first()


def keys() -> list[tuple[str, str, str, str]]:
    """Every key between rows of one practice: table, column, the table it points to and that table's key."""
    return [
        (
            model._meta.db_table,
            field.column,
            field.related_model._meta.db_table,
            str(field.related_model._meta.pk.column),
        )
        for model in walls.our_models()
        for field in model._meta.local_fields
        if isinstance(field, PracticeForeignKey)
    ]


def stray_keys() -> list[StrayKeys]:
    """The keys in scope that point out of their practice, or nowhere: the proof that journals go without keys for.

    Registers cannot have any (their keys are composite); journals are checked by the services that fill them, and here.
    """
    found = []
    with connection.cursor() as cursor:
        for table, column, target, key in keys():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" c LEFT JOIN "{target}" p '
                f"ON p.practice_id = c.practice_id AND p.{key} = c.{column} "
                f"WHERE c.{column} IS NOT NULL AND p.{key} IS NULL"
            )
            if rows := cursor.fetchone()[0]:
                found.append(StrayKeys(table, column, rows))
    return found
