"""What leaves access: permissions, roles, decisions, and the actor that every service is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from openmso.kit import clock
from openmso.kit.classes import DataClass
from openmso.kit.errors import Forbidden
from openmso.kit.periods import DayRange


class Side(StrEnum):
    """Whose people hold a role."""

    MSO = "mso"  # staff of the MSO: what they may do in a practice comes from its agreement
    PRACTICE = "practice"  # owners, physicians and staff of the practice, in their own practice
    AUDITOR = "auditor"  # reads, for a stated time
    INTEGRATOR = "integrator"  # software that acts by token


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing a person may do, in words that complete "may not ...".

    `line` is the service line that the practice's executed agreement must have in scope for MSO staff; an empty
    line needs none. `classes` are the data classes it shows or touches. `reserved` acts are decided only by
    people of the practice (`facts`: corporate practice of medicine). `fresh` asks for a recent re-authentication.
    """

    code: str
    words: str
    line: str = ""
    classes: frozenset[DataClass] = frozenset()
    reserved: bool = False
    fresh: bool = False

    @property
    def only_reads(self) -> bool:
        """Whether it only shows: then a grant of the run-off of an ended agreement suffices."""
        return self.code.endswith(".read")


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions for one side of the house."""

    code: str
    words: str
    side: Side
    permissions: frozenset[str]
    classes: frozenset[DataClass] = frozenset()


@dataclass(frozen=True, slots=True)
class Grant:
    """What an executed agreement opened in one practice: a service line, its data classes, its days."""

    public_id: str
    practice: int
    line: str
    classes: frozenset[DataClass]
    days: DayRange
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person's role in one practice (or in the MSO itself), on some days; an empty line means all lines."""

    practice: int
    role: str
    line: str
    days: DayRange
    public_id: str = ""


@dataclass(frozen=True, slots=True)
class Tenancy:
    """What a decision must know of a tenant: its days are reckoned in its zone; the MSO has no patients."""

    practice: int
    name: str
    zone: str
    is_mso: bool

    def day(self, at: datetime) -> date:
        """Its calendar day at an instant."""
        return clock.day_in(self.zone, at)


@dataclass(frozen=True, slots=True)
class Standing:
    """All that bears on what one person may do, by tenant; read fresh for every request."""

    assignments: Mapping[int, tuple[Assignment, ...]] = field(default_factory=dict)
    grants: Mapping[int, tuple[Grant, ...]] = field(default_factory=dict)
    covers: Mapping[int, tuple[DayRange, ...]] = field(default_factory=dict)
    tenants: Mapping[int, Tenancy] = field(default_factory=dict)
    network_zone: str = "UTC"

    @property
    def zone(self) -> str:
        """Where the person's own days are reckoned: the zone their tenants share; where they share none, the MSO's."""
        zones = {tenant.zone for tenant in self.tenants.values()}
        return zones.pop() if len(zones) == 1 else self.network_zone

    @classmethod
    def of(
        cls,
        *,
        assignments: Iterable[Assignment] = (),
        grants: Iterable[Grant] = (),
        covers: Mapping[int, tuple[DayRange, ...]] | None = None,
        tenants: Mapping[int, Tenancy] | None = None,
        network_zone: str = "UTC",
    ) -> Standing:
        """A standing from plain lists."""
        return cls(_by_practice(assignments), _by_practice(grants), covers or {}, tenants or {}, network_zone)


OfPractice = TypeVar("OfPractice", Assignment, Grant)


def _by_practice(rows: Iterable[OfPractice]) -> dict[int, tuple[OfPractice, ...]]:
    found: dict[int, list[OfPractice]] = {}
    for row in rows:
        found.setdefault(row.practice, []).append(row)
    return {practice: tuple(mine) for practice, mine in found.items()}


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, with the reason in words and the grant behind it.

    `grant` is the public id of the agreement's grant; where a role alone suffices (people of the practice, the MSO's
    own affairs), of the assignment that gives the role; where the system goes on with what somebody asked for, theirs.
    """

    allowed: bool
    permission: str
    practice: int | None
    reason: str
    grant: str = ""
    classes: frozenset[DataClass] = frozenset()


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A person's role as the people screens show it; `role` and `line` in words beside their codes.

    `approved_by` is who of the practice approved it; `waits` where it is of the MSO's staff and nobody has.
    """

    public_id: str
    user_id: int
    practice: int
    practice_name: str
    role: str
    role_words: str
    line: str
    starts_on: date
    ends_on: date | None
    approved_by: str = ""
    approved_at: datetime | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class TenantRow:
    """A practice or the MSO, by the names that people and software use."""

    practice: int
    public_id: str
    code: str
    name: str
    zone: str
    is_mso: bool


