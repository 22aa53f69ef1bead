"""What patients paid and are asked for, and what goes back, as objects of the matrix."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from openmso.billing import registry
from openmso.billing import testing as billing
from openmso.billing.contracts import SweepKind
from openmso.billing.models import Agency, Card, Charge, Placement, Plan, Sweep, SweptAccount
from openmso.billing.providers.payout_file import COLUMNS
from openmso.billing.providers.terminal import TestTerminal
from openmso.billing.queries import credits, statements
from openmso.billing.rules.policy import Policy
from openmso.billing.services import (
    crediting,
    depositing,
    helping,
    online,
    paying_out,
    placing,
    planning,
    refunding,
    stating,
    sweeping,
)
from openmso.billing.services import policies as deciding
from openmso.billing.services.online import Consent
from openmso.billing.states import Charging, Placed, Reach
from openmso.claims import testing as claims
from openmso.claims.states import S
from openmso.kit.money import ZERO, Money
from openmso.patients import testing as patients
from openmso.platform.tenancy.scope import atomic, reading
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.remittances import testing as payer
from openmso.remittances.services import posting, receiving

if TYPE_CHECKING:
    from tests.architecture.month import Named, Office

EVERYTHING = {"filters": Filters(), "page": PageAsk()}


def the_patients_money(office: Office, patient: str) -> Named:
    """A payment of which some is asked back, a statement in its run, a plan to approve, a claim that was paid twice."""
    overpaid = _overpaid(office)
    with office.scope():
        receipt = billing.payment(patient, "3.00", at=office.at, reference=office.canary, waits=True)
        refund = refunding.ask(
            actor=office.actor, payment=receipt, amount=Money.of(1), why=office.canary, at=office.at
        )  # fmt: skip
        slips = depositing.prepare(actor=office.actor, practice=office.house.id, at=office.at)
        run = stating.run(
            actor=office.actor, practice=office.house.id, at=office.at + timedelta(minutes=1)
        )  # fmt: skip
        with reading():
            sent = [row for row in statements.of_run(run, **EVERYTHING).rows if row.is_sent]
        agency = placing.name_agency(
            actor=office.actor, practice=office.house.id, name=office.canary, fee_percent=Decimal(20), at=office.at
        )
        deciding.decide(
            actor=office.actor, practice=office.house.id, at=office.at, why=office.canary,
            policy=replace(Policy(), statements_before_agency=1, letter_days=0, call_days=0, final_days=0),
        )  # fmt: skip
        sweep = sweeping.propose(actor=office.actor, practice=office.house.id, kind=SweepKind.DUNNING, at=office.at)
        with atomic.open():
            Placement.objects.create(
                practice_id=office.house.id, patient=SweptAccount.objects.filter(sweep__public_id=sweep)[0].patient,
                agency=Agency.objects.get(public_id=agency), sweep=Sweep.objects.get(public_id=sweep), amount=1,
                placed_on=office.today, state=Placed.PAID.value, ended_on=office.today, ended_why=office.canary,
            )  # fmt: skip
        application = helping.apply(
            actor=office.actor, patient=patient, household=2, income=Money.of(20_000), at=office.at
        )
        plan = planning.make(
            actor=office.actor, patient=patient, instalment=Money.of(1), month_day=1, starts_on=office.today,
            why=office.canary, at=office.at,
        )  # fmt: skip
    card = _kept_card(office, sent[0].public_id)
    return {
        "receipt": receipt, "refund": refund, "statement_run": run, "patient_statement": sent[0].public_id,
        "overpayment": overpaid, "slip": slips[0], "payment_plan": plan, "card": card, "agency": agency,
        "card_payout": _payout(office), "sweep": sweep, "application": application, "card_charge": _charge(office, card, plan),
    }  # fmt: skip


def _kept_card(office: Office, statement: str) -> str:
    """A card that its holder put on file from the page of a statement."""
    registry.take_cards(TestTerminal())
    with office.scope():
        page = online.begin(
            statement=statement, amount=ZERO, keep=Consent(Reach.VISIT, Money.of(50)), back=str, at=office.at
        )
        online.press(payment=page, works=True, at=office.at)
        with reading():
            found = Card.objects.get(practice_id=office.house.id)
    registry.take_cards()
    return found.public_id


def _payout(office: Office) -> str:
    """A payout with a charge that nobody knows."""
    said = {"automatic_payout_id": "po_1", "automatic_payout_effective_at": str(office.today), "currency": "usd",
            "balance_transaction_id": "txn_1", "gross": "5.00", "fee": "0.45", "net": "4.55",
            "reporting_category": "charge", "payment_intent_id": "pi_9", "description": office.canary}  # fmt: skip
    rows = [",".join(COLUMNS), ",".join(said.get(one, "") for one in COLUMNS), ""]
    with office.scope():
        (made,) = paying_out.take(
            actor=office.actor, practice=office.house.id, name="payouts.csv", content="\n".join(rows).encode(),
            at=office.at,
        )  # fmt: skip
    return made


def _charge(office: Office, card: str, plan: str) -> str:
    """An instalment that was charged to it."""
    with office.scope(), atomic.open():
        kept = Card.objects.get(public_id=card)
        return Charge.objects.create(
            practice_id=office.house.id, patient=kept.patient, plan=Plan.objects.get(public_id=plan), card=kept,
            number=1, amount=1, charge_on=office.today, state=Charging.PAID.value, made_at=office.at,
            words=office.canary,
        ).public_id  # fmt: skip


def _overpaid(office: Office) -> str:
    house = office.house
    claim = claims.claim_at(S.ACCEPTED, office.billing, at=office.at, who=patients.person(last=office.canary.title()))
    with office.scope():
        for number in (7, 8):
            line = payer.line("99213", "140.00", paid="140.00", control=f"{claim.public_id}-01")
            one = payer.remittance(
                payer.claim(claim.public_id, line, payer_control=f"ICN{number}"), payee=house.biller,
                trace=f"{office.canary}{number}", paid_on=office.today, payer=office.billing.payer.edi_id,
            )  # fmt: skip
            receipt = receiving.receive(
                actor=office.actor, practice=house.id, name=f"{office.canary}{number}.835", at=office.at, defer=False,
                content=payer.file_of(one, number=number),
            )  # fmt: skip
            posting.post_file(actor=office.actor, practice=house.id, file=receipt.files[0].file, at=office.at)
        with reading():
            key = claim.id
        crediting.notice(actor=office.actor, practice=house.id, claims={key: claim.public_id}, at=office.at)
        with reading():
            (row,) = credits.listing(**EVERYTHING, on=office.today).rows
    return row.public_id
