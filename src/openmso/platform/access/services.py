"""Verbs: agreements open and end grants; people are assigned to practices. The only writers of these tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from openmso.kit.classes import DataClass
from openmso.kit.errors import NotFound, Refused
from openmso.platform.access import registry
from openmso.platform.access.contracts import (
    APPROVE_STAFF,
    MANAGE_STAFF,
    OWNER,
    Actor,
    ActorKind,
    Decision,
    Role,
    Side,
)
from openmso.platform.access.models import GrantEnd, PhiCover, PhiCoverEnd, ScopeGrant, StaffAssignment
from openmso.platform.access.queries import side_behind
from openmso.platform.audit import services as audit
from openmso.platform.identity.models import User
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
    line: str = "", set_up: str = "",
) -> str:  # fmt: skip
    """Give a person a role in a practice from a day on; returns the public id of the assignment.

    Refused without the permission, to oneself, for an unknown role or line, for a line where the role has none, and
    for a role of the practice to somebody of the MSO or the other way round: what is reserved to the practice's own
    people would be decided by those it is reserved from. Roles of the practice are given by its own people; the MSO
    sets up the first owner alone, who is named in the signed agreement. The house itself gives others only with
    `set_up`, the paper that names them. What people of the practice give to staff of the MSO is approved by it.
    """
    decision = actor.must(MANAGE_STAFF.code, practice)
    known = _judged(actor, user_id, role, line, starts_on, ends_on)
    own = side_behind(actor, decision) is Side.PRACTICE
    if known.side is Side.PRACTICE and not own:
        _refuse_giving(actor, practice, user_id, known, set_up)
    if actor.user_id is not None:
        _refuse_both_sides(user_id, known.side, starts_on)
    held = {"practice_id": practice, "user_id": user_id, "role": role, "line": line, "starts_on": starts_on}
    if StaffAssignment.objects.filter(**held).exists():
        raise CannotGrant("They have this role from this day already.", field="starts_on", fix="Choose another day.")
    agreed = own and known.side is Side.MSO and actor.can(APPROVE_STAFF.code, practice)
    row = _create(
        **held, ends_on=ends_on, granted_by_id=actor.user_id, granted_at=at,
        set_up=set_up.strip()[:120] if actor.kind is ActorKind.SYSTEM else "",
        approved_by_id=actor.user_id if agreed else None, approved_at=at if agreed else None,
    )  # fmt: skip
    told = {"role": role, "line": line, "starts_on": str(starts_on)}
    _tell(actor, "access.assigned", practice, row.public_id, at, decision, **told)
    return row.public_id


def _create(**held: Any) -> StaffAssignment:
    """The row; what somebody held in practices out of reach, the database alone can see."""
    try:
        with transaction.atomic():
            return StaffAssignment.objects.create(**held)
    except IntegrityError as no:
        if "both sides" in str(no):
            raise CannotGrant(
                "They have, or had, a role on the other side: nobody stands on both sides of an agreement.",
                field="role", fix="Choose somebody else.",
            ) from no  # fmt: skip
        raise


def _judged(actor: Actor, user_id: int, role: str, line: str, starts_on: date, ends_on: date | None) -> Role:
    """The role, where what is asked makes sense."""
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
    return known


def _refuse_giving(actor: Actor, practice: int, user_id: int, known: Role, set_up: str) -> None:
    """Refuse a role of the practice that does not come from its own people, the first owner apart."""
    if actor.kind is ActorKind.SYSTEM and set_up.strip():
        return
    own = StaffAssignment.objects.filter(practice_id=practice, role__in=registry.roles_of(Side.PRACTICE))
    if known.code != OWNER or own.exists():
        raise CannotGrant(
            f"{known.words} is a role of the practice: its own people give it. The MSO sets up its first owner only.",
            field="role", fix="Ask an owner of the practice to give it.",
        )  # fmt: skip
    names = registry.signers(practice)
    name = " ".join(User.objects.values_list("name", flat=True).get(pk=user_id).split()).casefold()
    if names and name not in {" ".join(one.split()).casefold() for one in names}:
        raise CannotGrant(
            f"The first owner is who signed the agreement for the practice: {' or '.join(sorted(names))}.",
            field="role", fix="Give the role to them.",
        )  # fmt: skip


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
    """End a person's role in a practice from a day on; the MSO does not end roles of the practice."""
    decision = actor.must(MANAGE_STAFF.code, practice)
    row = _row(practice, assignment)
    of_it = actor.kind is ActorKind.SYSTEM or side_behind(actor, decision) is Side.PRACTICE
    if row.role in registry.roles_of(Side.PRACTICE) and not of_it:
        raise CannotGrant("It is a role of the practice: its own people end it.", fix="Ask an owner of the practice.")
    if row.ends_on is not None and row.ends_on < ends_on:
        raise CannotGrant(
            f"It ends on {row.ends_on:%-d %B %Y} already.", field="ends_on", fix="Give the role anew for longer."
        )
    row.ends_on = max(ends_on, row.starts_on)
    row.save(update_fields=["ends_on"])
    _tell(actor, "access.unassigned", practice, assignment, at, decision, ends_on=str(ends_on), why=why)


@atomic
def approve_assignment(*, actor: Actor, practice: int, assignment: str, at: datetime) -> None:
    """The practice approves that somebody of the MSO works for it; only a licensee of it, once."""
    decision = actor.must(APPROVE_STAFF.code, practice)
    row = _row(practice, assignment)
    if row.role not in registry.roles_of(Side.MSO):
        raise CannotGrant("Only staff of the MSO are approved; the practice gives its own roles.")
    if row.approved_by_id is not None:
        raise CannotGrant("It is approved already.")
    row.approved_by_id, row.approved_at = actor.user_id, at
    row.save(update_fields=["approved_by", "approved_at"])
    _tell(actor, "access.approved", practice, assignment, at, decision, role=row.role)


def _row(practice: int, assignment: str) -> StaffAssignment:
    row = StaffAssignment.objects.select_for_update().filter(practice_id=practice, public_id=assignment).first()
    if row is None:
        raise NoSuchAssignment("There is no such assignment.")
    return row


def _tell(
    actor: Actor, action: str, practice: int, subject: str, at: datetime, decision: Decision, **facts: str
) -> None:
    audit.record(
        actor=actor, action=action, practice=practice, subject=("access", subject), at=at, facts=facts,
        why=facts.get("why", ""), decision=decision,
    )  # fmt: skip
