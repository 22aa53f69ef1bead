"""What leaves scheduling: visits, the drafts that make them, and the permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from openmso.kit.classes import DataClass
from openmso.patients.contracts import PlanKind
from openmso.platform.access.contracts import Permission
from openmso.platform.ui.contracts import Status, Tone

PHI = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
READ = Permission("visits.read", "see visits", line="front_office", classes=PHI)
EDIT = Permission("visits.edit", "record and change visits", line="front_office", classes=PHI)
ROUTE = Permission("visits.route", "say which reasons for a visit go to which kind of plan", line="front_office")
PERMISSIONS: Iterable[Permission] = (READ, EDIT, ROUTE)

SENTENCES = {
    "visits.recorded": "{actor} recorded {count:visit}",
    "visits.clinicians_named": "{actor} named the clinicians of {count:visit}",
    "visits.corrected": "{actor} corrected {fields} of {count:visit}",
    "visits.reason_routed": "{actor} said that visits for “{words}” go to the {plan} plan",
    "visits.reason_ended": "{actor} said that visits for “{words}” no longer go to the {plan} plan",
    "visits.cancelled": "{actor} cancelled visit {subject}",
}


class VisitStatus(Status):
    """How far a visit has come."""

    PLANNED = "planned", "Planned", Tone.INFO
    DONE = "done", "Done", Tone.GOOD
    NO_SHOW = "no_show", "No-show", Tone.WARN
    CANCELLED = "cancelled", "Cancelled"


@dataclass(frozen=True, slots=True)
class Visit:
    """A meeting of a patient and a clinician."""

    id: int
    public_id: str
    practice: int
    patient_id: int
    clinician_id: int | None
    site_id: int | None
    service_on: date
    service_through: date | None
    place_of_service: str
    reason: str
    status: VisitStatus
    source: str
    source_id: str
    plan: PlanKind | None = None
    """The kind of plan that its reason goes to; `None` is any."""


@dataclass(frozen=True, slots=True)
class ReasonRoute:
    """Visits whose reason has these words go to this kind of plan; of several, the longest words count."""

    public_id: str
    practice: int
    practice_name: str
    words: str
    plan: PlanKind
    said_at: datetime
    said_by: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class VisitDraft:
    """A visit to be recorded. `source` and `source_id` name it in the system it comes from: twice is once."""

    patient_id: int
    service_on: date
    source: str
    source_id: str
    clinician_id: int | None = None
    site_id: int | None = None
    service_through: date | None = None
    place_of_service: str = "11"
    reason: str = ""
    status: VisitStatus = VisitStatus.DONE


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of drafts: the visits in the order given, and which of them were new."""

    visits: tuple[Visit, ...]
    new: frozenset[int]