class ActorKind(StrEnum):
    """Who acts: a person, a service account by token, or the system itself."""

    PERSON = "person"
    SERVICE = "service"
    SYSTEM = "system"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, when, and what they may do; computed per request and passed to every service."""

    kind: ActorKind
    name: str
    at: datetime
    user_id: int | None = None
    user: str = ""
    standing: Standing = field(default_factory=Standing)
    session: str = ""
    request: str = ""
    fresh: bool = False
    secured: bool = True
    only: frozenset[str] | None = None
    behind: str = ""
    _decided: dict[tuple[str, int | None], Decision] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was decided for this actor at this moment: a page asks the same of every row."""

    @classmethod
    def system(cls, name: str, *, at: datetime, behind: str = "") -> Actor:
        """The house itself, running a job or a command named in words; `behind` is the grant of who asked for it."""
        return cls(ActorKind.SYSTEM, name, at, behind=behind)

    @classmethod
    def nobody(cls, *, at: datetime) -> Actor:
        """Somebody who has not signed in."""
        return cls(ActorKind.NOBODY, "nobody", at)

    @property
    def today(self) -> date:
        """The calendar day at this moment, where a page or a call looks at several practices together."""
        return clock.day_in(self.standing.zone, self.at)

    def day_in(self, practice: int) -> date:
        """The calendar day at this moment in one practice, or in the MSO, where the actor has a role."""
        return self.standing.tenants[practice].day(self.at)

    def may(self, permission: str, practice: int | None = None) -> Decision:
        """The decision about one permission in one practice; without a practice, in any."""
        from openmso.platform.access import registry, rules

        if (permission, practice) not in self._decided:
            decision = rules.decide(self, registry.permission(permission), practice, registry.roles())
            self._decided[permission, practice] = decision
        return self._decided[permission, practice]

    def can(self, permission: str, practice: int | None = None) -> bool:
        """Whether the decision is yes."""
        return self.may(permission, practice).allowed

    def could(self, permission: str) -> bool:
        """Whether the permission is one that could be given to somebody like them."""
        from openmso.platform.access import registry, rules

        return rules.attainable(self, registry.permission(permission), registry.roles())

    def must(self, permission: str, practice: int | None = None) -> Decision:
        """The decision, or `Forbidden` with its reason in words."""
        decision = self.may(permission, practice)
        if not decision.allowed:
            raise NotAllowed(decision)
        return decision

    def practices_for(self, permission: str) -> frozenset[int]:
        """The tenants in which the permission is held now."""
        return frozenset(practice for practice in self.standing.tenants if self.can(permission, practice))

    def sees(self, data_class: DataClass, practice: int) -> bool:
        """Whether fields of a class may be shown to this actor in a practice."""
        from openmso.platform.access import registry, rules

        return data_class in rules.visible_classes(self, practice, registry.roles())


class NotAllowed(Forbidden):
    """A permission was refused; carries the decision for the audit trail."""

    code = "not_allowed"

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.reason)
        self.decision = decision


MANAGE_STAFF = Permission("access.assign", "assign people to practices and roles", fresh=True)
READ_ACCESS = Permission("access.read", "see who may do what, and why")
APPROVE_STAFF = Permission("access.approve", "approve which people of the MSO work for it", reserved=True)
PERMISSIONS: Iterable[Permission] = (MANAGE_STAFF, READ_ACCESS, APPROVE_STAFF)
OWNER = "practice_owner"
"""The role whose holders give roles of the practice; the first of them is set up by the MSO."""
LICENSEES = (OWNER, "physician")
"""The roles of those who decide what is reserved to a practice; the database takes it from nobody else."""
