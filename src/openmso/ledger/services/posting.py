"""Posting and reversing: the only ways into the journal. Nothing that stands there is ever changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper

from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.ledger import contracts
from openmso.ledger.contracts import EntryDraft, EntryRef, Journal, LineDraft, Posted, Source
from openmso.ledger.queries import journal
from openmso.ledger.rules import drafts, naming
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database import copying
from openmso.platform.tenancy.models import Entity
from openmso.platform.tenancy.scope import atomic

Under = Sequence[Decision]
"""The decisions that allowed the act an entry comes from; they stand in for the permission to post by hand."""
Allowed = dict[int, tuple[int, Decision]]
"""Of each book its practice, and the decision that lets somebody write in it."""


class NotBalanced(Refused):
    """Debits and credits differ on some basis, or a line is not one-sided."""

    code = "not_balanced"


class NotWhole(Refused):
    """An entry lacks lines, a key, a memo, or its place in the batch."""

    code = "not_whole"


class PeriodNotOpen(Refused):
    """The month has not been opened, or no longer takes entries."""

    code = "period_not_open"


class UnknownAccount(Refused):
    """The chart has no such account, or it takes no postings."""

    code = "unknown_account"


class NotMyBooks(NotFound):
    """The books are not in this scope."""

    code = "not_my_books"


class KeyReused(Conflict):
    """The key stands for an entry that says something else."""

    code = "key_reused"


class AlreadyReversed(Conflict):
    """The entry was reversed before."""

    code = "already_reversed"


REFUSALS: dict[str, type[Refused]] = {
    "LG000": NotWhole,
    "LG001": NotMyBooks,
    "LG002": NotWhole,
    "LG003": NotBalanced,
    "LG004": PeriodNotOpen,
    "LG005": UnknownAccount,
    "LG006": KeyReused,
    "each_key_makes_one_entry": KeyReused,
    "an_entry_is_reversed_once": AlreadyReversed,
}
"""What the database's refusals are called here, by SQLSTATE of its functions or name of its constraints."""

NO_SOURCE = Source("", "")
STAGED_ENTRY = "position, entity_id, posted_on, journal, memo, source_kind, source_id, key, reverses, closing"
STAGED_LINE = "position, number, account, basis, source_kind, source_id, party, memo, debit_amount, credit_amount"


@atomic
def post(*, actor: Actor, entries: Sequence[EntryDraft], at: datetime, under: Under = ()) -> list[EntryRef]:
    """Post entries, all or none, into one or several books; the references come in the order of the drafts.

    A draft whose key was posted before with the same content is answered with that entry. `under` are decisions of
    the caller's own act; for a practice without one the actor must hold `ledger.post`. Raises `NotBalanced`,
    `NotWhole`, `PeriodNotOpen`, `UnknownAccount`, `NotMyBooks` or `KeyReused`, in words.
    """
    refuse_flawed(entries)
    decisions = _allowed(actor, {draft.entity for draft in entries}, contracts.POST.code, under)
    return _post(actor, entries, at, decisions)


