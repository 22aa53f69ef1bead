"""Verbs: agreements open and end grants; people are assigned to practices. The only writers of these tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from openmso.kit.classes import DataClass
from openmso.kit.errors import NotFound, Refused
from openmso.platform.access import registry
from openmso.platform.access.contracts import MANAGE_STAFF, Actor, Decision, Side
from openmso.platform.access.models import GrantEnd, PhiCover, PhiCoverEnd, ScopeGrant, StaffAssignment
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic


class CannotGrant(Refused):
    """A grant, cover or assignment would not be lawful or makes no sense."""

    code = "cannot_grant"


class NoSuchAssignment(NotFound):
    """There is no assignment of that name in this practice."""

    code = "no_such_assignment"


@dataclass(frozen=True, slots=True)
class LineInScope:
    """One service line of an executed agreement: its days, the data classes it opens, and whether only to read."""

    line: str
    opens: frozenset[DataClass]
    starts_on: date
    ends_on: date | None
    read_only: bool = False


@atomic
def grant(
    *,
    actor: Actor,
    practice: int,
    agreement: str,
    document_sha256: str,
    lines: Iterable[LineInScope],
    at: datetime,
    under: Decision,
) -> list[str]:
    """Open an executed agreement's service lines in a practice; returns the public ids of the grants.

    `under` is the caller's decision: executing an agreement is a permission of agreements.
    """
    rows = []
    for line in lines:
        if line.line not in registry.LINES:
            raise CannotGrant(f"There is no service line {line.line!r}.", field="line")
        rows.append(
            ScopeGrant(
                practice_id=practice, agreement=agreement, line=line.line, opens=sorted(line.opens),
                starts_on=line.starts_on, ends_on=line.ends_on, document_sha256=document_sha256, executed_at=at,
                read_only=line.read_only,
            )
        )  # fmt: skip
    created = ScopeGrant.objects.bulk_create(rows)
    for row in created:
        _tell(actor, "access.granted", practice, row.public_id, at, under, line=row.line, agreement=agreement)
    return [row.public_id for row in created]


@atomic
def end_grants(
    *, actor: Actor, practice: int, agreement: str, ends_on: date, why: str, at: datetime, under: Decision
) -> int:
    """End what an agreement opened, from a day on; returns how many grants it ended."""
    grants = list(ScopeGrant.objects.filter(practice_id=practice, agreement=agreement))
    GrantEnd.objects.bulk_create(
        GrantEnd(practice_id=practice, grant=row, ends_on=ends_on, ended_at=at, why=why) for row in grants
    )
    for row in grants:
        _tell(actor, "access.ended", practice, row.public_id, at, under, line=row.line, ends_on=str(ends_on), why=why)
    return len(grants)


@atomic
def cover(
    *, actor: Actor, practice: int, agreement: str, starts_on: date, ends_on: date | None, document_sha256: str,
    at: datetime, under: Decision,
) -> None:  # fmt: skip
    """Put a business associate agreement in force for a practice."""
    PhiCover.objects.create(
        practice_id=practice, agreement=agreement, starts_on=starts_on, ends_on=ends_on,
        document_sha256=document_sha256,
    )  # fmt: skip
    _tell(actor, "access.covered", practice, agreement, at, under, starts_on=str(starts_on))


@atomic
def end_cover(
    *, actor: Actor, practice: int, agreement: str, ends_on: date, why: str, at: datetime, under: Decision
) -> int:
    """End a business associate agreement from a day on; patient data closes with it."""
    covers = list(PhiCover.objects.filter(practice_id=practice, agreement=agreement))
    PhiCoverEnd.objects.bulk_create(
        PhiCoverEnd(practice_id=practice, cover=row, ends_on=ends_on, ended_at=at, why=why) for row in covers
    )
    _tell(actor, "access.uncovered", practice, agreement, at, under, ends_on=str(ends_on), why=why)
    return len(covers)


@atomic
def assign(
    *, actor: Actor, practice: int, user_id: int, role: str, starts_on: date, at: datetime, ends_on: date | None = None,
    line: str = "", approved_by: int | None = None,
) -> str:  # fmt: skip
    """Give a person a role in a practice from a day on; returns the public id of the assignment.

    Refused without the permission, to oneself, for an unknown role or line, for a line where the role has none, and
    for a role of the practice to somebody of the MSO or the other way round: what is reserved to the practice's own
    people would be decided by those it is reserved from.
    """
    decision = actor.must(MANAGE_STAFF.code, practice)
    if user_id == actor.user_id:
        raise CannotGrant("You cannot give a role to yourself.", fix="Ask somebody else who assigns people here.")
    known = registry.roles().get(role)
    if known is None:
        raise CannotGrant(f"There is no role {role!r}.", field="role", fix="Choose one of the listed roles.")
    if line and line not in registry.LINES:
        raise CannotGrant(f"There is no service line {line!r}.", field="line")
    if known.side is not Side.MSO and line:
        raise CannotGrant(f"{known.words} is a role without service lines.", field="line", fix="Leave the line empty.")
    if ends_on is not None and ends_on <= starts_on:
        raise CannotGrant("The last day lies before the first.", field="ends_on", fix="Choose a later day.")
    if actor.user_id is not None:
        _refuse_both_sides(user_id, known.side, starts_on)
    held = {"practice_id": practice, "user_id": user_id, "role": role, "line": line, "starts_on": starts_on}
    if StaffAssignment.objects.filter(**held).exists():
        raise CannotGrant("They have this role from this day already.", field="starts_on", fix="Choose another day.")
    row = StaffAssignment.objects.create(
        practice_id=practice, user_id=user_id, role=role, line=line, starts_on=starts_on, ends_on=ends_on,
        approved_by_id=approved_by,
    )  # fmt: skip
    told = {"role": role, "line": line, "starts_on": str(starts_on)}
    _tell(actor, "access.assigned", practice, row.public_id, at, decision, **told)
    return row.public_id


def _refuse_both_sides(user_id: int, side: Side, on: date) -> None:
    """Nobody stands on both sides of an agreement, as far as the one who assigns can see."""
    other = {Side.MSO: Side.PRACTICE, Side.PRACTICE: Side.MSO}.get(side)
    held = StaffAssignment.objects.filter(user_id=user_id).exclude(ends_on__lte=on).values_list("role", flat=True)
    if any(registry.roles()[role].side is other for role in held if role in registry.roles()):
        whose = "the MSO" if other is Side.MSO else "a practice"
        raise CannotGrant(
            f"They work for {whose}: nobody stands on both sides of an agreement.", field="role",
            fix="End the other role first, or choose somebody else.",
        )  # fmt: skip


@atomic
def end_assignment(*, actor: Actor, practice: int, assignment: str, ends_on: date, why: str, at: datetime) -> None:
    """End a person's role in a practice from a day on."""
    decision = actor.must(MANAGE_STAFF.code, practice)
    row = StaffAssignment.objects.select_for_update().filter(practice_id=practice, public_id=assignment).first()
    if row is None:
        raise NoSuchAssignment("There is no such assignment.")
    row.ends_on = max(ends_on, row.starts_on)
    row.save(update_fields=["ends_on"])
    _tell(actor, "access.unassigned", practice, assignment, at, decision, ends_on=str(ends_on), why=why)


def _tell(
    actor: Actor, action: str, practice: int, subject: str, at: datetime, decision: Decision, **facts: str
) -> None:
    audit.record(
        actor=actor, action=action, practice=practice, subject=("access", subject), at=at, facts=facts,
        why=facts.get("why", ""), decision=decision,
    )  # fmt: skip
