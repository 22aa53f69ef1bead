"""Questions: who is this, and what bears on what they may do now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from openmso.kit.classes import DataClass
from openmso.kit.periods import DayRange
from openmso.platform.access import registry
from openmso.platform.access.contracts import (
    LICENSEES,
    Actor,
    ActorKind,
    Assignment,
    AssignmentRow,
    Decision,
    Grant,
    Side,
    Standing,
    Tenancy,
    TenantRow,
)
from openmso.platform.access.models import StaffAssignment
from openmso.platform.identity.models import User
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import current, reading, scope


def actor_for(
    user: User,
    *,
    at: datetime,
    session: str = "",
    request: str = "",
    fresh: bool = False,
    secured: bool = True,
    only: frozenset[str] | None = None,
) -> Actor:
    """The actor of a signed-in person or a token, with everything a decision needs, read now.

    Two short transactions: a person's own assignments first, then the grants of those practices alone.
    """
    kind = ActorKind.SERVICE if user.is_service else ActorKind.PERSON
    standing = standing_of(user.pk) if user.is_active else Standing()
    return Actor(
        kind, user.name, at, user_id=user.pk, user=user.public_id, standing=standing, session=session,
        request=request, fresh=fresh, secured=secured, only=only,
    )  # fmt: skip


def standing_of(user_id: int) -> Standing:
    """A person's assignments, and the tenants, grants and covers they reach."""
    with scope(user=user_id), reading():
        assignments = _held(StaffAssignment._base_manager.filter(user_id=user_id))
    practices = {assignment.practice for assignment in assignments}
    if not practices:
        return Standing()
    with scope(practices=practices, user=user_id), reading():
        tenants, zone = _tenants(practices)
        return Standing.of(
            assignments=assignments, grants=_grants(), covers=_covers(), tenants=tenants, network_zone=zone
        )


def as_seen_from_here(user: User, *, at: datetime) -> Actor:
    """Another person as far as the current scope shows them: to ask why they may, or may not.

    Taken as signed in with a second factor and just confirmed, so that the answer is about their roles alone.
    """
    held = _held(StaffAssignment.objects.filter(user_id=user.pk))
    tenants, zone = _tenants({assignment.practice for assignment in held})
    standing = Standing.of(assignments=held, grants=_grants(), covers=_covers(), tenants=tenants, network_zone=zone)
    standing = standing if user.is_active else Standing()
    return Actor(ActorKind.PERSON, user.name, at, user_id=user.pk, user=user.public_id, standing=standing, fresh=True)


def colleagues(practices: Collection[int], *, at: datetime) -> list[Actor]:
    """Everybody who works in some practices in scope, by name, as far as these practices show them.

    Taken as in `as_seen_from_here`; service accounts and disabled ones are nobody's colleagues.
    """
    held: defaultdict[int, list[Assignment]] = defaultdict(list)
    for user_id, *told in StaffAssignment.objects.filter(practice__in=practices).values_list("user_id", *_HELD):
        held[user_id].append(_assignment(*told))
    grants, covers = _grants(), _covers()
    tenants, zone = _tenants(set(practices))
    people = User.objects.filter(pk__in=held, is_active=True, is_service=False).order_by("name", "pk")
    return [
        Actor(
            ActorKind.PERSON, user.name, at, user_id=user.pk, user=user.public_id, fresh=True,
            standing=Standing.of(
                assignments=held[user.pk], grants=grants, covers=covers, tenants=tenants, network_zone=zone
            ),
        )
        for user in people
    ]  # fmt: skip


def assignments(user_ids: Collection[int]) -> list[AssignmentRow]:
    """The assignments of some people in the practices in scope, latest first."""
    rows = StaffAssignment.objects.filter(user_id__in=user_ids).select_related("practice", "approved_by")
    of_mso = registry.roles_of(Side.MSO)
    return [
        AssignmentRow(
            public_id=row.public_id, user_id=row.user_id, practice=row.practice_id, practice_name=row.practice.name,
            role=row.role, role_words=registry.role_words(row.role), line=row.line,
            starts_on=row.starts_on, ends_on=row.ends_on, approved_at=row.approved_at,
            approved_by=row.approved_by.name if row.approved_by else "",
            waits=row.approved_by is None and row.role in of_mso and row.practice.kind != Tenant.Kind.MSO,
        )
        for row in rows.order_by("-starts_on", "pk")
    ]  # fmt: skip


def assigned_in(practice: int, *, on: date) -> list[AssignmentRow]:
    """Who holds which role in a practice in scope on a day."""
    holders = StaffAssignment.objects.filter(practice_id=practice, starts_on__lte=on).exclude(ends_on__lte=on)
    rows = assignments(holders.values_list("user_id", flat=True))
    return [row for row in rows if row.practice == practice and on in DayRange(row.starts_on, row.ends_on)]


def is_of_the_practice(user: str, practice: int, *, on: date) -> bool:
    """Whether a person, by the public id of their account, has a role of the practice's own side in it on a day."""
    own = [code for code, role in registry.roles().items() if role.side is Side.PRACTICE]
    held = StaffAssignment.objects.filter(
        practice_id=practice, user__public_id=user, role__in=own, starts_on__lte=on
    ).exclude(ends_on__lte=on)
    return bool(user) and held.exists()


