"""What leaves intake: runs, the account of each record, and the permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission
from openmso.platform.ui.contracts import Status, Tone

PHI = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
RUN = Permission("intake.run", "take in files of visits", line="revenue_cycle", classes=PHI)
READ = Permission("intake.read", "see what became of taken-in files", line="revenue_cycle", classes=PHI)
PERMISSIONS: Iterable[Permission] = (RUN, READ)

SENTENCES = {
    "intake.taken": "{actor} took in {name}: {used:record} used, {kept} kept aside, {refused} refused",
}

HELD_SHOWN_MAX = 200


class Outcome(Status):
    """What became of one record."""

    USED = "used", "Used", Tone.GOOD
    KEPT = "kept", "Kept aside", Tone.INFO
    REFUSED = "refused", "Refused", Tone.WARN


class RunState(Status):
    """How far a run has come."""

    RUNNING = "running", "Running", Tone.INFO
    DONE = "done", "Done", Tone.GOOD
    REFUSED = "refused", "Refused", Tone.BAD


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one record: in a FHIR bundle an entry, in a CSV file a line."""

    position: int
    kind: str
    record_id: str
    outcome: Outcome
    words: str
    became: str = ""
    field: str = ""
    """What of a refused record is wrong."""
    fix: str = ""
    """What would mend it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A claim that waits, and the named findings it waits for."""

    claim: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """What claims of a file wait for: the code of the finding, in words, and how many claims."""

    code: str
    words: str
    claims: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file. used + kept + refused = total. `held` tells the first claims that `waits` counts."""

    run: str
    practice: int
    name: str
    kind: str
    document: str
    sha256: str
    state: RunState
    total: int
    used: int
    kept: int
    refused: int
    visits: int
    charges: int
    claims_ready: int
    claims_held: int
    words: str = ""
    items: tuple[Item, ...] = ()
    held: tuple[Held, ...] = ()
    waits: tuple[Wait, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRow:
    """A line of the list of runs."""

    public_id: str
    practice: int
    practice_name: str
    name: str
    kind: str
    state: RunState
    total: int
    used: int
    kept: int
    refused: int
    visits: int
    claims_ready: int
    claims_held: int
    started_at: datetime
    actor: str
