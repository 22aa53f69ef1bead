"""A card is put on file at the desk: what its holder agrees to is written down, and the provider keeps the card.

Nobody of ours sees its number: it is typed on the provider's page, on the desk's own device or the patient's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from openmso.billing import registry
from openmso.billing.contracts import CARD, COLLECT, PLAN
from openmso.billing.models import Card, Charge, OnlinePayment
from openmso.billing.providers import Ask, PaymentProvider, Unreachable
from openmso.billing.services import keeping, online
from openmso.billing.services.online import Consent, NotOnline
from openmso.billing.states import CHARGE_MOVES, Charging
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.kit.states import check_move
from openmso.kit.words import day
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

NOTICE_MAX = 30


def keep(
    *, actor: Actor, patient: str, agreed: Consent, how: str, back: Callable[[str], str], at: datetime
) -> str:  # fmt: skip
    """Have a card kept that its holder agrees to at the desk, `how` in words; the provider's page to go on to.

    An edge of its own, as `online.begin`. Raises `NotOnline` where no provider serves the practice, or a term is none.
    """
    with atomic.open():
        row, provider, practice = _asked(actor, patient, agreed, how, at)
        ask = Ask(row.public_id, practice, ZERO, "Card on file", back(row.public_id), keeps_card=True)
    try:
        opened = provider.open(ask)
    except Unreachable as no:
        raise NotOnline("The payment provider does not answer; no card is kept.", fix="Try again later.") from no
    online.called(payment=row.public_id, reference=opened.reference)
    return opened.url


def _asked(
    actor: Actor, patient: str, agreed: Consent, how: str, at: datetime
) -> tuple[OnlinePayment, PaymentProvider, str]:
    who = keeping.one_patient(patient)
    decision = actor.must(COLLECT.code, who.practice)
    practice = next(one.code for one in tenancy.tenants() if one.pk == who.practice)
    provider = registry.provider_for(practice)
    if provider is None:
        raise NotOnline("Nobody takes cards for this practice.", fix="Connect a payment provider first.")
    if not how.strip():
        raise NotOnline("Say how the patient agreed.", field="how", fix="On a signed form, for example.")
    if agreed.cap <= ZERO:
        raise NotOnline("Say how much the card may be charged at most.", field="cap")
    if not 1 <= agreed.notice_days <= NOTICE_MAX:
        raise NotOnline(f"The patient is told 1 to {NOTICE_MAX} days before.", field="notice_days")
    if agreed.cancel_days > agreed.notice_days:
        raise NotOnline("A charge can be called off after the patient was told of it.", field="cancel_days",
                        fix=f"At most {agreed.notice_days} days before.")  # fmt: skip
    card = Card.objects.create(
        practice_id=who.practice, patient_id=who.id, provider=provider.name, reach=agreed.reach,
        cap_amount=agreed.cap.amount, notice_days=agreed.notice_days, cancel_days=agreed.cancel_days, agreed_at=at,
        agreed_by=f"The patient, at the desk: {how.strip()}"[:160],
        ends_on=agreed.ends_on(tenancy.today(who.practice, at)),
    )  # fmt: skip
    row = OnlinePayment.objects.create(
        practice_id=who.practice, patient_id=who.id, card=card, provider=provider.name, amount=0, made_at=at,
        grant=decision.grant,
    )  # fmt: skip
    audit.record(
        actor=actor, action="billing.card_asked", practice=who.practice, subject=(CARD, card.public_id), at=at,
        facts={"cap": str(agreed.cap)}, decision=decision,
    )  # fmt: skip
    return row, provider, practice


@atomic
def call_off(*, actor: Actor, charge: str, why: str, at: datetime) -> None:
    """Call an announced charge off, in time as was agreed; the instalment is still due. Raises `NotOnline`."""
    row = Charge.objects.select_for_update(of=("self",)).select_related("card", "plan").filter(public_id=charge).first()
    if row is None:
        raise NotFound(f"There is no charge {charge}.")
    decision = actor.must(COLLECT.code, row.practice_id)
    check_move(CHARGE_MOVES, noun="charge", frm=Charging(row.state), to=Charging.DROPPED)
    if not why.strip():
        raise NotOnline("It says why.", code="no_reason", field="why", fix="Write it in a sentence.")
    last = row.charge_on - timedelta(days=row.card.cancel_days)
    if tenancy.today(row.practice_id, at) > last or row.payment_id is not None:
        raise NotOnline(
            f"It could be called off until {day(last)}.", code="too_late",
            fix="Take the card off file if nothing more is to be charged, or give the money back.",
        )  # fmt: skip
    row.state, row.words = Charging.DROPPED, f"Called off: {why.strip()}"[:200]
    row.save(update_fields=["state", "words"])
    audit.record(
        actor=actor, action="billing.charge_called_off", practice=row.practice_id, subject=(PLAN, row.plan.public_id),
        at=at, why=why, facts={"amount": str(Money.of(row.amount))}, decision=decision,
    )  # fmt: skip
