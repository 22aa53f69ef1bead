"""Payments on line: begun by the patient, settled once whoever tells of them first, given up; cards kept on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openmso.billing import registry
from openmso.billing.contracts import CARD, COLLECT
from openmso.billing.models import Card, OnlinePayment, Statement
from openmso.billing.providers import Ask, PaymentProvider, Told, Unreachable
from openmso.billing.providers.terminal import TestTerminal
from openmso.billing.queries import owing
from openmso.billing.services import keeping, receiving, refunding
from openmso.billing.states import CARD_MOVES, ONLINE_MOVES, C, Method, Paying, Reach
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.states import check_move
from openmso.patients import queries as patients
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading

PATIENT = "The patient, on line"
LOOK_AFTER, GIVE_UP_AFTER = timedelta(minutes=2), timedelta(days=2)
YEAR, VISIT = timedelta(days=365), timedelta(days=30)
NOT_FINISHED = "It was not finished."


class NotOnline(Refused):
    """The payment cannot be made on line."""

    code = "not_online"


@dataclass(frozen=True, slots=True)
class Consent:
    """What a card may be charged: for how long, at most so much at once, told so many days before."""

    reach: Reach
    cap: Money
    notice_days: int = 3
    cancel_days: int = 1

    def ends_on(self, on: date) -> date:
        """The last day of it."""
        return on + (YEAR if self.reach is Reach.YEAR else VISIT)


def begin(
    *, statement: str, amount: Money, back: Callable[[str], str], at: datetime, keep: Consent | None = None
) -> str:  # fmt: skip
    """Begin to pay what a statement's patient owes, or a part of it; the page to go on to.

    `back` makes the address that the patient comes back to. With `keep` the card is put on file when it has paid;
    without an amount it is put on file only. Raises `NotOnline`.
    """
    with atomic.open():
        row, provider, practice = _begun(statement, amount, keep, at)
        ask = Ask(
            row.public_id, practice, amount, f"Statement {statement}", back(row.public_id), keeps_card=keep is not None
        )  # fmt: skip
    try:
        opened = provider.open(ask)
    except Unreachable as no:
        with atomic.open():
            _give_up(_locked(row.public_id), str(no), at)
        raise NotOnline("The payment provider does not answer; nothing was paid.", fix="Try again later.") from no
    called(payment=row.public_id, reference=opened.reference)
    return opened.url


@atomic
def called(*, payment: str, reference: str) -> None:
    """Write down what the provider calls a payment."""
    row = _locked(payment)
    row.reference = reference[:120]
    row.save(update_fields=["reference"])


def _begun(
    statement: str, amount: Money, keep: Consent | None, at: datetime
) -> tuple[OnlinePayment, PaymentProvider, str]:
    found = Statement.objects.select_related("run").filter(public_id=statement, reason="").first()
    if found is None:
        raise NotFound(f"There is no statement {statement}.")
    practice = _code(found.practice_id)
    provider = registry.provider_for(practice)
    if provider is None:
        raise NotOnline("This practice takes no cards on line.", fix="Call the practice, or send a check.")
    keeping.lock(found.practice_id, [found.patient_id])
    lines = owing.lines(practice=found.practice_id, patients=[found.patient_id]).get(found.patient_id, [])
    owed = Money.total(max(ZERO, one.owed) for one in lines)
    if not (ZERO < amount <= owed or (keep and not amount)):
        raise NotOnline(f"{owed} is owed; pay more than nothing, and not more than that.", field="amount")
    if keep is not None and keep.cap <= ZERO:
        raise NotOnline("Say how much the card may be charged at most.", field="cap")
    card = None
    if keep is not None:
        card = Card.objects.create(
            practice_id=found.practice_id, patient_id=found.patient_id, provider=provider.name, reach=keep.reach,
            cap_amount=keep.cap.amount, notice_days=keep.notice_days, agreed_at=at, agreed_by=PATIENT,
            ends_on=keep.ends_on(tenancy.today(found.practice_id, at)),
        )  # fmt: skip
    row = OnlinePayment.objects.create(
        practice_id=found.practice_id, patient_id=found.patient_id, statement=found, card=card, provider=provider.name,
        amount=amount.amount, made_at=at, grant=found.run.grant,
    )  # fmt: skip
    return row, provider, practice


def settle(*, payment: str, at: datetime) -> Paying:
    """Ask the provider how a payment stands, and take the money once if it came; how it stands now.

    Where the provider does not answer nothing is changed. Raises `NotFound`.
    """
    with reading():
        row = _named(payment)
        practice = _code(row.practice_id)
    provider = registry.provider(row.provider)
    if row.state == Paying.PAID or provider is None or not row.reference:
        return Paying(row.state)
    try:
        said = provider.look(practice, row.reference)
    except Unreachable:
        return Paying(row.state)
    return told(payment=payment, said=said, at=at)


@atomic
def told(*, payment: str, said: Told, at: datetime) -> Paying:
    """What a provider said of a payment becomes true here: paid once, or declined; said again, it changes nothing."""
    row = _locked(payment)
    state = Paying(row.state)
    if said.state is Paying.STARTED or said.state is state:
        return state
    if said.state is Paying.DECLINED:
        if state is Paying.STARTED:
            _give_up(row, said.words, at)
        return Paying(row.state)
    check_move(ONLINE_MOVES, noun="payment", frm=state, to=Paying.PAID)
    actor = Actor.system(PATIENT, at=at, behind=row.grant)
    if said.amount:
        who = patients.by_ids([row.patient_id])[row.patient_id]
        receipt = receiving.take(
            actor=actor, patient=who.public_id, method=Method.ONLINE, amount=said.amount, reference=said.receipt[:40],
            at=at,
        )  # fmt: skip
        row.payment = keeping.one_payment(receipt)
    row.state, row.settled_at, row.amount, row.words = Paying.PAID, at, said.amount.amount, ""
    row.save(update_fields=["state", "settled_at", "payment", "amount", "words"])
    if row.card is not None and row.card.state == C.ASKED:
        _keep(row.card, said, actor, at)
    return Paying.PAID


def press(*, payment: str, works: bool, at: datetime) -> Paying:
    """Press a button of the test terminal's page; how the payment stands now. Raises `NotOnline` for real payments."""
    with reading():
        row = _named(payment)
    terminal = registry.provider(row.provider)
    if not isinstance(terminal, TestTerminal):
        raise NotOnline("This payment is not one of the test terminal.")
    return told(payment=payment, said=terminal.pressed(payment, Money.of(row.amount), works=works), at=at)