def licensed_role(actor: Actor, practice: int) -> str:
    """The role by which somebody is a licensee of a practice today, by whatever permission they act; empty for none."""
    held = actor.standing.assignments.get(practice, ())
    tenant = actor.standing.tenants.get(practice)
    today = tenant.day(actor.at) if tenant else actor.today
    return next((one.role for one in held if one.role in LICENSEES and today in one.days), "")


def role_behind(actor: Actor, decision: Decision) -> str:
    """The role of the assignment that a decision names; none for the system, or where an agreement's grant decided."""
    held = actor.standing.assignments.get(decision.practice or 0, ())
    return next((one.role for one in held if one.public_id == decision.grant), "")


def side_behind(actor: Actor, decision: Decision) -> Side:
    """Whose people act by a decision: the side of the role behind it; without one, the MSO's."""
    role = registry.roles().get(role_behind(actor, decision))
    return role.side if role else Side.MSO


def grants_in(practice: int) -> list[Grant]:
    """Every grant that agreements opened in a practice in scope, the newest first."""
    found = [grant for grant in _grants() if grant.practice == practice]
    return sorted(found, key=lambda grant: (grant.days.starts_on, grant.line), reverse=True)


def people_assigned() -> frozenset[int]:
    """Everybody who has, or had, an assignment in the practices in scope."""
    return frozenset(StaffAssignment.objects.values_list("user_id", flat=True).distinct())


def people_of(side: Side, practices: Collection[int]) -> dict[int, set[int]]:
    """Who has, or had, a role of a side in each of some practices in scope."""
    roles = [code for code, role in registry.roles().items() if role.side is side]
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = StaffAssignment.objects.filter(practice_id__in=list(practices), role__in=roles)
    for practice, user in rows.values_list("practice_id", "user_id"):
        found[practice].add(user)
    return found


def tenants(practices: Collection[int]) -> list[TenantRow]:
    """Some tenants by name, the MSO last."""
    rows = Tenant.objects.filter(pk__in=practices).order_by("-kind", "name")
    return [TenantRow(row.pk, row.public_id, row.code, row.name, row.zone, row.kind == Tenant.Kind.MSO) for row in rows]


_HELD = ("practice_id", "role", "line", "starts_on", "ends_on", "public_id")


def _held(rows: QuerySet[StaffAssignment]) -> tuple[Assignment, ...]:
    return tuple(_assignment(*told) for told in rows.values_list(*_HELD))


def who_may(permission: str) -> str:
    """The roles to which a permission is given, in words: `Billing lead or Administrator`."""
    names = [role.words for role in registry.roles().values() if permission in role.permissions]
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1] if names else "")))


def _assignment(practice: int, role: str, line: str, starts_on: date, ends_on: date | None, name: str) -> Assignment:
    return Assignment(practice, role, line, DayRange(starts_on, ends_on), name)


def _tenants(practices: set[int]) -> tuple[dict[int, Tenancy], str]:
    """Some tenants by key, and the zone of the network's days."""
    rows = Tenant.objects.filter(Q(pk__in=practices) | Q(kind=Tenant.Kind.MSO)).order_by("pk")
    told = rows.values_list("pk", "name", "zone", "kind")
    found = {key: Tenancy(key, name, zone, kind == Tenant.Kind.MSO) for key, name, zone, kind in told}
    zone = next((one.zone for one in found.values() if one.is_mso), "UTC")
    return {key: one for key, one in found.items() if key in practices}, zone


_GRANTS = """
SELECT public_id, practice_id, line, opens, starts_on, ends_on, read_only,
       (SELECT min(ended.ends_on) FROM access_grantend ended
         WHERE ended.practice_id = held.practice_id AND ended.grant_id = held.id)
  FROM access_scopegrant held WHERE practice_id = ANY(%s)
"""
_COVERS = """
SELECT practice_id, starts_on, ends_on,
       (SELECT min(ended.ends_on) FROM access_phicoverend ended
         WHERE ended.practice_id = held.practice_id AND ended.cover_id = held.id)
  FROM access_phicover held WHERE practice_id = ANY(%s)
"""
"""Asked at every request, and so written out: to compose them costs ten times as long as to answer them."""


def _grants() -> tuple[Grant, ...]:
    return tuple(
        Grant(
            name, practice, line, _classes(tuple(opens)), _days(starts_on, ends_on, ended_on), read_only
        )
        for name, practice, line, opens, starts_on, ends_on, read_only, ended_on in _in_scope(_GRANTS)
    )  # fmt: skip


def _covers() -> dict[int, tuple[DayRange, ...]]:
    covers: dict[int, list[DayRange]] = defaultdict(list)
    for practice, starts_on, ends_on, ended_on in _in_scope(_COVERS):
        covers[practice].append(_days(starts_on, ends_on, ended_on))
    return {practice: tuple(days) for practice, days in covers.items()}


def _in_scope(statement: str) -> list[tuple[Any, ...]]:
    """What a statement finds in the practices in scope."""
    practices = list(current().practices)
    with connection.cursor() as cursor:
        cursor.execute(statement, [practices])
        return cursor.fetchall()


@cache
def _classes(opens: tuple[str, ...]) -> frozenset[DataClass]:
    """The data classes of some names; agreements open the same few sets of them."""
    return frozenset(map(DataClass, opens))


@lru_cache
def _days(starts_on: date, *ends: date | None) -> DayRange:
    """From a day to the first end there is; a thing ended before it started never held."""
    known = [end for end in ends if end is not None]
    return DayRange(starts_on, max(starts_on, min(known)) if known else None)
