"""Who may hold units: as they were named, as they stand, and every correction between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openmso.equity.states import Being


@dataclass(frozen=True, slots=True)
class NewHolder:
    """Somebody who may hold units; `refers` says whether they can refer to the entity or bring it business.

    `tenant` is the public id of the practice (or the MSO) of this house that the holder is, where it is one.
    """

    name: str
    being: Being
    refers: bool
    why: str
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction of a holder: what stood before, what stands since, why, and by whom."""

    was: str
    was_being: Being
    name: str
    being: Being
    why: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who may hold units, as they stand: as they were named, or as they were corrected last."""

    public_id: str
    name: str
    being: Being
    refers: bool
    why: str
    tenant: str
    made_at: datetime
    made_by: str
    corrections: tuple[Corrected, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that they stand or stood by."""
        return (self.name, *(one.was for one in self.corrections))
