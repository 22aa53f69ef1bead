"""What leaves audit: events and reads as a person sees them, filters, heads and the findings of a check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from openmso.platform.access.contracts import Permission

READ_TRAIL = Permission("audit.read", "read the audit trail")
PERMISSIONS: Iterable[Permission] = (READ_TRAIL,)

Subject = tuple[str, str]
"""Kind and public id: `("claims.claim", "CLM-7K2P9M4X")`."""

Fact = str | int | bool | None
"""What a fact of an event may be once it is stored: money and days are texts, floats do not exist."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """One change, as it is told: `sentence` for people, the rest for those who check."""

    practice: int
    practice_name: str
    seq: int
    at: datetime
    recorded_at: datetime
    actor: str
    actor_kind: str
    action: str
    sentence: str
    subject_kind: str
    subject_id: str
    why: str
    grant: str
    permission: str
    session: str
    request: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    hash: str = ""

    @property
    def subject(self) -> str:
        """The public id, the only name that leaves the house."""
        return self.subject_id


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One reading of patient data."""

    at: datetime
    actor: str
    subject_kind: str
    subject_id: str
    classes: tuple[str, ...]
    count: int
    grant: str


@dataclass(frozen=True, slots=True)
class EventFilters:
    """Which events are wanted; an empty field asks nothing."""

    text: str = ""
    action: str = ""
    actor: str = ""
    subject_kind: str = ""
    subject_id: str = ""
    practice: int | None = None
    since: datetime | None = None
    until: datetime | None = None
