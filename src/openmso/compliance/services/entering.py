"""Entering many arrangements from a sheet: what is good goes in, what is bad is named, and twice adds nothing.

Each row takes the same way as one that is entered by hand (`keeping`), so that it is refused for the same reasons; what
is shown before is what would be done, because it is done and taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openmso.compliance.contracts import KEEP, SHEET
from openmso.compliance.queries import register
from openmso.compliance.rules import entering
from openmso.compliance.rules.entering import COLUMNS as COLUMNS
from openmso.compliance.rules.entering import NAMES as NAMES
from openmso.compliance.rules.entering import Fault as Fault
from openmso.compliance.rules.entering import Row
from openmso.compliance.services import keeping
from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.documents import queries as stored
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Content, DocumentRef
from openmso.platform.tenancy.scope import atomic
from openmso.platform.ui import sheets
from openmso.platform.ui.sheets import NoSheet as NoSheet

COLUMN_OF = {"ends_on": "through", "low": "value_low", "high": "value_high", "expires_on": "value_through",
             "by": "party_signed_by", "signed_on": "party_signed_on"}  # fmt: skip
"""What a refusal of the register calls otherwise than the sheet."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a row: the arrangement it is, whether it was there before, or what is wrong with it."""

    row: Row
    arrangement: str = ""
    is_new: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def state(self) -> str:
        """`new`, `known` or `bad`."""
        return "bad" if self.faults else ("new" if self.is_new else "known")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What became of a sheet: its rows, or what is wrong with it as a whole."""

    document: str
    rows: tuple[Entered, ...]
    faults: tuple[Fault, ...] = ()

    def count(self, state: str) -> int:
        """How many rows came to it."""
        return sum(one.state == state for one in self.rows)

    @property
    def every_fault(self) -> tuple[Fault, ...]:
        """What is wrong with the sheet and its rows."""
        return (*self.faults, *(fault for one in self.rows for fault in one.faults))


class _Undone(Exception):
    """What was tried is taken back."""


def keep(*, actor: Actor, practice: int, name: str, content: Content, at: datetime) -> DocumentRef:
    """Keep a sheet before it is read; nothing of it is entered yet."""
    decision = actor.must(KEEP.code, practice)
    return documents.store(
        actor=actor, practice=practice, name=name, content=content, media_type="text/csv", purpose=SHEET.code, at=at,
        under=decision,
    )  # fmt: skip


def preview(*, actor: Actor, practice: int, document: str, at: datetime) -> Sheet:
    """What a kept sheet would come to now, row by row; nothing of it is entered."""
    found: list[Sheet] = []
    try:
        with atomic.open():
            found.append(enter(actor=actor, practice=practice, document=document, at=at))
            raise _Undone
    except _Undone:
        return found[0]


@atomic
def enter(*, actor: Actor, practice: int, document: str, at: datetime) -> Sheet:
    """Enter the good rows of a kept sheet; a row whose arrangement is in the register adds nothing.

    An arrangement is the same where party, kind and title are. Raises `NotFound` for a sheet that is none of the
    practice's, and `NoSheet` for one that cannot be read.
    """
    decision = actor.must(KEEP.code, practice)
    stored.document(actor=actor, public_id=document)
    content = stored.read(document, practice)
    rows, faults = entering.read(sheets.rows_of(content, rows_max=entering.ROWS_MAX))
    here = {
        entering.key_of(one.kind, one.title, one.name): one.public_id for one in register.in_scope(practice=practice)
    }
    done = tuple(_entered(row, here, actor=actor, practice=practice, at=at) for row in rows)
    sheet = Sheet(document, done, tuple(faults))
    if sheet.count("new"):
        audit.record(
            actor=actor, action="compliance.entered", practice=practice, subject=(SHEET.code, document), at=at,
            facts={name: sheet.count(state) for name, state in (("count", "new"), ("known", "known"), ("bad", "bad"))},
            decision=decision,
        )  # fmt: skip
    return sheet


def _entered(row: Row, here: dict[tuple[str, str, str], str], *, actor: Actor, practice: int, at: datetime) -> Entered:
    if row.faults:
        return Entered(row, faults=row.faults)
    if row.key in here:
        return Entered(row, here[row.key])
    try:
        with atomic.open():
            made = _enter(row, actor=actor, practice=practice, at=at)
    except Refused as no:
        column = COLUMN_OF.get(no.field, no.field)
        return Entered(row, faults=(Fault(row.line, column if column in NAMES else "", no.sentence, no.fix),))
    here[row.key] = made
    return Entered(row, made, is_new=True)


def _enter(row: Row, *, actor: Actor, practice: int, at: datetime) -> str:
    """An arrangement with all that its row says of it."""
    assert row.about is not None, "a row without faults says what it is about"
    made = keeping.register_arrangement(actor=actor, practice=practice, new=row.about, at=at)
    if row.term is not None:
        keeping.write_term(actor=actor, arrangement=made, new=row.term, at=at)
    for one in row.signed:
        keeping.sign_term(
            actor=actor, arrangement=made, number=1, side=one.side, signed_on=one.on, by=one.by, at=at
        )  # fmt: skip
    if row.value is not None:
        keeping.file_opinion(actor=actor, arrangement=made, new=row.value, at=at)
    for element, evidence in row.answers:
        keeping.answer(
            actor=actor, arrangement=made, element=element, said=entering.ANSWERED, evidence=evidence, at=at
        )  # fmt: skip
    if row.activates:
        keeping.activate(actor=actor, arrangement=made, number=1, at=at)
    return made
