"""Attachments of claims: added with a control number, sent by a person, work until they have gone."""

from __future__ import annotations

from datetime import datetime

from openmso.agreements.queries import clocks
from openmso.claims import contracts
from openmso.claims.contracts import LINE, AttachmentKind, AttachmentWay
from openmso.claims.models.attachments import Attachment
from openmso.claims.models.claims import Claim
from openmso.claims.services import moving, scrubbing
from openmso.claims.services.waiting import ATTACHMENT
from openmso.claims.states import EDITABLE, S
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.words import amount
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work

ATTACHMENTS_MAX = 10
"""PWK of one claim (005010X222A1, 2300)."""


class AttachmentGone(Conflict):
    """It went, or was withdrawn."""

    code = "attachment_gone"


@atomic
def add(*, actor: Actor, claim: str, kind: str, way: str, at: datetime, note: str = "") -> str:
    """Put a paper beside a claim; returns its control number.

    A claim that no payer has says it in its 837 (PWK); for one that a payer has it answers a question. What is not
    only kept at hand (AA) waits for a person until it is sent.
    """
    row = moving.one(claim)
    decision = actor.must(contracts.WORK.code, row.practice_id)
    if kind not in set(AttachmentKind) or way not in set(AttachmentWay):
        raise Refused("Say what it is and how it goes.", code="no_such_attachment", field="kind")
    if Attachment.objects.filter(claim=row, withdrawn_at=None).count() >= ATTACHMENTS_MAX:
        raise Refused(
            f"A claim has {ATTACHMENTS_MAX} attachments at most.",
            code="too_many_attachments",
            fix="Send some together.",
        )
    made = Attachment(
        practice_id=row.practice_id, claim=row, kind=kind, way=way, note=note.strip()[:200], added_at=at,
        added_by=actor.name[:160],
    )  # fmt: skip
    made.save(force_insert=True)
    _told(row, actor, at, decision)
    if way != AttachmentWay.AT_HAND:
        work.open_item(
            practice=row.practice_id, kind=ATTACHMENT, subject=("claims.claim", claim),
            title=f"{AttachmentKind(kind).label} to send", key=f"{ATTACHMENT}:{made.public_id}", at=at, priority=55,
            why=f"{AttachmentWay(way).label}, with number {made.public_id}. {made.note}".strip(),
            priority_why=f"{amount(row.total_amount)} are judged without it, or not at all", amount=row.total_amount,
            due_at=clocks.sla_due(row.practice_id, LINE, ATTACHMENT, at),
        )  # fmt: skip
    audit.record(
        actor=actor, action="claims.attachment_added", practice=row.practice_id, subject=("claims.claim", claim), at=at,
        facts={"attachment": made.public_id, "kind": AttachmentKind(kind).label}, decision=decision,
    )  # fmt: skip
    return made.public_id


@atomic
def sent(*, actor: Actor, attachment: str, at: datetime) -> str:
    """Say that a paper went today; returns its claim. Raises `AttachmentGone`."""
    row, decision = _waiting(actor, attachment)
    row.sent_at, row.sent_on, row.sent_by = at, tenancy.today(row.practice_id, at), actor.name[:160]
    row.save(update_fields=["sent_at", "sent_on", "sent_by"])
    return _done(row, "claims.attachment_sent", "It was sent.", actor, at, decision)


@atomic
def withdraw(*, actor: Actor, attachment: str, at: datetime) -> str:
    """Take a paper back that has not gone; returns its claim. Raises `AttachmentGone`."""
    row, decision = _waiting(actor, attachment)
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    _told(moving.one(row.claim.public_id), actor, at, decision)
    return _done(row, "claims.attachment_withdrawn", "It is not needed.", actor, at, decision)


def _waiting(actor: Actor, attachment: str) -> tuple[Attachment, Decision]:
    row = (
        Attachment.objects.select_for_update(of=("self",)).select_related("claim").filter(public_id=attachment).first()
    )
    if row is None:
        raise NotFound(f"There is no attachment {attachment}.")
    decision = actor.must(contracts.WORK.code, row.practice_id)
    if row.sent_at is not None or row.withdrawn_at is not None:
        raise AttachmentGone(f"Attachment {attachment} {'went already' if row.sent_at else 'was withdrawn'}.")
    return row, decision


def _told(row: Claim, actor: Actor, at: datetime, under: Decision) -> None:
    """A claim that no payer has says another thing now: forms that are open are old."""
    if S(row.state) in EDITABLE:
        row.sheet_version += 1
        row.save(update_fields=["sheet_version"])
        scrubbing.judge([row], actor=actor, at=at, under=under)


def _done(row: Attachment, action: str, outcome: str, actor: Actor, at: datetime, under: Decision) -> str:
    work.close_item(
        practice=row.practice_id, key=f"{ATTACHMENT}:{row.public_id}", actor=actor, at=at, outcome=outcome, under=under
    )
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=("claims.claim", row.claim.public_id), at=at,
        facts={"attachment": row.public_id}, decision=under,
    )  # fmt: skip
    return str(row.claim.public_id)