@atomic
def reverse(
    *, actor: Actor, entity: int, entry: str, why: str, on: date, at: datetime, under: Under = ()
) -> EntryRef:  # fmt: skip
    """Take an entry back by its mirror image on an open day; the two name each other. Once only.

    An entry by hand is taken back by somebody other than who posted it. Raises `NotFound`, `AlreadyReversed`,
    `SamePerson`, `PeriodNotOpen`, and `NotWhole` without a reason.
    """
    decisions = _allowed(actor, {entity}, contracts.REVERSE.code, under)
    if not why.strip():
        raise NotWhole("A reversal says why.", field="why", fix="Write the reason in a sentence.")
    found = journal.entry(entity=entity, public_id=entry)
    if found.reversed_by:
        raise AlreadyReversed(f"{found.name} was already reversed by {found.reversed_by}.")
    if not under and found.source and found.source.kind == contracts.BY_HAND:
        duties.another(actor, did=found.source.id, first=f"posted {found.name}", then="take it back")
    if found.closing:
        raise NotWhole("A closing entry stays: after later entries, close its year again.", code="closing_entry")
    mirror = EntryDraft(
        entity, on, f"Reversal of {found.name}: {why}"[: drafts.MEMO_LENGTH_MAX], tuple(_mirrored(found)),
        key=f"ledger.reversal:{entry}", source=Source("ledger.entry", entry), journal=Journal.REVERSAL,
    )  # fmt: skip
    ref = _post(actor, [mirror], at, decisions, reverses=naming.entry_key(entry), quiet=True)[0]
    practice, decision = decisions[entity]
    audit.record(
        actor=actor, action="ledger.reversed", practice=practice, subject=("ledger.entry", ref.public_id), at=at,
        facts={"original": entry, "name": ref.name}, why=why, decision=decision,
    )  # fmt: skip
    return ref


def open_stage() -> None:
    """Give this transaction empty staging tables; see `docs/flows/close.md` for their columns.

    Fill `ledger_stage_entry` and `ledger_stage_line` by COPY or INSERT .. SELECT, then call `post_staged`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_open_stage()")


@atomic
def post_staged(*, actor: Actor, at: datetime, under: Under = ()) -> Posted:
    """Post what was staged in this transaction, all or none, in sets: the door for whole files.

    Afterwards `ledger_posted` (position, entity_id, entry_id, fiscal_year, number, replayed) says what each staged
    entry became. Permissions and refusals are those of `post`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT entity_id FROM pg_temp.ledger_stage_entry")
        entities = {row[0] for row in cursor.fetchall()}
    decisions = _allowed(actor, entities, contracts.POST.code, under)
    with _in_words(), connection.cursor() as cursor:
        entries, lines, replayed = _run(cursor, actor, at)
        numbers = _numbers(cursor)
    _tell(actor, at, decisions, numbers)
    spans = {(entity, year): (first, last) for entity, year, first, last, _, _ in numbers}
    return Posted(entries, lines, replayed, spans)


def refuse_flawed(entries: Iterable[EntryDraft]) -> None:
    """Refuse the first draft that may not be posted, with the reason in words."""
    for draft in entries:
        for flaw in () if drafts.is_sound(draft) else drafts.flaws(draft):
            kind = NotBalanced if flaw.code in {"not_balanced", "not_one_sided"} else NotWhole
            raise kind(f"{flaw.words}", code=flaw.code, fix=f"See the entry {flaw.where!r}.")


def post_closing(*, actor: Actor, entry: EntryDraft, at: datetime, decision: Decision, practice: int) -> EntryRef:
    """Post an entry that closes a year; only `periods.close_year` makes one."""
    refuse_flawed([entry])
    return _post(actor, [entry], at, {entry.entity: (practice, decision)}, closing=True, quiet=True)[0]


