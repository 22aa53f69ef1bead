"""Verbs of the practice alone: give a standing instruction for a deposit account, and revoke it at any time.

Nothing that is owed, disputed, agreed or in breach keeps an instruction from being revoked (42 CFR 424.73(b)(3),
447.10): what it moved and is not with the bank yet stops at once.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from openmso.agreements.queries import agreements
from openmso.compliance.services import clearing
from openmso.compliance.services.clearing import Flow
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.money import Money
from openmso.parties.contracts import AccountUse, BankAccount
from openmso.parties.queries import practices
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.tenancy.queries import today
from openmso.platform.tenancy.scope import atomic
from openmso.treasury import models
from openmso.treasury.contracts import INSTRUCT, Instruction
from openmso.treasury.queries import accounts
from openmso.treasury.services import standing
from openmso.treasury.services.moving import begun, move, tell
from openmso.treasury.states import FILE_MOVES, INSTRUCTION_MOVES, NOT_SENT, PAYMENT_MOVES, F, Formula, Held, P

KIND = "treasury.instruction"


class CannotInstruct(Refused):
    """The instruction cannot be given so; the sentence says why."""

    code = "cannot_instruct"


class AlreadyRevoked(Conflict):
    """The instruction was revoked before; nothing is left to stop."""

    code = "already_revoked"


@atomic
def instruct(
    *, actor: Actor, practice: int, account: str, target: str, formula: Formula, clause: str, starts_on: date,
    at: datetime, amount: Money | None = None,
) -> Instruction:  # fmt: skip
    """Give a standing instruction for a deposit account: where what comes in goes, by which clause and formula.

    Only a person of the practice can. `target` is another account of the practice: what the MSO is due it gets by a
    run alone, in the order of the agreement, so that no payment to it is tied to what payers paid in (42 CFR
    424.73(b), 447.10). Raises `CannotInstruct`, and `NotLawful` where a rule of law stops it; an account has one
    instruction at a time.
    """
    decision = actor.must(INSTRUCT.code, practice)
    found = practices.account(account, practice=practice)
    version = agreements.in_force(practice, today(practice, at))
    _refuse_account(found)
    _refuse_rest(formula, amount, clause, has_agreement=version is not None)
    assert version is not None, "refused above"
    name, holder = _target(practice, found, target, starts_on)
    clearing.clear(
        flow=Flow.SWEEP, practice=practice, agreement=version.agreement, account=account, ordered_by=actor.user, at=at
    )
    row = models.Instruction(
        practice_id=practice, account_id=found.id, use=found.use.value, target=target, target_name=name,
        target_holder=holder, agreement=version.agreement, version=version.number,
        clause=clause.strip(), formula=formula.value,
        amount=amount.amount if amount is not None and formula is not Formula.ALL else None, starts_on=starts_on,
        given_at=at, given_by=actor.name[:120], given_by_user=actor.user,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise CannotInstruct(
            "This account has a standing instruction.", field="account", fix="Revoke it, then give another."
        ) from None
    begun(row, Held.GIVEN, actor=actor, at=at)
    one = accounts.instruction(row.public_id)
    tell(row, KIND, "treasury.instructed", actor, at, decision, facts={"account": found.name, "formula": one.words})
    return one


@atomic
def revoke(*, actor: Actor, instruction: str, at: datetime, why: str = "") -> Instruction:
    """Revoke a standing instruction at once; what it would still move stops, with the files that hold it.

    Nothing but having been revoked before stands in the way of the practice, and nobody else can.
    """
    row = models.Instruction.objects.select_for_update().filter(public_id=instruction).first()
    if row is None:
        raise NotFound("There is no such instruction among the practices you may see.")
    decision = actor.must(INSTRUCT.code, row.practice_id)
    if row.state == Held.REVOKED.value:
        raise AlreadyRevoked(f"{row.revoked_by} revoked it on {row.revoked_at:%-d %B %Y}.")
    why = why.strip()[:400] or "The practice revoked it."
    stopped = _stop(row, why, actor=actor, at=at, under=decision)
    move(row, INSTRUCTION_MOVES, Held.REVOKED, noun="standing instruction", actor=actor, at=at, why=why)
    row.revoked_at, row.revoked_by, row.revoked_by_user, row.revoked_why = at, actor.name[:120], actor.user, why
    row.save(update_fields=["state", "revoked_at", "revoked_by", "revoked_by_user", "revoked_why"])
    tell(row, KIND, "treasury.revoked", actor, at, decision, why=why, facts={"count": stopped})
    return accounts.instruction(instruction)


def _stop(row: models.Instruction, why: str, *, actor: Actor, at: datetime, under: Decision) -> int:
    """Stop what the bank was not told of yet; whole files are cancelled, for a file is sent as it was approved.

    What was to leave is in the account again, by an entry; the next run counts it there.
    """
    found = list(
        models.Payment.objects.select_for_update(of=("self",)).select_related("file", "run", "practice")
        .filter(practice_id=row.practice_id, instruction=row, state__in=[one.value for one in NOT_SENT]).order_by("pk")
    )  # fmt: skip
    names = {one.file_id for one in found if one.file_id is not None and one.state == P.FILED.value}
    for file in models.BankFile.objects.select_for_update().filter(pk__in=names).order_by("pk"):
        move(file, FILE_MOVES, F.CANCELLED, noun="bank file", actor=actor, at=at, why=why)
        file.cancelled_why = why
        file.save(update_fields=["state", "cancelled_why"])
    for payment in found:
        standing.stopped(payment, actor=actor, at=at, under=under)
        move(payment, PAYMENT_MOVES, P.STOPPED, noun="payment", actor=actor, at=at, why=why)
        payment.save(update_fields=["state", "entries"])
    return len(found)


def _refuse_account(found: BankAccount) -> None:
    if found.use not in accounts.DEPOSITS:
        raise CannotInstruct(f"{found.name} takes no deposits of payers.", field="account",
                             fix="Choose a deposit account.")  # fmt: skip
    if found.closed_on is not None:
        raise CannotInstruct(f"{found.name} is closed.", field="account", fix="Choose an open one.")


def _refuse_rest(formula: Formula, amount: Money | None, clause: str, *, has_agreement: bool) -> None:
    if formula is not Formula.ALL and (amount is None or amount <= Money.of(0)):
        raise CannotInstruct(f"{formula.label} needs an amount above zero.", field="amount", fix="Such as 25000.00.")
    if not clause.strip():
        raise CannotInstruct("Name the clause of the agreement that it follows.", field="clause", fix="Such as 5.2.")
    if not has_agreement:
        raise CannotInstruct("No agreement is in force that an instruction could follow.", field="clause",
                             fix="Execute one first.")  # fmt: skip


def _target(practice: int, found: BankAccount, target: str, on: date) -> tuple[str, str]:
    """Name and holder of the account that receives."""
    if target == found.public_id:
        raise CannotInstruct("The money would go where it is.", field="target", fix="Choose another account.")
    there = practices.account(target, practice=practice)
    if there.closed_on is not None:
        raise CannotInstruct(f"{there.name} is closed.", field="target", fix="Choose an open one.")
    if there.use is AccountUse.DEPOSIT_GOVERNMENT:
        raise CannotInstruct(f"{there.name} takes what government payers pay, and nothing else.", field="target",
                             fix="Choose another account.")  # fmt: skip
    return there.name, practices.entity(there.entity, on=on).legal_name
