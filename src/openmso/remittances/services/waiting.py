"""What waits for a person: unmatched payments, stopped files, money that is late, or taken without a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from openmso.agreements.queries import clocks
from openmso.kit import words
from openmso.kit.clock import day_in
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem, when
from openmso.remittances.contracts import ADJUSTMENT, FILE, PAYMENT, POST, REMITTANCE, RecoupmentState
from openmso.remittances.models.files import File
from openmso.remittances.queries import banked, recoupments
from openmso.remittances.services.deposits import missing_key, waiting_key
from openmso.remittances.services.matching import unmatched_key
from openmso.remittances.services.recoupments import unexplained_key

POSTING = "payment_posting"
LARGE = Decimal(1000)


@atomic
def unmatched(*, practice: int, payment: str, amount: Decimal, at: datetime) -> None:
    """A payment fits no claim."""
    work.open_item(
        practice=practice, kind="remittances.unmatched_claim", subject=(PAYMENT, payment),
        title=f"Payment of {amount:,.2f} fits no claim",
        why="The payer's claim number is none of ours; its money waits as unapplied cash.",
        priority=priority(amount), priority_why=f"{words.amount(abs(amount))} waits as unapplied cash",
        amount=abs(amount),
        due_at=clocks.sla_due(practice, POSTING, "unmatched_claim", at), key=unmatched_key(payment), at=at,
    )  # fmt: skip


@atomic
def stopped(*, practice: int, file: str, at: datetime) -> None:
    """A file was quarantined or held."""
    row = File.objects.get(practice_id=practice, public_id=file)
    work.open_item(
        practice=practice, kind="remittances.quarantined", subject=(FILE, file), title=f"Remittance file {row.name}",
        why=row.words, priority=80,
        priority_why=f"paid and not posted; the file came {when(day_in(tenancy.zone(practice), row.received_at))}",
        due_at=clocks.sla_due(practice, POSTING, "quarantined", at), key=stopped_key(file), at=at,
    )  # fmt: skip


def stopped_key(file: str) -> str:
    """The key of the queue item of a stopped file."""
    return f"remittances.quarantined:{file}"


def priority(amount: Decimal) -> int:
    """From 20 for small change to 70 for a thousand dollars and more."""
    return 20 + int(min(abs(amount), LARGE) / LARGE * 50)


@atomic
def late_deposits(*, at: datetime) -> int:
    """What is late by CORE in the practices in scope becomes work, on both sides; how much of it there is."""
    late = 0
    for tenant in tenancy.tenants_in_scope():
        if tenant.is_mso:
            continue
        today = day_in(tenant.zone, at)
        items = [*_without_money(tenant.pk, today, at), *_without_remittance(tenant.pk, today, at)]
        late += len(items)
        if items:
            work.open_items(practice=tenant.pk, items=items, at=at)
    return late


def _without_money(practice: int, today: date, at: datetime) -> Iterator[NewItem]:
    due_at = clocks.sla_due(practice, POSTING, "unmatched_deposit", at)
    for one in banked.open_remittances(practice=practice, on=today, late=True):
        yield NewItem(
            kind="remittances.unmatched_deposit", subject=(REMITTANCE, one.public_id),
            title=f"{one.payer_name}: {one.amount.amount:,.2f} is not in the bank",
            why=f"Trace {one.trace}. {one.waited.words}. No bank line carries it; ask the payer.",
            priority=priority(one.amount.amount),
            priority_why=f"{words.amount(one.amount.amount)} is missing in the bank",
            due_at=due_at, key=waiting_key(one.public_id), amount=one.amount.amount,
        )  # fmt: skip


def _without_remittance(practice: int, today: date, at: datetime) -> Iterator[NewItem]:
    due_at = clocks.sla_due(practice, "accounting", "banking.unmatched", at)
    for one in banked.missing(practice=practice, on=today):
        if one.waited and one.waited.is_late:
            line = one.line
            yield NewItem(
                kind="remittances.missing_remittance", subject=("banking.line", line.public_id),
                title=f"{line.amount.amount:,.2f} in the bank, no remittance",
                why=f"{f'Trace {line.trace}. ' if line.trace else ''}{one.waited.words}. Ask the payer for the 835.",
                priority=priority(line.amount.amount),
                priority_why=f"{words.amount(line.amount.amount)} cannot be posted",
                due_at=due_at, key=missing_key(line.public_id), amount=line.amount.amount,
            )  # fmt: skip


@atomic
def unexplained_recoupments(*, at: datetime) -> int:
    """What payers of the practices in scope took, or left, without a reason becomes work; how much of it there is."""
    count = 0
    for tenant in tenancy.tenants_in_scope():
        if tenant.is_mso:
            continue
        found = recoupments.unexplained(practice=tenant.pk, on=day_in(tenant.zone, at))
        count += len(found)
        due_at = clocks.sla_due(tenant.pk, POSTING, "unmatched_claim", at)
        items = [
            NewItem(
                kind="remittances.unexplained_recoupment", subject=(ADJUSTMENT, one.public_id),
                title=f"{one.payer_name}: {abs(one.amount.amount):,.2f} {'taken' if one.amount.amount > 0 else 'left'}",
                why=f"{one.codes}, reference {one.reference or 'none'}. {one.words}",
                priority=priority(one.amount.amount),
                priority_why=f"{words.amount(abs(one.amount.amount))} is not explained",
                due_at=due_at, key=unexplained_key(one.public_id), amount=abs(one.amount.amount),
            )
            for one in found
        ]  # fmt: skip
        if items:
            work.open_items(practice=tenant.pk, items=items, at=at)
    return count


@atomic
def explained_recoupments(*, actor: Actor, practice: int, remittance: str, at: datetime) -> None:
    """What a remittance explains of money that was taken or left waits for nobody any more."""
    under = actor.must(POST.code, practice)
    for one in recoupments.touched(practice=practice, remittance=remittance, on=tenancy.today(practice, at)):
        if one.state is not RecoupmentState.UNEXPLAINED:
            work.close_item(
                practice=practice, key=unexplained_key(one.public_id), actor=actor, at=at, outcome=one.words,
                under=under,
            )  # fmt: skip
