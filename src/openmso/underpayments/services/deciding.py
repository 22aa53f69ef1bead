"""What a person decides about what a rule proposes."""

from __future__ import annotations

from datetime import datetime

from openmso.agreements.queries import clocks
from openmso.kit.errors import Conflict, Refused
from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem
from openmso.underpayments import contracts, queries
from openmso.underpayments.contracts import Owner, Treatment
from openmso.underpayments.models import Difference, Proposal
from openmso.underpayments.services import lines
from openmso.underpayments.states import Proposed

KIND = {
    Owner.POSTING: "underpayments.for_posting", Owner.DENIALS: "underpayments.for_denials",
    Owner.PATIENTS: "underpayments.for_patients",
}  # fmt: skip


@atomic
def decide(*, actor: Actor, subject: str, take: bool, at: datetime, why: str = "") -> str:
    """Take what a rule proposes for a line or another difference, or decline it with a reason; what became of it.

    Taken, a line that was paid short is accepted as paid with the rule as its reason, or stays open: for the next
    packet, or for a question to the payer. Any other difference becomes work of the owner that the rule names; nothing
    is closed by it. Declined, everything stays as it is. Raises `NotFound`, and `Conflict` where nothing is proposed.
    """
    field = queries.named_by(subject)
    row = (
        Proposal.objects.select_for_update(of=("self",))
        .filter(**{f"{field}__public_id": subject}, state=Proposed.WAITS)
        .select_related("difference")
        .first()
    )
    if row is None:
        queries.must_be(subject)
        raise Conflict(f"No rule proposes anything for {subject}.")
    decision = actor.must(contracts.WORK.code, row.practice_id)
    if not take and not why.strip():
        raise Refused("Say why the proposal is declined.", code="no_reason", field="why", fix="A few words will do.")
    row.state, row.decided_at = (Proposed.TAKEN if take else Proposed.DECLINED), at
    row.decided_by, row.why = actor.name[:160], why.strip()[:300]
    row.save(update_fields=["state", "decided_at", "decided_by", "why"])
    audit.record(
        actor=actor, action="underpayments.proposal_decided", practice=row.practice_id, at=at, why=why,
        decision=decision, subject=(f"underpayments.{field}", subject),
        facts={"decided": "took" if take else "declined", "rule": f"{row.rule}/{row.number}"},
    )  # fmt: skip
    if not take:
        return "Declined; the line stays open." if row.difference is None else "Declined; the difference stays listed."
    return _do(actor, row, subject, at)


def _do(actor: Actor, row: Proposal, subject: str, at: datetime) -> str:
    if row.difference is not None:
        return _give(row, row.difference, at)
    if row.treatment == Treatment.ACCEPT:
        lines.accept(actor=actor, underpayment=subject, why=f"{row.words} (rule {row.rule}/{row.number})", at=at)
        return "Accepted as paid."
    return (
        "It stays open, for the next packet." if row.treatment == Treatment.DISPUTE else "It stays open: ask the payer."
    )


def _give(row: Proposal, about: Difference, at: datetime) -> str:
    """Put a difference among the work of the owner that the rule names."""
    owner, amount = Owner(row.owner), Money.of(abs(row.amount))
    item = NewItem(
        kind=KIND[owner], subject=("underpayments.difference", about.public_id),
        title=f"{Treatment(row.treatment).label}: {about.payer_name}, {about.get_about_display().lower()}",
        why=f"{about.words}. {row.words} (rule {row.rule}/{row.number})",
        priority=20 + int(min(amount, lines.LARGE).amount / lines.LARGE.amount * 50),
        priority_why=f"it is about {amount}", due_at=clocks.sla_due(row.practice_id, lines.LINE, lines.CLOCK, at),
        key=f"{KIND[owner]}:{about.public_id}", amount=amount.amount,
    )  # fmt: skip
    work.open_items(practice=row.practice_id, items=[item], at=at)
    return f"It is work of {owner.label.lower()} now; the difference stays listed."
