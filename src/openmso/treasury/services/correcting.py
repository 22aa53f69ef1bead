"""Verbs of notes of change: what a bank says is right of an account is proposed, and taken over by a second person."""

from __future__ import annotations

from datetime import datetime, timedelta

from edi.bank import ach
from openmso.kit.errors import NotFound, Refused
from openmso.kit.states import check_move
from openmso.parties.services import practices
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.documents import queries as stored
from openmso.platform.tenancy.queries import mso
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.treasury import models, rules
from openmso.treasury.contracts import FILES, RELEASE, Correction
from openmso.treasury.queries import paying
from openmso.treasury.services import standing
from openmso.treasury.services.moving import begun, tell
from openmso.treasury.states import NOTED_MOVES, Noted

DAYS = 6
"""Banking days within which the rules want a correction made, or before the next entry (NACHA Operating Rules 2.12)."""
PARTED = {"first": "read this note of the bank", "then": "take it over"}


class NotCorrected(Refused):
    """The account cannot be corrected so; the sentence says why."""

    code = "not_corrected"


def note(
    practice: int, one: ach.Correction, *, document: str, actor: Actor, at: datetime, under: Decision
) -> str | None:  # fmt: skip
    """Keep what a bank notes, for a second person to take over; empty where it was known, none where it is not ours."""
    payment = (
        models.Payment.objects.select_related("file")
        .filter(practice_id=practice, trace=one.trace, file__isnull=False).first()
    )  # fmt: skip
    if payment is None or payment.file is None:
        return None
    if models.Correction.objects.filter(practice_id=practice, trace=one.trace, code=one.code).exists():
        return ""
    account = standing.account(payment.to_account)
    row = models.Correction.objects.create(
        practice_id=practice, payment=payment, code=one.code, trace=one.trace, account=account.public_id,
        account_name=account.name, from_mso=payment.to_mso, was=f"{account.routing}, {account.masked_number}"[:120],
        becomes=_words(one)[:120], document=document, told_at=at, told_by=actor.name[:120], told_by_user=actor.user,
    )  # fmt: skip
    begun(row, Noted.TOLD, actor=actor, at=at)
    work.open_item(
        practice=practice, kind="treasury.correct", subject=(FILES, payment.file.public_id),
        title=f"{account.name}: {rules.change_words(one.code)}"[:160],
        why=f"The bank of {payment.to_holder} notes {one.code}: {row.becomes}. Compare it with what the payee says.",
        priority=65, priority_why="a bank wants it before the next payment, or within six banking days",
        due_at=at + timedelta(days=DAYS), key=_key(row.public_id), at=at,
    )  # fmt: skip
    tell(payment.file, FILES, "treasury.noted", actor, at, under, facts={"code": one.code, "account": account.name})
    return row.public_id


@atomic
def approve(*, actor: Actor, correction: str, at: datetime) -> Correction:
    """Take over what a bank noted: the account is closed, and one with the corrected data stands in its place.

    Never who read the note (`SamePerson`). A note that names neither number is settled without a change.
    """
    row, decision = _locked(correction, actor)
    duties.another(actor, did=row.told_by_user, **PARTED)
    found = next(
        (one for one in ach.read_corrections(stored.read(row.document, row.practice_id))
         if (one.trace, one.code) == (row.trace, row.code)), None,
    )  # fmt: skip
    assert found is not None, "the file that was kept holds the note"
    if found.routing or found.account:
        account = standing.account(row.account)
        if account.closed_on is not None:
            raise NotCorrected(f"{row.account_name} was closed meanwhile.", fix="Do not take it over, and say why.")
        made = practices.correct_account(
            actor=actor, practice=account.practice, account=row.account, routing=found.routing,
            account_number=found.account, at=at, under=decision,
        )  # fmt: skip
        row.made_account = made.public_id
    return _decide(row, Noted.TAKEN, "", actor=actor, at=at, under=decision)


@atomic
def decline(*, actor: Actor, correction: str, why: str, at: datetime) -> Correction:
    """Do not take over what a bank noted, with the reason; the account stays as it is."""
    row, decision = _locked(correction, actor)
    if not why.strip():
        raise NotCorrected("Say why it is not taken over.", field="why", fix="Such as what the payee said.")
    return _decide(row, Noted.DECLINED, why.strip()[:200], actor=actor, at=at, under=decision)


def _locked(correction: str, actor: Actor) -> tuple[models.Correction, Decision]:
    row = (
        models.Correction.objects.select_for_update(of=("self",)).select_related("payment__file")
        .filter(public_id=correction).first()
    )  # fmt: skip
    if row is None:
        raise NotFound("There is no such note of a bank among the practices you may see.")
    return row, actor.must(RELEASE.code, mso() if row.from_mso else row.practice_id)


def _decide(
    row: models.Correction, to: Noted, why: str, *, actor: Actor, at: datetime, under: Decision
) -> Correction:  # fmt: skip
    check_move(NOTED_MOVES, noun="note of a bank", frm=Noted(row.state), to=to)
    begun(row, to, frm=row.state, actor=actor, at=at, why=why)
    row.state, row.decided_at, row.decided_by, row.decided_by_user, row.why = (
        to.value, at, actor.name[:120], actor.user, why,
    )  # fmt: skip
    row.save()
    work.close_items(
        keys=[(row.practice_id, _key(row.public_id))], actor=actor, at=at, outcome=to.label.lower(), under=under
    )
    action = "treasury.corrected" if to is Noted.TAKEN else "treasury.left"
    assert row.payment.file is not None, "a note is about a payment that left in a file"
    facts = {"code": row.code, "account": row.account_name}
    tell(row.payment.file, FILES, action, actor, at, under, why=why, facts=facts)
    return paying.correction(row.public_id)


def _words(one: ach.Correction) -> str:
    """What becomes of the account, with its last digits alone."""
    told = [f"routing number {one.routing}"] if one.routing else []
    told += [f"account number ending in {one.account[-4:]}"] if one.account else []
    return " and ".join(told) or rules.change_words(one.code)


def _key(correction: str) -> str:
    return f"treasury.correct:{correction}"
