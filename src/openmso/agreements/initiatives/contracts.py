"""What is said of initiatives: the catalogue, a practice's choices, permissions and the audit's sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openmso.platform.access.contracts import Permission
from openmso.platform.ui.contracts import Status, Tone

INITIATIVES = Permission("agreements.initiatives", "keep the catalogue of the network's initiatives")
JOIN = Permission("agreements.join", "say whether the practice takes part in the network's initiatives", reserved=True)
PERMISSIONS = (INITIATIVES, JOIN)
SENTENCES = {
    "agreements.initiative_written": "{actor} wrote version {number} of the initiative {subject}",
    "agreements.initiative_withdrawn": "{actor} withdrew the initiative {subject}: no practice takes part any longer",
    "agreements.initiative_joined": "{actor} said that the practice takes part in {subject} from {from_on}",
    "agreements.initiative_left": "{actor} said that the practice does not take part in {subject} from {from_on}",
}


class TakesPart(Status):
    """Whether a practice takes part on a day."""

    OFF = "off", "Never asked for", Tone.NONE
    IN = "in", "Takes part", Tone.GOOD
    SOON = "soon", "Takes part from a later day", Tone.INFO
    OUT = "out", "Does not take part", Tone.WARN


@dataclass(frozen=True, slots=True)
class Initiative:
    """Something that practices may take part in: what it does, and what of theirs it uses; number 0 comes along."""

    code: str
    words: str
    says: str
    uses: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """A practice's yes or no to an initiative from a day on."""

    initiative: str
    joins: bool
    from_on: date
    why: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class InitiativeRow:
    """An initiative for a practice, as it stands on a day."""

    key: str
    practice: str
    practice_name: str
    practice_code: str
    code: str
    words: str
    says: str
    uses: str
    part: TakesPart
    since: date | None
    by: str