def _post(
    actor: Actor, entries: Sequence[EntryDraft], at: datetime, decisions: Allowed, *,
    reverses: int | None = None, closing: bool = False, quiet: bool = False,
) -> list[EntryRef]:  # fmt: skip
    with _in_words(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_open_stage()")
        _stage(entries, reverses=reverses, closing=closing)
        _run(cursor, actor, at)
        numbers = [] if quiet else _numbers(cursor)
        cursor.execute(
            "SELECT entry_id, entity_id, fiscal_year, number, replayed FROM pg_temp.ledger_posted ORDER BY position"
        )
        refs = [EntryRef(naming.entry_public_id(key), *rest) for key, *rest in cursor.fetchall()]
    _tell(actor, at, decisions, numbers)
    return refs


def _stage(entries: Sequence[EntryDraft], *, reverses: int | None, closing: bool) -> None:
    heads, lines = [], []
    end = f"{copying.NULL if reverses is None else reverses}\t{closing}"
    for position, draft in enumerate(entries):
        source = draft.source or NO_SOURCE
        said = copying.texts(draft.journal, draft.memo, source.kind, source.id, draft.key)
        heads.append(f"{position}\t{draft.entity}\t{draft.posted_on}\t{said}\t{end}\n")
        for number, line in enumerate(draft.lines, 1):
            source = line.source or NO_SOURCE
            said = copying.texts(line.account, line.basis, source.kind, source.id, line.party, line.memo)
            lines.append(f"{position}\t{number}\t{said}\t{line.debit.amount!s}\t{line.credit.amount!s}\n")
    copying.copy("pg_temp.ledger_stage_entry", STAGED_ENTRY, heads)
    copying.copy("pg_temp.ledger_stage_line", STAGED_LINE, lines)


def _run(cursor: CursorWrapper, actor: Actor, at: datetime) -> tuple[int, int, int]:
    cursor.execute(
        "SELECT entries, lines, replays FROM ledger_post_staged(%s, %s, %s)", [at, actor.user_id, actor.name[:160]]
    )
    row: tuple[int, int, int] = cursor.fetchone()
    return row


Numbers = list[tuple[int, int, int, int, int, int]]
"""Book, fiscal year, first and last number, how many, and the key of the first entry."""


def _numbers(cursor: CursorWrapper) -> Numbers:
    cursor.execute(
        "SELECT entity_id, fiscal_year, min(number), max(number), count(*), min(entry_id) FROM pg_temp.ledger_posted "
        "WHERE NOT replayed GROUP BY 1, 2 ORDER BY 1, 2"
    )
    rows: Numbers = cursor.fetchall()
    return rows


def _allowed(actor: Actor, entities: set[int], permission: str, under: Under) -> Allowed:
    """For each book the decision of its practice that allows this; raises `Forbidden` or `NotMyBooks`."""
    practices = dict(Entity.objects.filter(pk__in=entities).values_list("pk", "tenant_id"))
    if missing := entities - practices.keys():
        raise NotMyBooks(f"There are no books {sorted(missing)}.")
    given = {decision.practice: decision for decision in under if decision.allowed}
    decisions = {one: given.get(one) or actor.must(permission, one) for one in set(practices.values())}
    return {entity: (practice, decisions[practice]) for entity, practice in practices.items()}


def _tell(actor: Actor, at: datetime, decisions: Allowed, numbers: Numbers) -> None:
    for entity, year, first, last, count, key in numbers:
        (practice, decision), names = decisions[entity], (f"{year}-{first:05d}", f"{year}-{last:05d}")
        one: dict[str, Any] = {"action": "ledger.posted", "facts": {"name": names[0]}}
        many: dict[str, Any] = {
            "action": "ledger.posted_many",
            "facts": {"entries": count, "first": names[0], "last": names[1]},
        }
        audit.record(
            actor=actor, practice=practice, subject=("ledger.entry", naming.entry_public_id(key)), at=at,
            decision=decision, **(one if count == 1 else many),
        )  # fmt: skip


def _mirrored(entry: contracts.Entry) -> Iterator[LineDraft]:
    for line in entry.lines:
        yield LineDraft(line.account, line.credit, line.debit, line.basis, line.source, line.party, line.memo)


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn the database's refusals into ours; the savepoint leaves the caller's transaction usable."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        cause = error.__cause__
        if not isinstance(cause, psycopg.Error):
            raise
        kind = REFUSALS.get(cause.sqlstate or "") or REFUSALS.get(cause.diag.constraint_name or "")
        if kind is None:
            raise
        raise kind(_sentence(kind, cause), fix=cause.diag.message_hint or "") from error


def _sentence(kind: type[Refused], cause: psycopg.Error) -> str:
    if cause.diag.constraint_name:
        return f"{(kind.__doc__ or '').strip()}"
    return cause.diag.message_primary or str(cause)
