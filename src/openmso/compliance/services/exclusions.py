"""The list of exclusions: it is loaded as it is published, everybody of ours is screened by it, and matches are judged.

Nobody who is on it is paid (42 USC 1320a-7, 1320a-7a). By a name alone nobody is taken to be somebody: somebody looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from django.db import connection

from openmso.agreements.queries import clocks
from openmso.compliance.contracts import (
    EXCLUSION_LIST,
    EXCLUSIONS,
    KEEP,
    MATCH,
    Exclusion,
    ExclusionListRow,
    Match,
)
from openmso.compliance.models.exclusions import Excluded, ExclusionList, ExclusionWord
from openmso.compliance.queries import exclusions as queries
from openmso.compliance.rules import screening
from openmso.compliance.rules.reasons import EXCLUSION
from openmso.compliance.rules.recognising import normalised
from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import insert
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Content, DocumentRef, as_file
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem

LOCK = 0x6578636C
PRIORITY = 90
_FIELDS = (
    "line", "name", "key", "npi", "city", "state", "kind", "excluded_on", "reinstated_on", "waived_on", "waiver_state",
)  # fmt: skip


class NotScreened(Refused):
    """What is told of the list, or of a name on it, cannot be so."""

    code = "not_screened"


def load(
    *, actor: Actor, mso: int, name: str, content: Content, as_of: date, at: datetime
) -> ExclusionListRow:  # fmt: skip
    """Take the list as it was published on a day in the place of the one before; the same file twice is one list.

    The file is stored before it is read. Raises `NoExclusionList` with line and column, and `NotScreened` for a day to
    come or before that of the list that is there.
    """
    decision = actor.must(KEEP.code, mso)
    document = documents.store(
        actor=actor, practice=mso, name=name, content=content, media_type="text/csv", purpose=EXCLUSIONS.code, at=at,
        under=decision,
    )  # fmt: skip
    with documents.telling_refusal(actor=actor, document=document, at=at, under=decision):
        rows = screening.read(as_file(content).read())
    return _load(actor, document, rows, as_of, at, decision)


@atomic
def _load(
    actor: Actor, document: DocumentRef, rows: list[Exclusion], as_of: date, at: datetime, decision: Decision
) -> ExclusionListRow:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])
    if before := ExclusionList.objects.filter(sha256=document.sha256).first():
        return queries.list_row(before, is_new=False)
    now = queries.latest()
    if as_of > tenancy.today(document.practice, at):
        raise NotScreened("That day is still to come.", field="as_of")
    if now is not None and as_of < now.as_of:
        raise NotScreened(f"The list of {now.as_of} is loaded already.", field="as_of", fix="Send a later one.")
    made = ExclusionList.objects.create(
        document=document.public_id, sha256=document.sha256, file_name=document.name[:200], as_of=as_of,
        count=len(rows), recorded_at=at, recorded_by=actor.name[:160],
    )  # fmt: skip
    Excluded.objects.all().delete()
    insert(Excluded, _FIELDS, (tuple(getattr(one, name) for name in _FIELDS) for one in rows))
    documents.became(
        document=document, subject=(EXCLUSION_LIST, made.public_id), practice=document.practice, at=at
    )  # fmt: skip
    audit.record(
        actor=actor, action="compliance.exclusions_loaded", practice=document.practice,
        subject=(EXCLUSION_LIST, made.public_id), at=at, facts={"as_of": str(as_of), "count": len(rows)},
        decision=decision,
    )  # fmt: skip
    _look(actor, at, decision)
    return queries.list_row(made)


@atomic
def say(*, actor: Actor, match: str, is_them: bool, words: str, at: datetime) -> Match:
    """Say whether a name on the list is who it is with us, and what shows it (date of birth, SSN asked of the OIG).

    Who is found by NPI is them: to say otherwise is refused. Raises `NotFound`, `NotScreened`.
    """
    found = queries.match(match, at=at)
    decision = actor.must(KEEP.code, found.practice)
    if not words.strip():
        raise NotScreened("Say what shows it.", field="words", fix="Such as another date of birth.")
    if found.by_npi and not is_them:
        raise NotScreened("The list names the same NPI.", field="is_them", fix="Correct the NPI, if it is another's.")
    ExclusionWord.objects.create(
        practice_id=found.practice, name=found.name[:160], key=normalised(found.name)[:160], npi=found.npi,
        mark=found.exclusion.mark[:220], is_them=is_them, words=words.strip()[:1000], recorded_at=at,
        recorded_by=actor.name[:160],
    )  # fmt: skip
    if not is_them:
        work.close_items(
            keys=[(found.practice, _key(found))], actor=actor, at=at, outcome="It is somebody else", under=decision
        )
    audit.record(
        actor=actor, action="compliance.exclusion_judged", practice=found.practice, subject=(MATCH, match), at=at,
        facts={"name": found.name, "said": "it is them" if is_them else "it is somebody else"}, why=words.strip(),
        decision=decision,
    )  # fmt: skip
    return queries.match(match, at=at)


@atomic
def watch(*, actor: Actor, at: datetime) -> int:
    """Screen everybody of ours by the list that is loaded, and ask for the next list after a month. Each morning."""
    return _look(actor, at, None)


def _look(actor: Actor, at: datetime, under: Decision | None) -> int:
    items: dict[int, list[NewItem]] = defaultdict(list)
    for one in queries.matches(at=at):
        if one.is_open:
            items[one.practice].append(_item(one, at))
    mso = tenancy.mso()
    items[mso] += _stale(mso, at)
    for practice, found in items.items():
        work.open_items(practice=practice, items=found, at=at)
    if under is not None:
        keys = [(mso, f"{EXCLUSION_LIST}|{one.public_id}") for one in queries.lists()[1:]]
        work.close_items(keys=keys, actor=actor, at=at, outcome="A later list is loaded", under=under)
    return sum(map(len, items.values()))


def _stale(mso: int, at: datetime) -> Iterator[NewItem]:
    """A list that is older than a month asks for the next one."""
    now = queries.latest()
    if now is not None and now.is_stale_on(tenancy.today(mso, at)):
        yield NewItem(
            kind=EXCLUSION_LIST, subject=(EXCLUSION_LIST, now.public_id), title="Load this month's list of exclusions",
            why=f"The list of {now.as_of} is older than a month; people and firms are screened every month "
                f"({EXCLUSION}).",
            priority=PRIORITY, priority_why="screening is monthly", due_at=clocks.sla_due(mso, "", EXCLUSION_LIST, at),
            key=f"{EXCLUSION_LIST}|{now.public_id}",
        )  # fmt: skip


def _item(one: Match, at: datetime) -> NewItem:
    certain = "by its NPI" if one.by_npi else "by name alone: look whether it is them"
    return NewItem(
        kind=MATCH, subject=(MATCH, one.match), title=f"{one.name} is on the list of exclusions"[:160],
        why=f"{one.name} ({one.what}) is named as {one.exclusion.said}, {certain}. Nothing is paid meanwhile "
            f"({EXCLUSION}).",
        priority=PRIORITY, priority_why="nobody who is excluded is paid or works",
        due_at=clocks.sla_due(one.practice, "", MATCH, at), key=_key(one),
    )  # fmt: skip


def _key(one: Match) -> str:
    return f"{MATCH}|{one.match}"


def why_not(practice: int, name: str, npi: str, *, on: date) -> str:
    """Why nothing is agreed with somebody who is on the list by NPI or by what was found out; empty where nothing is.

    Of a name alone that nobody has looked at nothing is said here: it waits, and stops at the payment.
    """
    for one in queries.of_person(practice, name, npi, on=on):
        if one.by_npi or (one.word is not None and one.word.is_them):
            return f"{name} is on the list of exclusions: {one.exclusion.said} ({EXCLUSION})."
    return ""
