"""What of payments changes as they are filed, sent, and sent back: where they go, and what the books say of them."""

from __future__ import annotations

from datetime import datetime

from openmso.kit.clock import day_in
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.ledger.contracts import EntryDraft
from openmso.ledger.services import posting as ledger
from openmso.parties.contracts import BankAccount
from openmso.parties.queries import practices
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.tenancy.scope import current
from openmso.treasury import books, models, rules
from openmso.treasury.contracts import PREPARE, SEND
from openmso.treasury.queries import accounts, paying, runs
from openmso.treasury.states import SWEEPS, P, Pays


def account(public_id: str) -> BankAccount:
    """A bank account of any tenant in scope; raises `NotFound`."""
    found = next((one for one in practices.accounts(*current().practices) if one.public_id == public_id), None)
    if found is None:
        raise NotFound("There is no such bank account among those you may see.", field="account")
    return found


def freeze(payment: models.Payment, at: datetime) -> None:
    """Say where a payment goes now: what was closed meanwhile is met by the account that took its place."""
    to, was = account(payment.to_account), payment.to_account if payment.returned_code else ""
    if to.closed_on is not None:
        heir = None if payment.kind in SWEEPS else accounts.of_use(to.practice, to.use)
        if heir is None:
            raise NotFound(f"{to.name} is closed, and no other account stands for it.", field="account",
                           fix="The practice gives a new instruction, or the account is added.")  # fmt: skip
        to = heir
    payment.to_account, payment.to_name = to.public_id, to.name
    payment.to_bank = f"{to.bank_name} {to.masked_number}"[:80]
    payment.to_holder = practices.entity(to.entity, on=at.date()).legal_name[:120]
    last = was or paying.last_account(payment.practice_id, kind=payment.kind, before=payment.pk)
    payment.changed = rules.change(to.public_id, last).value


def why_not_again(payment: models.Payment) -> str:
    """Why a payment goes into no file yet: it came back, and what its reason asks for is not there."""
    if payment.state != P.RETURNED.value:
        return ""
    return rules.why_not_again(
        payment.returned_code, is_other_account=account(payment.to_account).closed_on is not None,
        is_authorized=payment.authorized_at is not None,
    )  # fmt: skip


def sent_back(payment: models.Payment, code: str, *, actor: Actor, at: datetime) -> None:
    """The books say that the money is back; what moved between the practice's accounts is where it was. The caller
    saves."""
    run, memo = payment.run, f"{payment.public_id} sent back by the bank: {code}, {rules.returned_words(code).lower()}"
    key = f"{payment.public_id}:{payment.trace}:{payment.file_id}"
    if payment.kind in SWEEPS:
        drafts = _stays(payment, key=f"returned:{key}", memo=memo, at=at)
    else:
        drafts = books.sent_back(
            _books(payment, at), Money.of(payment.amount), payment=key, from_mso=payment.from_mso,
            kind=Pays(payment.kind), memo=memo,
        )  # fmt: skip
    under = [actor.must(PREPARE.code, payment.practice_id), actor.must(PREPARE.code, runs.mso_of(run))]
    refs = ledger.post(actor=actor, entries=drafts, at=at, under=under)
    payment.entries = [(ref.entity, ref.public_id) for ref in refs]


def stopped(payment: models.Payment, *, actor: Actor, at: datetime, under: Decision) -> None:
    """What the practice stopped stays in its deposit account: the books say so. The caller saves.

    What a bank sent back is there already.
    """
    if payment.kind not in SWEEPS or payment.entries:
        return
    memo = f"{payment.public_id} stopped: {payment.from_name} keeps it"
    drafts = _stays(payment, key=f"stopped:{payment.public_id}", memo=memo, at=at)
    refs = ledger.post(actor=actor, entries=drafts, at=at, under=[under])
    payment.entries = [(ref.entity, ref.public_id) for ref in refs]


def _stays(payment: models.Payment, *, key: str, memo: str, at: datetime) -> list[EntryDraft]:
    """The entry of a sweep the other way."""
    return books.swept(
        _books(payment, at), Money.of(payment.amount), frm=payment.to_account, to=payment.from_account, key=key,
        memo=memo,
    )  # fmt: skip


def _books(payment: models.Payment, at: datetime) -> books.Books:
    run = payment.run
    return books.Books(
        run.public_id, run.practice_entity_id, run.mso_entity_id, payment.practice.public_id,
        day_in(payment.practice.zone, at),
    )  # fmt: skip


def paid_again(payment: models.Payment, *, actor: Actor, at: datetime) -> None:
    """What was sent back leaves anew: the entries of its return are taken back. The caller saves."""
    if not payment.entries:
        return
    on = day_in(payment.practice.zone, at)
    under = [actor.must(SEND.code, payment.practice_id), actor.must(SEND.code, runs.mso_of(payment.run))]
    for entity, name in payment.entries:
        ledger.reverse(
            actor=actor, entity=entity, entry=name, why=f"{payment.public_id} is paid again", on=on, at=at, under=under
        )
    payment.entries = []
