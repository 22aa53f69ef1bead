"""The registries of permissions, roles and service lines; filled at start-up, then read only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from openmso.platform.access.contracts import Permission, Role, Side

LINES: Mapping[str, str] = {
    "front_office": "Front office",
    "eligibility": "Eligibility and authorizations",
    "coding_support": "Coding support",
    "revenue_cycle": "Billing and claims",
    "payment_posting": "Payment posting",
    "denials": "Denials and appeals",
    "patient_billing": "Patient billing",
    "accounting": "Accounting",
    "payroll": "Payroll and HR",
    "purchasing": "Purchasing",
    "it": "IT service desk",
    "compliance": "Compliance",
    "credentialing": "Credentialing",
    "scheduling": "Scheduling",
    "marketing": "Marketing",
    "analytics": "Analytics",
}
"""The service lines an agreement can put in scope, by code, in our own words."""

_permissions: dict[str, Permission] = {}
_roles: dict[str, Role] = {}
_signers: list[Callable[[int], Collection[str]]] = []


class UnknownPermission(LookupError):
    """Code asked about a permission that no app declares: a bug, found at start-up by the checks."""


def add_permissions(permissions: Iterable[Permission]) -> None:
    """Declare an app's permissions; the same code twice with other words is a mistake."""
    for permission in permissions:
        if _permissions.setdefault(permission.code, permission) != permission:
            raise ValueError(f"permission {permission.code} is declared twice")
        if permission.line and permission.line not in LINES:
            raise ValueError(f"permission {permission.code} names no service line: {permission.line}")


def set_roles(roles: Iterable[Role]) -> None:
    """Declare all roles of the installation, once, from the composition root."""
    _roles.clear()
    _roles.update({role.code: role for role in roles})


def add_signers(of: Callable[[int], Collection[str]]) -> None:
    """Declare who tells the names of those who signed executed agreements for a practice."""
    _signers.append(of)


def signers(practice: int) -> set[str]:
    """The names of those who signed executed agreements for a practice; nobody before there is one."""
    return {name for of in _signers for name in of(practice)}


def roles_of(side: Side) -> tuple[str, ...]:
    """The codes of the roles of a side."""
    return tuple(role.code for role in _roles.values() if role.side is side)


def permission(code: str) -> Permission:
    """The permission of a code; raises `UnknownPermission`."""
    try:
        return _permissions[code]
    except KeyError:
        raise UnknownPermission(f"No app declares the permission {code!r}.") from None


def permissions() -> Mapping[str, Permission]:
    """All permissions by code."""
    return _permissions


def roles() -> Mapping[str, Role]:
    """All roles by code."""
    return _roles


def line_words(code: str) -> str:
    """A service line in words; the code itself where there is none."""
    return LINES.get(code, code)


def role_words(code: str) -> str:
    """A role in words; the code itself where it is no longer there."""
    return _roles[code].words if code in _roles else code


def faults() -> list[str]:
    """What is wrong with the registries, in words: roles that name no permission, or reach around a wall."""
    found = []
    for role in _roles.values():
        for code in sorted(role.permissions):
            if code not in _permissions:
                found.append(f"role {role.code} names {code}, which no app declares")
            elif _permissions[code].reserved and role.side is not Side.PRACTICE:
                found.append(f"role {role.code} holds {code}, which is reserved to people of the practice")
    return found
