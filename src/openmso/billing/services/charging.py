"""Instalments of plans charged to cards on file: announced as agreed, charged on their day, and a decline is work."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from openmso.agreements.queries import clocks
from openmso.billing import registry
from openmso.billing.contracts import CARD_DECLINED, COLLECT, LINE, PLAN
from openmso.billing.models import Card, Charge, Notice, OnlinePayment, Plan
from openmso.billing.providers import Ask, KeptCard, Unreachable
from openmso.billing.queries import consents, plans, policies
from openmso.billing.rules import plans as rules
from openmso.billing.services import online
from openmso.billing.states import C, Charging, L, Paying, Told, Way
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.patients import queries as patients
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading
from openmso.platform.work import services as work

TRIED_FOR = timedelta(hours=20)
"""Providers know a name that they were asked under for a day."""
NOT_KNOWN = "The provider did not answer; look up there whether the card was charged."
NOT_TOLD = "The patient could not be told of it before."
PAID_ALREADY = "It was paid another way, or the plan or the card ended."


@atomic
def announce(*, actor: Actor, practice: int, at: datetime) -> int:
    """Tell patients of the instalments that will be charged to their cards, as many days before as they agreed.

    Whoever is reached neither by e-mail nor by text message is not charged. How many were announced.
    """
    actor.must(COLLECT.code, practice)
    on = tenancy.today(practice, at)
    cards = {row.patient_id: row for row in Card.objects.filter(practice_id=practice, state=C.ACTIVE, ends_on__gte=on)}
    rows = list(Plan.objects.filter(practice_id=practice, state=L.ACTIVE, patient_id__in=cards))
    if not rows:
        return 0
    grace, lefts = policies.current(practice).plan_grace_days, plans.lefts(practice, rows)
    people = patients.by_ids(cards)
    texts = consents.texts_allowed(practice, cards)
    known = set(Charge.objects.filter(practice_id=practice, plan__in=rows).values_list("plan_id", "number"))
    made = []
    for row in rows:
        card, who = cards[row.patient_id], people[row.patient_id]
        standing = rules.stand(plans.terms(row), lefts[row.pk], on, grace)
        way = Way.EMAIL if who.email else Way.TEXT if who.id in texts and who.phone else None
        if standing.next is None or way is None or (row.pk, standing.next.number) in known:
            continue
        ahead = timedelta(days=card.notice_days)
        charge_on = max(standing.next.due_on, on + ahead)
        if (
            standing.next.due_on > on + ahead
            or charge_on > card.ends_on
            or standing.next_amount.amount > card.cap_amount
        ):
            continue
        charge = Charge.objects.create(
            practice_id=practice, patient_id=row.patient_id, plan=row, card=card, number=standing.next.number,
            amount=standing.next_amount.amount, charge_on=charge_on, made_at=at,
        )  # fmt: skip
        made.append(Notice(practice_id=practice, charge=charge, way=way, made_at=at))
    Notice.objects.bulk_create(made)
    return len(made)


def collect(*, actor: Actor, practice: int, at: datetime) -> int:
    """Charge what was announced for today or before, each once; how many were paid.

    An edge of its own, as `telling.tell`: the provider is asked outside of any transaction, and again under the same
    name where it did not answer.
    """
    with reading():
        actor.must(COLLECT.code, practice)
        on = tenancy.today(practice, at)
        due = Charge.objects.filter(practice_id=practice, state=Charging.ANNOUNCED, charge_on__lte=on)
        names = list(due.order_by("pk").values_list("public_id", flat=True))
    return sum(_charge(name, on, actor, at) for name in names)


def _charge(name: str, on: date, actor: Actor, at: datetime) -> bool:
    with atomic.open():
        ready = _ready(name, on, actor, at)
    if ready is None:
        return False
    row, ask, card = ready
    provider = registry.provider(row.card.provider)
    assert provider is not None, "what is ready has a provider"
    assert row.payment is not None, "what is ready has its payment begun"
    try:
        if row.payment.reference:
            said = provider.look(ask.practice, row.payment.reference)
        else:
            reference, said = provider.charge(ask, card)
            online.called(payment=ask.name, reference=reference)
    except Unreachable:
        return False
    try:
        with atomic.open():
            state = online.told(payment=ask.name, said=said, at=at)
            _settle(name, state, said.words, actor, at)
    except Refused:
        return False  # it was paid, and the books do not take it yet: looked at again until they do
    return state is Paying.PAID


def _ready(name: str, on: date, actor: Actor, at: datetime) -> tuple[Charge, Ask, KeptCard] | None:
    """An announced charge whose day has come, with its payment begun; none where it must wait, or is dropped."""
    row = Charge.objects.select_for_update(of=("self",)).select_related("plan", "card", "payment").get(public_id=name)
    notice = Notice.objects.get(practice_id=row.practice_id, charge=row)
    told = notice.sent_at and tenancy.today(row.practice_id, notice.sent_at)
    if notice.state == Told.FAILED:
        _drop(row, NOT_TOLD, actor, at)
        return None
    if row.state != Charging.ANNOUNCED or told is None or told + timedelta(days=row.card.notice_days) > on:
        return None
    left = plans.lefts(row.practice_id, [row.plan])[row.plan_id]
    standing = rules.stand(plans.terms(row.plan), left, on, 0)
    is_open = standing.next is not None and standing.next.number == row.number and standing.next_amount.amount
    if not is_open or row.plan.state != L.ACTIVE or row.card.state != C.ACTIVE or on > row.card.ends_on:
        _drop(row, PAID_ALREADY, actor, at)
        return None
    if registry.provider(row.card.provider) is None:
        return None
    if row.payment and not row.payment.reference and row.payment.made_at < at - TRIED_FOR:
        _drop(row, NOT_KNOWN, actor, at)
        return None
    if row.payment is None:
        row.amount = min(row.amount, standing.next_amount.amount)
        row.payment = OnlinePayment.objects.create(
            practice_id=row.practice_id, patient_id=row.patient_id, card=row.card, plan=row.plan, made_at=at,
            provider=row.card.provider, amount=row.amount, grant=row.plan.grant,
        )  # fmt: skip
        row.save(update_fields=["amount", "payment"])
    code = next(one.code for one in tenancy.tenants() if one.pk == row.practice_id)
    ask = Ask(row.payment.public_id, code, Money.of(row.amount), f"Instalment of plan {row.plan.public_id}")
    card = row.card
    return row, ask, KeptCard(card.customer, card.method, card.brand, card.last4, card.expires_on)


def _settle(name: str, state: Paying, words: str, actor: Actor, at: datetime) -> None:
    row = Charge.objects.select_for_update(of=("self",)).select_related("plan").get(public_id=name)
    if state is Paying.STARTED:
        return
    if state is Paying.PAID:
        row.state = Charging.PAID
        row.save(update_fields=["state"])
    else:
        _drop(row, words, actor, at, to=Charging.DECLINED)


def _drop(row: Charge, words: str, actor: Actor, at: datetime, *, to: Charging = Charging.DROPPED) -> None:
    row.state, row.words = to, words[:200]
    row.save(update_fields=["state", "words"])
    if words == PAID_ALREADY:
        return
    amount = Money.of(row.amount)
    work.open_item(
        practice=row.practice_id, kind=CARD_DECLINED, subject=(PLAN, row.plan.public_id), at=at, amount=amount.amount,
        title=f"{amount} of a payment plan was not charged", why=f"{words} Call the patient for another card.",
        priority=45, priority_why=f"the instalment of {amount} is due", key=f"{CARD_DECLINED}:{row.public_id}",
        due_at=clocks.sla_due(row.practice_id, LINE, CARD_DECLINED, at),
    )  # fmt: skip
