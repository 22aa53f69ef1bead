"""Recording what happened: changes at the end of their transaction, reads in a side table that is sealed later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from pathlib import Path

from django.conf import settings
from django.db import connection

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import registry, rules, verifier
from openmso.platform.audit.contracts import Subject
from openmso.platform.audit.models import Event, Head, Read, Unsealed
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, before_commit

LAST = "~audit"
"""The chain is written after everything else, so that a practice's head is locked for as short as can be."""


def record(
    *,
    actor: Actor,
    action: str,
    practice: int,
    subject: Subject,
    at: datetime,
    facts: Mapping[str, object] | None = None,
    why: str = "",
    decision: Decision | None = None,
) -> None:
    """Tell the trail of a change, in the transaction that makes it; both are there, or neither.

    `subject` is the kind and public id of what was changed, `facts` are plain values without patient data,
    `decision` the one that allowed (or refused) it; only declared actions have none. Raises `UnknownAction` where
    no sentence is registered, `NoDecision` where a decision is missing.
    """
    registry.must_know(action)
    if decision is None:
        registry.must_be_decided(action)
    before_commit(
        LAST,
        _write_events,
        Event(
            practice_id=practice, at=at, recorded_at=at, action=action, facts=rules.plain(facts or {}),
            why=why[: rules.WHY_LENGTH_MAX].replace("\0", ""), **_who(actor, decision), **_what(subject),
        ),
    )  # fmt: skip


def record_read(
    *,
    actor: Actor,
    practice: int,
    subject: Subject,
    at: datetime,
    classes: Iterable[DataClass],
    decision: Decision,
    count: int = 1,
) -> None:
    """Tell the trail that patient data was read: of one subject, or of a list with its row count.

    It is written at the end of the reading transaction and waits for no lock; the worker seals it later.
    """
    named = ",".join(sorted(classes))
    before_commit(
        LAST,
        _write_reads,
        Read(
            practice_id=practice, at=at, recorded_at=at, classes=named, count=count,
            **_who(actor, decision), **_what(subject),
        ),
    )  # fmt: skip


def _who(actor: Actor, decision: Decision | None) -> dict[str, object]:
    return {
        "actor_user": actor.user_id,
        "actor_name": actor.name[:160],
        "actor_kind": actor.kind.value,
        "session": actor.session[:32],
        "request": actor.request[:32],
        "grant": decision.grant if decision else "",
        "permission": decision.permission if decision else "",
    }


def _what(subject: Subject) -> dict[str, object]:
    kind, public_id = subject
    return {"subject_kind": kind, "subject_id": public_id}


def _write_events(*events: Event) -> None:
    """All events of a transaction in one statement; heads are locked in the order of the practices."""
    Event.objects.bulk_create(sorted(events, key=attrgetter("practice_id")))


def _write_reads(*reads: Read) -> None:
    Read.objects.bulk_create(reads)


@atomic
def seal_reads() -> int:
    """Seal the reads that wait, in the practices of the scope; how many rows were sealed."""
    waiting = sorted(set(Unsealed.objects.values_list("practice_id", flat=True)))
    sealed = 0
    with connection.cursor() as cursor:
        for practice in waiting:
            cursor.execute("SELECT audit_seal_reads(%s)", [practice])
            sealed += cursor.fetchone()[0]
    return sealed


@atomic
def export_heads(*, to: Path, at: datetime) -> int:
    """Append the signed heads of the practices in scope to a file outside the database; how many there are."""
    codes = dict(Tenant.objects.values_list("pk", "code"))
    heads = [
        verifier.Head(codes[head.practice_id], head.practice_id, head.seq, bytes(head.hash).hex(),
                      head.seal_seq, bytes(head.seal_hash).hex())
        for head in Head.objects.order_by("practice_id")
    ]  # fmt: skip
    line = verifier.signed(heads, at=at, seed=settings.AUDIT_KEY)
    with to.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    return len(heads)
