"""Verbs of bank files: prepared by one person, approved by another, taken to the bank once; and what comes back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from edi.bank import ach
from openmso.compliance.services import clearing
from openmso.compliance.services.clearing import Flow
from openmso.kit.clock import day_in
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.ids import public_id as fresh_id
from openmso.kit.money import Money
from openmso.kit.states import IllegalMove
from openmso.parties.contracts import AccountUse
from openmso.parties.queries import practices
from openmso.parties.services import secrets
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.documents import queries as stored
from openmso.platform.documents import services as documents
from openmso.platform.tenancy.queries import mso, zone
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import when
from openmso.treasury import calendars, models, rules
from openmso.treasury.contracts import (
    BANK_FILE,
    FILES,
    INSTRUCT,
    PREPARE,
    RELEASE,
    SEND,
    BankFile,
)
from openmso.treasury.queries import paying
from openmso.treasury.services import standing
from openmso.treasury.services.moving import begun, move, tell
from openmso.treasury.states import FILE_MOVES, PAYMENT_MOVES, TO_PAY, F, P, Pays


class CannotPay(Refused):
    """The payments cannot be made so; the sentence says why."""

    code = "cannot_pay"


class AlreadyFiled(Conflict):
    """The payments stand in a file; nothing is paid twice."""

    code = "already_filed"


@atomic
def prepare(*, actor: Actor, practice: int, account: str, at: datetime, on: date | None = None) -> BankFile:
    """Put what waits to be paid out of an account of a practice into a bank file, for a second person to approve.

    `account` is one of the practice, or of the MSO for what it advances. What came back goes along where nothing is
    missing for it (`rules.why_not_again`). It settles on `on`, the next banking day
    where it is not given. Raises `CannotPay`, `AlreadyFiled`, and `NotLawful` where a rule of law stops payments.
    """
    decision = actor.must(PREPARE.code, practice)
    found = list(
        models.Payment.objects.select_for_update(of=("self",)).select_related("run", "instruction")
        .filter(practice_id=practice, from_account=account, state__in=[one.value for one in TO_PAY])
        .order_by("kind", "pk")
    )  # fmt: skip
    if not found:
        raise CannotPay("Nothing waits to be paid out of this account.", field="account",
                        fix="Post a run first; what is in a file already is not paid twice.")  # fmt: skip
    waits = {one.public_id: standing.why_not_again(one) for one in found}
    found = [one for one in found if not waits[one.public_id]]
    if not found:
        raise CannotPay(next(filter(None, waits.values())), field="account",
                        fix="Take over what the bank noted, or record the payee's authorization.")  # fmt: skip
    today = day_in(zone(practice), at)
    on = on or calendars.banking_day_after(today)
    if on <= today or not calendars.is_banking_day(on):
        raise CannotPay(f"Banks settle nothing on {on:%-d %B %Y}.", field="on",
                        fix=f"Such as {calendars.banking_day_after(today):%Y-%m-%d}.")  # fmt: skip
    _clear(found, found[0].instruction.given_by_user if found[0].instruction else "", at)
    for payment in found:
        standing.freeze(payment, at)
    row = _file(practice, found, on, today, actor=actor, at=at, under=decision)
    begun(row, F.PREPARED, actor=actor, at=at)
    for payment in found:
        move(payment, PAYMENT_MOVES, P.FILED, noun="payment", actor=actor, at=at, why=f"In {row.public_id}")
        payment.file = row
        payment.save()
    work.open_item(
        practice=practice, kind="treasury.release", subject=(FILES, row.public_id), title=f"Bank file {row.name}",
        why=f"{len(found)} payments of {Money.of(row.amount):,.2f} out of {row.account_name} wait for approval.",
        priority=70, priority_why=f"payments that settle {when(on)}", due_at=at + timedelta(days=1),
        key=f"treasury.release:{row.public_id}", at=at, amount=row.amount,
    )  # fmt: skip
    facts = {"count": len(found), "amount": str(Money.of(row.amount))}
    tell(row, FILES, "treasury.prepared", actor, at, decision, facts=facts)
    return paying.file(row.public_id)


@atomic
def approve(*, actor: Actor, file: str, at: datetime) -> BankFile:
    """Approve a bank file as it was prepared; never who prepared it (`SamePerson`).

    What leaves the government account only a person of the practice approves (42 CFR 424.73(b), 447.10); what leaves
    the MSO's own account, somebody of the MSO.
    """
    row = _locked(file)
    decision = actor.must(_approves(row), mso() if row.from_mso else row.practice_id)
    _may(row, F.APPROVED)
    duties.another(actor, did=row.prepared_by_user, first="prepared this file", then="approve it")
    _clear(_payments_of(row), actor.user, at)
    move(row, FILE_MOVES, F.APPROVED, noun="bank file", actor=actor, at=at)
    row.approved_at, row.approved_by, row.approved_by_user = at, actor.name[:120], actor.user
    row.save(update_fields=["state", "approved_at", "approved_by", "approved_by_user"])
    work.close_items(keys=[(row.practice_id, f"treasury.release:{file}")], actor=actor, at=at, outcome="approved",
                     under=decision)  # fmt: skip
    tell(row, FILES, "treasury.released", actor, at, decision, facts={"amount": str(Money.of(row.amount))})
    return paying.file(file)


@atomic
def take(*, actor: Actor, file: str, at: datetime) -> tuple[str, bytes]:
    """Take an approved file to the bank, once: its name and bytes, equal to what was approved.

    What was sent back before and is paid again by it is out of the books' clearing accounts.
    """
    row = _locked(file)
    decision = actor.must(SEND.code, row.practice_id)
    _may(row, F.SENT)
    content = stored.read(row.document, row.practice_id)
    assert hashlib.sha256(content).hexdigest() == row.sha256, "stored bytes are those that were approved"
    held = _payments_of(row)
    _clear(held, row.approved_by_user, at)
    for payment in held:
        standing.paid_again(payment, actor=actor, at=at)
        move(payment, PAYMENT_MOVES, P.SENT, noun="payment", actor=actor, at=at, why=f"In {row.public_id}")
        payment.save(update_fields=["state", "entries"])
    move(row, FILE_MOVES, F.SENT, noun="bank file", actor=actor, at=at)
    row.sent_at, row.sent_by = at, actor.name[:120]
    row.save(update_fields=["state", "sent_at", "sent_by"])
    tell(row, FILES, "treasury.sent", actor, at, decision, facts={"amount": str(Money.of(row.amount))})
    return row.name, content


@atomic
def cancel(*, actor: Actor, file: str, why: str, at: datetime) -> BankFile:
    """Cancel a file that was not taken to the bank; its payments wait to be paid again."""
    row = _locked(file)
    decision = actor.must(PREPARE.code, row.practice_id)
    _may(row, F.CANCELLED)
    if not why.strip():
        raise CannotPay("Say why the file is cancelled.", field="why", fix="A sentence is enough.")
    for payment in _payments_of(row):
        to = P.RETURNED if payment.returned_code else P.DUE
        move(payment, PAYMENT_MOVES, to, noun="payment", actor=actor, at=at, why=why)
        payment.file = None
        payment.save(update_fields=["state", "file"])
    move(row, FILE_MOVES, F.CANCELLED, noun="bank file", actor=actor, at=at, why=why)
    row.cancelled_why = why.strip()[:400]
    row.save(update_fields=["state", "cancelled_why"])
    work.close_items(keys=[(row.practice_id, f"treasury.release:{file}")], actor=actor, at=at, outcome="cancelled",
                     under=decision)  # fmt: skip
    tell(row, FILES, "treasury.cancelled", actor, at, decision, why=why, facts={"amount": str(Money.of(row.amount))})
    return paying.file(file)


def approves(file: BankFile) -> str:
    """The permission that approves a file."""
    return INSTRUCT.code if file.use is AccountUse.DEPOSIT_GOVERNMENT else RELEASE.code


# ---- the file -------------------------------------------------------------------------------------------------


def _file(
    practice: int, found: Sequence[models.Payment], on: date, today: date, *, actor: Actor, at: datetime,
    under: Decision,
) -> models.BankFile:  # fmt: skip
    """The file as it is stored, with what its control record says; the same payments stand in one file."""
    first, name = found[0], fresh_id("BKF")
    origin = _origin(first, at)
    taken = paying.modifiers_of(practice, first.from_account, today)
    modifier = next((one for one in ach.MODIFIERS if one not in taken), "")
    try:
        made_at = at.astimezone(ZoneInfo(zone(practice))).replace(tzinfo=None)
        written = ach.write(origin, _batches(origin, found, on, at, actor, under), made_at=made_at, modifier=modifier)
    except ach.CannotWrite as no:
        raise CannotPay(str(no), field="account", fix="Look at the bank accounts on file.") from None
    sha256 = hashlib.sha256(written.content).hexdigest()
    kept = documents.store(
        actor=actor, practice=practice, name=f"{name}.ach", content=written.content, media_type="text/plain",
        purpose=BANK_FILE, at=at, under=under,
    )  # fmt: skip
    documents.became(document=kept.public_id, subject=(FILES, name), practice=practice, at=at)
    fingerprint = rules.digest(
        sorted([one.public_id, one.to_account, str(one.amount), str(one.returned_at or "")] for one in found)
    )
    row = models.BankFile(
        practice_id=practice, public_id=name, account=first.from_account, account_name=first.from_name,
        use=first.from_use, from_mso=first.from_mso, name=f"{name}.ach", modifier=modifier, made_on=today,
        effective_on=on, entries=written.entries, amount=written.amount, hash=written.hash, sha256=sha256,
        fingerprint=fingerprint, document=kept.public_id, prepared_at=at, prepared_by=actor.name[:120],
        prepared_by_user=actor.user,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise AlreadyFiled("These payments stand in a file already.", field="account") from None
    return row


def _origin(first: models.Payment, at: datetime) -> ach.Origin:
    """Who sends: the legal entity of the paying account, by 1 and its EIN, through the bank that keeps the account."""
    account = standing.account(first.from_account)
    entity = practices.entity(account.entity, on=at.date())
    return ach.Origin(account.routing, account.bank_name, f"1{entity.ein}", entity.legal_name)


def _batches(
    origin: ach.Origin, found: Sequence[models.Payment], on: date, at: datetime, actor: Actor, under: Decision
) -> list[ach.Batch]:
    """One batch for each kind of payment, so that the bank's statement says what it was."""
    made = []
    for kind, payments in groupby(found, key=lambda one: one.kind):
        credits = []
        for one in payments:
            to = standing.account(one.to_account)
            number = secrets.number_for_file(
                actor=actor, practice=to.practice, account=to.public_id, why=f"Payment {one.public_id}", at=at,
                under=under if to.practice == one.practice_id else actor.must(PREPARE.code, to.practice),
            )  # fmt: skip
            one.trace = ach.trace_number(origin, one.pk)
            credits.append(
                ach.Credit(to.routing, number, one.amount, one.to_holder, one.public_id, one.pk, one.reference)
            )
        made.append(ach.Batch("CCD", rules.DESCRIPTIONS[Pays(kind)], on, tuple(credits)))
    return made