def look_again(*, practice: int, at: datetime) -> int:
    """Ask about every payment on line that nobody told of, as every few minutes; how many are settled now.

    What is not finished after two days is given up; if it is paid later all the same, it is taken then.
    """
    with reading():
        found = list(
            OnlinePayment.objects.filter(practice_id=practice, state=Paying.STARTED, made_at__lt=at - LOOK_AFTER)
        )
    done = 0
    for row in found:
        try:
            state = settle(payment=row.public_id, at=at)
        except Refused:
            continue  # it was paid, and the books do not take it yet: asked again until they do
        if state is Paying.STARTED and row.made_at < at - GIVE_UP_AFTER:
            with atomic.open():
                _give_up(_locked(row.public_id), NOT_FINISHED, at)
        done += state is not Paying.STARTED
    return done


def give_back(*, actor: Actor, refund: str, at: datetime) -> None:
    """Approve a refund, and have the provider give it back to the card that the payment came from; never one's own.

    The provider gives back once for one refund, whatever breaks in between. Raises `NotOnline`.
    """
    with reading():
        asked = refunding.decidable(actor=actor, refund=refund)
        row = OnlinePayment.objects.filter(practice_id=asked.practice_id, payment_id=asked.payment_id).first()
        practice, receipt = _code(asked.practice_id), asked.payment.reference
    provider = registry.provider(row.provider) if row else None
    if provider is None:
        raise NotOnline("The payment did not come on line; it is not given back there.")
    try:
        reference = provider.refund(
            name=asked.public_id, practice=practice, receipt=receipt, amount=Money.of(asked.amount)
        )  # fmt: skip
    except Unreachable as no:
        raise NotOnline("The payment provider does not answer.", fix="Try again: nothing is given back twice.") from no
    refunding.pay(actor=actor, refund=refund, reference=reference, at=at)


@atomic
def end_card(*, actor: Actor, card: str, why: str, at: datetime) -> None:
    """Take a card off file: nothing is charged to it any more. Raises `NotOnline` without a reason."""
    row = Card.objects.select_for_update().filter(public_id=card).first()
    if row is None:
        raise NotFound(f"There is no card {card}.")
    decision = actor.must(COLLECT.code, row.practice_id)
    if not why.strip():
        raise NotOnline("It says why.", code="no_reason", field="why", fix="Write it in a sentence.")
    _end(row, actor, why, at)
    _tell("billing.card_ended", row, actor, at, decision, why)


def _keep(row: Card, said: Told, actor: Actor, at: datetime) -> None:
    kept, decision = said.card, actor.must(COLLECT.code, row.practice_id)
    if kept is None:
        _end(row, actor, "The provider did not keep the card.", at)
        return
    for old in Card.objects.filter(practice_id=row.practice_id, patient_id=row.patient_id, state=C.ACTIVE):
        _end(old, actor, "Another card was put on file", at)
    row.customer, row.method, row.brand = kept.customer[:80], kept.method[:80], kept.brand[:20]
    row.last4, row.expires_on, row.state = kept.last4, kept.expires_on, C.ACTIVE
    row.save(update_fields=["customer", "method", "brand", "last4", "expires_on", "state"])
    _tell("billing.card_kept", row, actor, at, decision, "")


def _end(row: Card, actor: Actor, why: str, at: datetime) -> None:
    check_move(CARD_MOVES, noun="card", frm=C(row.state), to=C.ENDED)
    row.state, row.ended_at, row.ended_by, row.ended_why = C.ENDED, at, actor.name[:160], why.strip()[:300]
    row.save(update_fields=["state", "ended_at", "ended_by", "ended_why"])


def _give_up(row: OnlinePayment, words: str, at: datetime) -> None:
    if row.state != Paying.STARTED:
        return
    row.state, row.words, row.settled_at = Paying.DECLINED, words[:200], at
    row.save(update_fields=["state", "words", "settled_at"])
    if row.card is not None and row.card.state == C.ASKED:
        _end(row.card, Actor.system(PATIENT, at=at), "It did not pay", at)


def _named(payment: str) -> OnlinePayment:
    row = OnlinePayment.objects.filter(public_id=payment).first()
    if row is None:
        raise NotFound(f"There is no payment {payment} on line.")
    return row


def _locked(payment: str) -> OnlinePayment:
    row = OnlinePayment.objects.select_for_update(of=("self",)).select_related("card").filter(public_id=payment).first()
    if row is None:
        raise NotFound(f"There is no payment {payment} on line.")
    return row


def _code(practice: int) -> str:
    return next(one.code for one in tenancy.tenants() if one.pk == practice)


def _tell(action: str, row: Card, actor: Actor, at: datetime, under: Decision, why: str) -> None:
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(CARD, row.public_id), at=at, why=why,
        facts={"cap": str(row.cap_amount)}, decision=under,
    )  # fmt: skip
