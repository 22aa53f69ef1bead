"""Checking a payment run: the file is kept, every line is judged, what is stopped waits for compliance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db import connection

from openmso.agreements.queries import clocks
from openmso.compliance.contracts import (
    KEEP,
    LINE,
    PAYMENT_RUN,
    PAYMENTS,
    RUN,
    Judged,
    LineRow,
    Payment,
    Register,
    RunRow,
)
from openmso.compliance.models.register import Arrangement
from openmso.compliance.models.runs import PaymentLine, PaymentRun, Settlement
from openmso.compliance.queries import clearing, exclusions, runs
from openmso.compliance.rules import paying, reading
from openmso.compliance.states import Outcome
from openmso.kit.errors import NotFound, Refused
from openmso.kit.ids import public_ids
from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import insert
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Content, DocumentRef, as_file
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy import scope as scopes
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem

LOCK = 0x70617972
"""Advisory lock class of payment runs: one at a time in a practice, so that nothing is released twice."""
PRIORITY = 75
_FIELDS = (
    "public_id", "number", "payee", "amount", "npi", "ein", "starts_on", "through", "hours", "units", "time_record",
    "named", "reference", "outcome", "reasons", "faults", "arrangement_id", "term_number", "expected_amount", "note",
)  # fmt: skip


class NotSettled(Refused):
    """The payment cannot be settled so."""

    code = "payment_not_settled"


def check(*, actor: Actor, practice: int, name: str, content: Content, at: datetime) -> RunRow:
    """Judge a file of payments of a practice on its day, and keep what came of each; the same file twice is one run.

    The file is stored before it is read. Raises `UnreadablePayments` with line and field; nothing is judged then.
    """
    decision = actor.must(RUN.code, practice)
    document = documents.store(
        actor=actor, practice=practice, name=name, content=content, media_type="text/csv", purpose=PAYMENTS.code,
        at=at, under=decision,
    )  # fmt: skip
    with scopes.reading():
        before = runs.of_file(practice, document.sha256)
    if before is not None:
        return replace(before, is_new=False)
    with documents.telling_refusal(actor=actor, document=document, at=at, under=decision):
        payments = reading.read(as_file(content).read())
    return _run(actor, practice, document, payments, at, decision)


def preview(*, actor: Actor, practice: int, content: bytes, on: date) -> list[Judged]:
    """What a file of payments would come to on a day; nothing of it is kept. Raises as `check` does."""
    actor.must(RUN.code, practice)
    payments = reading.read(content)
    with scopes.reading():
        register = _register(practice, payments, on)
    return paying.judge(payments, register, on)


def _register(practice: int, payments: Iterable[Payment], on: date) -> Register:
    """All that payments of a practice are judged by on a day."""
    payees = ((one.payee, one.npi) for one in payments)
    return replace(
        runs.for_practice(practice), fee=clearing.fee_of(practice, on=on),
        excluded=exclusions.naming(payees, on=on, state=exclusions.state_of(practice, on)),
        words={key: word.is_them for key, word in exclusions.words(practice).items()},
    )  # fmt: skip


@atomic
def _run(
    actor: Actor, practice: int, document: DocumentRef, payments: Sequence[Payment], at: datetime,
    decision: Decision,
) -> RunRow:  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, practice % 2**31])
    if (before := runs.of_file(practice, document.sha256)) is not None:
        return replace(before, is_new=False)
    on = tenancy.today(practice, at)
    judged = paying.judge(payments, _register(practice, payments, on), on)
    stopped = [one for one in judged if one.outcome is Outcome.STOPPED]
    row = PaymentRun.objects.create(
        practice_id=practice, document=document.public_id, sha256=document.sha256, file_name=document.name[:200],
        judged_on=on, count=len(judged), amount=_sum(judged), released=len(judged) - len(stopped), stopped=len(stopped),
        stopped_amount=_sum(stopped), recorded_at=at, recorded_by=actor.name[:160],
    )  # fmt: skip
    names = public_ids("CPL", len(judged))
    insert(
        PaymentLine, _FIELDS, _values(names, judged), practice_id=practice, run_id=row.pk, recorded_at=at,
        recorded_by=actor.name[:160],
    )  # fmt: skip
    due_at = clocks.sla_due(practice, "", LINE, at)
    items = [
        _item(name, one, row, due_at) for name, one in zip(names, judged, strict=True)
        if one.outcome is Outcome.STOPPED
    ]  # fmt: skip
    work.open_items(practice=practice, items=items, at=at)
    documents.became(document=document, subject=(PAYMENT_RUN, row.public_id), practice=practice, at=at)
    audit.record(
        actor=actor, action="compliance.run", practice=practice, subject=(PAYMENT_RUN, row.public_id), at=at,
        facts={"count": row.count, "stopped": row.stopped, "amount": str(row.amount), "sha256": row.sha256},
        decision=decision,
    )  # fmt: skip
    return runs.run(row.public_id)


def _values(names: Sequence[str], judged: Sequence[Judged]) -> Iterator[tuple[object, ...]]:
    """The values of `_FIELDS`."""
    keys = dict(Arrangement.objects.values_list("public_id", "pk"))
    for name, one in zip(names, judged, strict=True):
        paid = one.payment
        faults = [
            {"reason": each.reason.value, "words": each.words, "citation": each.citation} for each in one.faults
        ]  # fmt: skip
        yield (
            name, paid.number, paid.payee, paid.amount.amount, paid.npi, paid.ein, paid.starts_on, paid.through,
            paid.hours, paid.units, paid.time_record, paid.arrangement, paid.reference, one.outcome.value,
            [each.reason.value for each in one.faults], faults, keys.get(one.arrangement), one.term,
            one.expected.amount if one.expected else None, one.note,
        )  # fmt: skip


def _item(name: str, one: Judged, row: PaymentRun, due_at: datetime) -> NewItem:
    paid = one.payment
    return NewItem(
        kind=LINE, subject=(LINE, name), title=f"{paid.payee}: {paid.amount:,.2f} stopped"[:160],
        why=" ".join(each.words for each in one.faults), priority=PRIORITY,
        priority_why=f"{one.faults[0].reason.label}, line {paid.number} of {row.public_id}", due_at=due_at,
        key=f"{LINE}|{name}", amount=paid.amount.amount,
    )  # fmt: skip


def _sum(judged: Sequence[Judged]) -> Decimal:
    return Money.total(one.payment.amount for one in judged).amount


@atomic
def settle(*, actor: Actor, line: str, words: str, at: datetime) -> LineRow:
    """Say how a stopped payment was settled: not paid, paid after the register was mended, reported. Only once.

    What may be paid then comes in a new file, and is judged anew. Raises `NotSettled`, `NotFound`.
    """
    row = PaymentLine.objects.filter(public_id=line).first()
    if row is None:
        raise NotFound(f"There is no payment {line}.", field="line")
    decision = actor.must(KEEP.code, row.practice_id)
    if row.outcome != Outcome.STOPPED:
        raise NotSettled("This payment was not stopped.", field="words")
    if not words.strip():
        raise NotSettled("Say how it was settled.", field="words")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, row.practice_id % 2**31])
    if Settlement.objects.filter(line=row).exists():
        raise NotSettled("It is settled already.", field="words", fix="Load the page again.")
    Settlement.objects.create(
        practice_id=row.practice_id, line=row, words=words.strip()[:1000], recorded_at=at, recorded_by=actor.name[:160]
    )
    work.close_item(
        practice=row.practice_id, key=f"{LINE}|{line}", actor=actor, at=at, outcome=words.strip()[:120], under=decision
    )
    audit.record(
        actor=actor, action="compliance.settled", practice=row.practice_id, subject=(LINE, line), at=at,
        why=words.strip(), decision=decision,
    )  # fmt: skip
    return runs.line(line)
