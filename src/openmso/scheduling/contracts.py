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
    "visits.marked": "{actor} marked {count:visit} as {state}",
    "visits.took_place": "Charges say that {count:visit} took place",
    "visits.coverage_chosen": "{actor} chose which coverage visit {subject} asks first: {why}",
    "visits.coverage_by_reason": "{actor} let visit {subject} go by its reason again: {why}",
    "visits.unmarked": "{actor} took back that visit {subject} is {state}",
}
BULK_MAX = 500
"""Visits that are marked at once."""


class VisitStatus(Status):
    """How far a visit has come."""

    PLANNED = "planned", "Planned", Tone.INFO
    ARRIVED = "arrived", "Arrived", Tone.INFO
    DONE = "done", "Done", Tone.GOOD
    NO_SHOW = "no_show", "No-show", Tone.WARN
    CANCELLED = "cancelled", "Cancelled"


class Cause(Status):
    """Why a visit is cancelled: a selection of HL7's appointment-cancellation-reason, in our own words."""

    CANNOT_COME = "pat", "Patient cannot come"
    BETTER = "pat-fb", "Patient feels better"
    NO_WAY = "pat-lt", "Patient has no way to get here"
    MOVED = "pat-mv", "Patient has moved away"
    CHANGED = "pat-uci", "Patient goes to somebody else"
    DIED = "pat-dec", "Patient has died"
    COST = "oth-fin", "Cost or coverage"
    CLINICIAN = "prov", "Clinician cannot be there"
    PREPARATION = "meds-inc", "Preparation or results are missing"
    ROOM = "oth-room", "No room or equipment"
    WEATHER = "oth-weath", "Weather"
    MISTAKE = "oth-err", "Scheduled by mistake"
    OTHER = "other", "Another reason"


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
    undo_on: date | None = None
    """The day on which its latest mark may still be taken back; `None` when it may not."""
    coverage_id: int | None = None
    """The coverage that a person chose to be asked first; `None` goes by the reason."""


@dataclass(frozen=True, slots=True)
class VisitMark:
    """A visit was marked, or a mark taken back: by whom, and why."""

    at: datetime
    by: str
    frm: VisitStatus
    to: VisitStatus
    cause: Cause | None
    why: str
    takes_back: bool


@dataclass(frozen=True, slots=True)
class CoverageChoice:
    """Somebody chose the coverage that a visit asks first; without one, it went by its reason again."""

    at: datetime
    by: str
    coverage_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class MarkDraft:
    """What became of visits; `cause` is needed of a cancelled one, `why` where the cause is another one."""

    to: VisitStatus
    cause: Cause | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A visit that could not be marked, and why."""

    visit: str
    words: str
    fix: str


@dataclass(frozen=True, slots=True)
class Marked:
    """What became of marking visits, by their public ids."""

    done: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


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
