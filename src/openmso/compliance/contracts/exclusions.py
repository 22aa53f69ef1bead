"""The list of excluded individuals and entities (LEIE): its rows, and who of ours is named on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openmso.kit.errors import Refused

STALE_AFTER = timedelta(days=31)
"""The list is published every month; one that is older says nothing of who was excluded since."""


class NoExclusionList(Refused):
    """The file is not the list as it is published; nothing of it was taken. `findings` name line and column."""

    code = "no_exclusion_list"

    def __init__(self, findings: Iterable[str]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings[0], field="file", fix="Send the file as it is published (UPDATED.csv).")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A row of the list. `key` is the name as names are compared, `kind` the section of the act (1128a1).

    It holds from `excluded_on` until `reinstated_on`; not in the state that it is waived for.
    """

    line: int
    name: str
    key: str
    npi: str
    city: str
    state: str
    kind: str
    excluded_on: date
    reinstated_on: date | None = None
    waived_on: date | None = None
    waiver_state: str = ""

    def holds_on(self, day: date, state: str) -> bool:
        """Whether somebody is excluded on a day, for a practice of a state."""
        if day < self.excluded_on or (self.reinstated_on is not None and self.reinstated_on <= day):
            return False
        is_waived = bool(self.waiver_state) and self.waiver_state == state
        return not (is_waived and (self.waived_on is None or self.waived_on <= day))

    @property
    def mark(self) -> str:
        """What tells it from the other rows of any list, so that what was said of it holds for the next list too."""
        return f"{self.key}|{self.npi}|{self.excluded_on}|{self.kind}"

    @property
    def said(self) -> str:
        """In words."""
        where = ", ".join(filter(None, (self.city.title(), self.state)))
        return f"{self.name}{f' of {where}' if where else ''}, excluded since {self.excluded_on} ({self.kind})"


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody found out of a name that stands on the list: whether it is them, and what shows it."""

    is_them: bool
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ExclusionListRow:
    """A list that was loaded, with its day."""

    public_id: str
    as_of: date
    count: int
    file_name: str
    document: str
    loaded_at: datetime
    loaded_by: str
    is_new: bool = True

    def is_stale_on(self, day: date) -> bool:
        """Whether it is older than a month."""
        return day > self.as_of + STALE_AFTER


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody of a practice who is named on the list, by NPI or by name alone, and what was found out."""

    match: str
    practice: int
    practice_name: str
    name: str
    npi: str
    what: str
    exclusion: Exclusion
    by_npi: bool
    word: Word | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody to look at it: it is them by NPI or by a word, until it is said to be not."""
        return self.word is None or self.word.is_them