def _approves(row: models.BankFile) -> str:
    return INSTRUCT.code if row.use == AccountUse.DEPOSIT_GOVERNMENT.value else RELEASE.code


def _clear(found: Sequence[models.Payment], ordered_by: str, at: datetime) -> None:
    """Refuse to tell a bank of what may not move; what leaves an account of the practice, whoever orders it says."""
    if not found:
        return
    first = found[0]
    account = "" if first.from_mso else first.from_account
    for agreement in sorted({one.run.agreement for one in found}):
        clearing.clear(
            flow=Flow.FILE, practice=first.practice_id, agreement=agreement, account=account, ordered_by=ordered_by,
            at=at,
        )  # fmt: skip


def _locked(file: str) -> models.BankFile:
    row = models.BankFile.objects.select_for_update(of=("self",)).filter(public_id=file).first()
    if row is None:
        raise NotFound("There is no such bank file among the practices you may see.")
    return row


def _payments_of(row: models.BankFile) -> list[models.Payment]:
    """The payments of a file, held; their instructions first, as a revocation holds them."""
    held = models.Payment.objects.filter(practice_id=row.practice_id, file=row, state=P.FILED.value)
    instructions = held.exclude(instruction=None).values_list("instruction", flat=True)
    list(models.Instruction.objects.select_for_update().filter(pk__in=list(instructions)).order_by("pk"))
    return list(held.select_for_update(of=("self",)).select_related("run", "practice").order_by("pk"))


def _may(row: models.BankFile, to: F) -> None:
    if no := rules.why_not_file(F(row.state), to):
        raise IllegalMove(no)
