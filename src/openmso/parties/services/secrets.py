"""Revealing a secret that parties keeps: an SSN or a bank account number, for a reason that the trail keeps."""

from __future__ import annotations

from datetime import datetime

from openmso.kit.errors import NotFound
from openmso.parties.contracts import REVEAL
from openmso.parties.models.clinicians import Clinician
from openmso.parties.models.practices import BankAccount
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic
from openmso.platform.vault import services as vault
from openmso.platform.vault.fields import Secret, plaintext


@atomic
def reveal_ssn(*, actor: Actor, practice: int, clinician: str, why: str, at: datetime) -> str:
    """A clinician's SSN in clear."""
    actor.must(REVEAL.code, practice)
    row = Clinician.objects.filter(practice_id=practice, public_id=clinician).first()
    if row is None:
        raise NotFound("There is no such clinician.", field="clinician")
    return vault.reveal(actor=actor, model_row=row, field="ssn", why=why, at=at)


@atomic
def reveal_account(*, actor: Actor, practice: int, account: str, why: str, at: datetime) -> str:
    """A bank account's number in clear."""
    actor.must(REVEAL.code, practice)
    row = BankAccount.objects.filter(practice_id=practice, public_id=account).first()
    if row is None:
        raise NotFound("There is no such bank account.", field="account")
    return vault.reveal(actor=actor, model_row=row, field="account_number", why=why, at=at)


@atomic
def number_for_file(*, actor: Actor, practice: int, account: str, why: str, at: datetime, under: Decision) -> str:
    """A bank account's number in clear, for a file to a bank; nobody is shown it, and the trail says what for.

    `under` is the decision about the file. Raises `NotFound` for an account that is not there or closed.
    """
    row = BankAccount.objects.filter(practice_id=practice, public_id=account, closed_on=None).first()
    if row is None or not isinstance(row.account_number, Secret):
        raise NotFound("There is no such bank account, or it is closed.", field="account")
    audit.record(
        actor=actor, action="parties.account_instructed", practice=practice, subject=("parties.account", account),
        at=at, why=why, decision=under,
    )  # fmt: skip
    return plaintext(row.account_number)
