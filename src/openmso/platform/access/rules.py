"""The decision: plain values in, yes or no with words out. No database, no clock.

A yes for MSO staff needs all of: an assignment of a role that holds the permission, in its days; a grant of the
permission's service line from an executed agreement, in its days; and, where patient data is touched, a business
associate agreement in force (45 CFR 164.504(e)). People of a practice act in their own practice by their role.
Reserved decisions are for people of the practice alone. Everything else is no.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from openmso.kit.classes import PHI, DataClass
from openmso.platform.access.contracts import (
    Actor,
    ActorKind,
    Assignment,
    Decision,
    Grant,
    Permission,
    Role,
    Side,
    Standing,
    Tenancy,
)

Roles = Mapping[str, Role]
_OPEN = frozenset({DataClass.PUBLIC, DataClass.BUSINESS})


def decide(actor: Actor, permission: Permission, practice: int | None, roles: Roles) -> Decision:
    """Whether the actor holds the permission in a practice; without a practice, whether in any."""
    if actor.kind is ActorKind.NOBODY:
        return _no(permission, practice, "Sign in first.")
    if actor.kind is ActorKind.SYSTEM:
        return _system(actor, permission, practice)
    if actor.only is not None and permission.code not in actor.only:
        return _no(permission, practice, f"This token was not given the right to {permission.words}.")
    if practice is None:
        return _in_any(actor, permission, roles)
    decision = _in_practice(actor, permission, practice, roles)
    proof = _proof_missing(actor, permission) if decision.allowed else ""
    return _no(permission, practice, proof) if proof else decision


def attainable(actor: Actor, permission: Permission, roles: Roles) -> bool:
    """Whether the permission could become the actor's: a role of a side that they stand on holds it.

    A reserved decision is for people of the practice alone.
    """
    held = (one.role for mine in actor.standing.assignments.values() for one in mine if one.role in roles)
    sides = {roles[role].side for role in held}
    sides &= {Side.PRACTICE} if permission.reserved else set(Side)
    return any(permission.code in role.permissions for role in roles.values() if role.side in sides)


def visible_classes(actor: Actor, practice: int, roles: Roles) -> frozenset[DataClass]:
    """The data classes whose fields the actor may see in a practice today."""
    if actor.kind is ActorKind.SYSTEM:
        return frozenset(DataClass) - {DataClass.PROTECTED, DataClass.LEGAL}
    tenant = actor.standing.tenants.get(practice)
    if tenant is None or not actor.secured:
        return frozenset({DataClass.PUBLIC})
    seen = {DataClass.PUBLIC, DataClass.BUSINESS}
    today = tenant.day(actor.at)
    for assignment, role in _roles_held(actor.standing, practice, today, roles):
        if role.side is not Side.MSO or tenant.is_mso:
            seen |= role.classes
            continue
        for grant in _grants(actor.standing, assignment, practice, today):
            seen |= role.classes & grant.classes
    return frozenset(seen if _covered(actor.standing, tenant, today, roles) else seen - PHI)


def _system(actor: Actor, permission: Permission, practice: int | None) -> Decision:
    if permission.reserved:
        return _no(permission, practice, f"Only a person of the practice may {permission.words}.")
    reason = "The system runs what people have set up."
    return Decision(True, permission.code, practice, reason, actor.behind, permission.classes)


def _proof_missing(actor: Actor, permission: Permission) -> str:
    """What somebody who may do it must still prove: a second factor always, a confirmation for some acts."""
    if not actor.secured:
        return "Set up a second factor first: without one nothing of a practice opens."
    if permission.fresh and not actor.fresh:
        return f"Confirm that it is you before you {permission.words}."
    return ""


def _in_any(actor: Actor, permission: Permission, roles: Roles) -> Decision:
    answers = []
    for practice in sorted(actor.standing.tenants):
        answers.append(decide(actor, permission, practice, roles))
        if answers[-1].allowed:
            return answers[-1]
    proof = _proof_missing(actor, permission)
    nearly = next((answer for answer in answers if proof and answer.reason == proof), None)
    return nearly or (answers[0] if len(answers) == 1 else _no(permission, None, _nowhere(permission)))


def _nowhere(permission: Permission) -> str:
    return f"You may not {permission.words} in any practice today."


def _in_practice(actor: Actor, permission: Permission, practice: int, roles: Roles) -> Decision:
    tenant = actor.standing.tenants.get(practice)
    if tenant is None:
        return _no(permission, practice, "You have no assignment there.")
    today = tenant.day(actor.at)
    reason = f"None of your roles in {tenant.name} lets you {permission.words}."
    for assignment, role in _roles_held(actor.standing, practice, today, roles):
        if permission.code not in role.permissions:
            continue
        if permission.reserved and role.side is not Side.PRACTICE:
            reason = f"Only a person of {tenant.name} may {permission.words}."
            continue
        if role.side is not Side.MSO or tenant.is_mso or not permission.line:
            reason = f"{role.words} of {tenant.name}."
            return Decision(True, permission.code, practice, reason, assignment.public_id, permission.classes)
        decision = _by_grant(actor.standing, permission, assignment, tenant, today)
        if decision.allowed:
            return decision
        reason = decision.reason
    return _no(permission, practice, reason)


def _by_grant(
    standing: Standing, permission: Permission, assignment: Assignment, tenant: Tenancy, today: date
) -> Decision:
    """MSO staff in a practice: the executed agreement decides."""
    practice = tenant.practice
    if assignment.line and assignment.line != permission.line:
        return _no(permission, practice, f"You are assigned to another service line of {tenant.name}.")
    granted = [g for g in _grants(standing, assignment, practice, today) if g.line == permission.line]
    grant = next((g for g in granted if not g.read_only or permission.only_reads), None)
    if grant is None and granted:
        return _no(permission, practice, f"The agreement with {tenant.name} has ended; this service is only readable.")
    if grant is None:
        return _no(
            permission,
            practice,
            f"No agreement with {tenant.name} in force today puts this service in scope.",
        )
    if permission.classes & PHI and not _in_force(standing, practice, today):
        return _no(permission, practice, f"No business associate agreement with {tenant.name} is in force today.")
    missing = permission.classes - grant.classes - _OPEN
    if missing:
        words = ", ".join(sorted(missing))
        return _no(permission, practice, f"The agreement with {tenant.name} does not open {words} data for this.")
    reason = f"The agreement with {tenant.name} puts this in scope until {grant.days.ends_on or 'it ends'}."
    return Decision(True, permission.code, practice, reason, grant.public_id, permission.classes)


def _roles_held(standing: Standing, practice: int, today: date, roles: Roles) -> Iterator[tuple[Assignment, Role]]:
    for assignment in standing.assignments.get(practice, ()):
        if today in assignment.days and assignment.role in roles:
            yield assignment, roles[assignment.role]


def _grants(standing: Standing, assignment: Assignment, practice: int, today: date) -> Iterator[Grant]:
    for grant in standing.grants.get(practice, ()):
        in_line = not assignment.line or assignment.line == grant.line
        if in_line and today in grant.days:
            yield grant


def _covered(standing: Standing, tenant: Tenancy, today: date, roles: Roles) -> bool:
    """Whether patient data may be shown: a cover is in force, or the person belongs to the practice itself."""
    own = any(role.side is Side.PRACTICE for _, role in _roles_held(standing, tenant.practice, today, roles))
    return own or _in_force(standing, tenant.practice, today)


def _in_force(standing: Standing, practice: int, today: date) -> bool:
    return any(today in days for days in standing.covers.get(practice, ()))


def _no(permission: Permission, practice: int | None, reason: str) -> Decision:
    return Decision(False, permission.code, practice, reason)
