"""Payouts of card providers: taken once as they came, tied line by line, and sent on to be found in the bank.

Nothing is posted until every line ties. Then one entry books the fees, and what the provider gave back itself, and a
slip brings the rest to the bank, where it is found as every other deposit is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection

from openmso.agreements.queries import clocks
from openmso.billing import registry
from openmso.billing.contracts import DEPOSIT, LINE, PAYOUT, TO_TIE
from openmso.billing.models import Payment, Payout, PayoutLine, Slip
from openmso.billing.providers import Payout as Said
from openmso.billing.providers import Unreachable, payout_file
from openmso.billing.services import depositing, keeping, tying
from openmso.billing.states import Bag, Method, Paid, Regard, Slipped
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.words import counted
from openmso.ledger.contracts import Accounts, EntryDraft, Journal, LineDraft, Source, credit, debit
from openmso.ledger.services import posting as ledger
from openmso.parties.queries import practices
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import DocumentRef
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading
from openmso.platform.work import services as work

LOCK = 0x7061796F
"""Advisory lock class: the payouts of one practice are taken one at a time."""
BACK = timedelta(days=30)
"""How far back a provider is asked: a payout is final when it has arrived."""


ACCOUNTS: Mapping[Regard, str] = {
    Regard.FEE: Accounts.BANK_FEES, Regard.RESERVE: Accounts.PREPAID, Regard.UNNAMED: Accounts.UNAPPLIED_CASH,
}  # fmt: skip
"""Where the money of lines goes that are no payment of ours; a payout that failed stands as not yet deposited."""


class NoPayout(Refused):
    """The payout cannot be taken or tied as asked."""

    code = "no_payout"


def take(*, actor: Actor, practice: int, name: str, content: bytes, at: datetime) -> list[str]:
    """Take a report of payouts (`providers.payout_file`), kept before it is read; the public ids of its payouts.

    All of it or nothing; a payout that is here already stays as it is. Raises `Unreadable`, `Conflict`.
    """
    decision = actor.must(DEPOSIT.code, practice)
    document = _stored(actor, practice, name, content, "text/csv", at, decision)
    with documents.telling_refusal(actor=actor, document=document, at=at, under=decision):
        return _take(actor, practice, document, payout_file.read(content), at, decision)


def fetch(*, actor: Actor, practice: int, at: datetime) -> list[str]:
    """Ask the practice's card provider what it paid out in the last 30 days, and take what is new; all public ids.

    Raises `NoPayout` where nobody takes its cards, or the provider does not answer.
    """
    decision = actor.must(DEPOSIT.code, practice)
    with reading():
        code = next(one.code for one in tenancy.tenants() if one.pk == practice)
    provider = registry.provider_for(code)
    if provider is None:
        raise NoPayout("Nobody takes cards for this practice.", fix="Upload the provider's report instead.")
    try:
        said = provider.payouts(code, at - BACK)
    except Unreachable as no:
        raise NoPayout("The payment provider does not answer; nothing was taken.", fix="Try again later.") from no
    found = []
    for one in said:
        document = _stored(actor, practice, f"{one.name}.jsonl", one.raw, "text/plain", at, decision)
        found += _take(actor, practice, document, [one], at, decision)
    return found


@atomic
def look_again(*, actor: Actor, payout: str, at: datetime) -> bool:
    """Look whether the lines of a payout tie by now; whether all do. Raises `Conflict` where they did before."""
    row, decision = locked(actor, payout)
    refuse_sent(row)
    return look(row, actor, at, decision)


@atomic
def tie(*, actor: Actor, payout: str, number: int, payment: str, why: str, at: datetime) -> bool:
    """Say which card payment a charge is, or a dispute that was won, with what shows it; whether all ties now.

    Raises `NotFound`, `NoPayout` where the cents differ or the payment went to the bank another way.
    """
    row, decision = locked(actor, payout)
    refuse_sent(row)
    line = PayoutLine.objects.filter(practice_id=row.practice_id, payout=row, number=number).first()
    if line is None or not line.fault or line.amount <= 0:
        raise NoPayout("The payout has no such line of money that waits to be tied.", field="number")
    if not why.strip():
        raise NoPayout("A tie made by hand says why.", field="why", fix="Write what shows that it is this payment.")
    found = keeping.one_payment(payment)
    if found.practice_id != row.practice_id or Method(found.method) not in {Method.CARD, Method.ONLINE}:
        raise NoPayout(f"{payment} is no card payment of this practice.", field="payment")
    if fault := tying.of_charge(line, found):
        raise NoPayout(fault, field="payment")
    line.kind, line.payment, line.fault = Paid.CHARGE, found, ""
    line.hand_why, line.hand_by = why.strip()[:300], actor.name[:160]
    line.save(update_fields=["kind", "payment", "fault", "hand_why", "hand_by"])
    tell("billing.payout_line_tied", row, actor, at, decision, why=why, payment=found.public_id)
    return look(row, actor, at, decision)


def _stored(
    actor: Actor, practice: int, name: str, content: bytes, media: str, at: datetime, decision: Decision
) -> DocumentRef:
    return documents.store(
        actor=actor, practice=practice, name=name, content=content, media_type=media, purpose="billing.payouts", at=at,
        under=decision,
    )  # fmt: skip


@atomic
def _take(
    actor: Actor, practice: int, document: DocumentRef, said: Sequence[Said], at: datetime, decision: Decision
) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, practice % 2**31])
    here = {row.name: row for row in Payout.objects.filter(practice_id=practice, name__in=[one.name for one in said])}
    found = []
    for one in said:
        row = here.get(one.name)
        if row is None:
            row = _keep(actor, practice, document, one, at, decision)
        elif (row.amount, row.count) != (one.amount.amount, len(one.lines)):
            raise Conflict(
                f"{one.name} is here already as {row.public_id}: {Money.of(row.amount)} in "
                f"{counted(row.count, 'line')}, not {one.amount} in {len(one.lines)}.", field="file",
            )  # fmt: skip
        found.append(row.public_id)
    return found


def _keep(actor: Actor, practice: int, document: DocumentRef, said: Said, at: datetime, decision: Decision) -> Payout:
    fees = Money.total(one.fee - (one.amount if one.kind is Paid.FEE else ZERO) for one in said.lines)
    row = Payout.objects.create(
        practice_id=practice, name=said.name, on=said.on, amount=said.amount.amount, fee_amount=fees.amount,
        charged_amount=Money.total(one.amount for one in said.lines if one.kind is Paid.CHARGE).amount,
        count=len(said.lines), document=document.public_id, sha256=document.sha256, taken_at=at,
        taken_by=actor.name[:160],
    )  # fmt: skip
    PayoutLine.objects.bulk_create(
        [
            PayoutLine(
                practice_id=practice, payout=row, number=number, name=one.name, kind=one.kind, about=one.about,
                amount=one.amount.amount, fee_amount=one.fee.amount, says=one.words, fault=tying.UNSEEN,
            )
            for number, one in enumerate(said.lines, start=1)
        ], batch_size=1000,
    )  # fmt: skip
    documents.became(document=document, subject=(PAYOUT, row.public_id), practice=practice, at=at)
    tell("billing.payout_taken", row, actor, at, decision, amount=str(said.amount), count=len(said.lines))
    look(row, actor, at, decision)
    return row


def look(row: Payout, actor: Actor, at: datetime, decision: Decision) -> bool:
    """Tie what ties; post the whole, or have the rest wait for a person."""
    tied = tying.look(row)
    row.open, row.words = tied.open, tied.words[:300]
    if tied.open or tied.words:
        row.save(update_fields=["open", "words"])
        _wait(row, tied.open, at)
        return False
    _send(row, tied, actor, at, decision)
    work.close_item(
        practice=row.practice_id, key=_key(row), actor=actor, at=at, outcome="Every line ties", under=decision
    )
    depositing.match(actor=actor, practice=row.practice_id, at=at)
    return True


def _send(row: Payout, tied: tying.Tied, actor: Actor, at: datetime, decision: Decision) -> None:
    fee, given, source = Money.of(row.fee_amount), tied.given_back, Source(PAYOUT, row.public_id)
    on = min(row.on, tenancy.today(row.practice_id, at))
    entity = tied.entity or practices.entities(row.practice_id, on=on)[0].id
    others = [(account, Money.of(one.amount)) for one in tied.regarded if (account := ACCOUNTS.get(Regard(one.regard)))]
    lines = [*side(Accounts.BANK_FEES, fee, source), *side(Accounts.OPERATING_CASH, given, source),
             *(one for account, amount in others for one in side(account, ZERO - amount, source)),
             *side(Accounts.PATIENT_RECEIPTS, Money.total(amount for _, amount in others) - fee - given,
                   source)]  # fmt: skip
    if lines:
        draft = EntryDraft(
            entity, on,
            f"Card payout {row.name}: fees, and what was given back to cards"[:200], tuple(lines),
            key=f"{PAYOUT}:{row.public_id}", source=source, journal=Journal.CASH,
        )  # fmt: skip
        row.entry = ledger.post(actor=actor, entries=[draft], at=at, under=(decision,))[0].public_id
    row.slip = Slip.objects.create(
        practice_id=row.practice_id, entity_id=entity, bag=Bag.PAYOUT, taken_on=row.on, amount=row.amount,
        count=len(tied.payments), made_at=at, made_by=actor.name[:160],
        **({} if row.amount else {"state": Slipped.BANKED.value, "entry": row.entry, "banked_on": on}),
    )  # fmt: skip
    _bring_again(row, tied, at)
    Payment.objects.filter(practice_id=row.practice_id, pk__in=tied.payments).update(slip=row.slip)
    row.save(update_fields=["open", "words", "entry", "slip"])
    tell("billing.payout_tied", row, actor, at, decision, amount=str(Money.of(row.amount)), fee=str(fee))


def _bring_again(row: Payout, tied: tying.Tied, at: datetime) -> None:
    """What payouts were to bring that failed comes with this one."""
    failed = [one.failed_id for one in tied.regarded if one.failed_id]
    slips = list(Payout.objects.filter(practice_id=row.practice_id, pk__in=failed).values_list("slip_id", flat=True))
    Payment.objects.filter(practice_id=row.practice_id, slip_id__in=slips).update(slip=row.slip)
    torn = Slip.objects.filter(practice_id=row.practice_id, pk__in=slips, state=Slipped.MADE.value)
    torn.update(state=Slipped.TORN.value, why=f"The payout failed; {row.name} brings it again"[:300])


def side(account: str, amount: Money, source: Source) -> list[LineDraft]:
    if not amount:
        return []
    return [debit(account, amount, source=source) if amount > ZERO else credit(account, -amount, source=source)]


def _wait(row: Payout, waits: int, at: datetime) -> None:
    amount = Money.of(row.amount)
    work.open_item(
        practice=row.practice_id, kind=TO_TIE, subject=(PAYOUT, row.public_id), at=at, amount=row.amount, priority=45,
        title=f"Card payout {row.name[:60]} of {amount} does not tie",
        why=row.words or f"{counted(waits, 'line')} of {row.count}: {tying.first_fault(row)}"[:300],
        priority_why=f"{amount} cannot be found in the bank until every line ties", key=_key(row),
        due_at=clocks.sla_due(row.practice_id, LINE, TO_TIE, at),
    )  # fmt: skip


def locked(actor: Actor, payout: str) -> tuple[Payout, Decision]:
    row = Payout.objects.select_for_update().filter(public_id=payout).first()
    if row is None:
        raise NotFound(f"There is no payout {payout}.")
    decision = actor.must(DEPOSIT.code, row.practice_id)
    return row, decision


def refuse_sent(row: Payout) -> None:
    """Raises `Conflict` where every line of a payout ties: it is on its way to the bank."""
    if row.slip_id is not None:
        raise Conflict(f"Every line of {row.public_id} ties already.")


def _key(row: Payout) -> str:
    return f"{TO_TIE}:{row.public_id}"


def tell(
    action: str, row: Payout, actor: Actor, at: datetime, under: Decision, *, why: str = "", **facts: str | int
) -> None:
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(PAYOUT, row.public_id), at=at, why=why,
        facts=facts, decision=under,
    )  # fmt: skip
