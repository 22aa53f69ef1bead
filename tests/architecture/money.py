"""What patients paid and are asked for, and what goes back, as objects of the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openmso.billing import registry
from openmso.billing import testing as billing
from openmso.billing.models import Card
from openmso.billing.providers.terminal import TestTerminal
from openmso.billing.queries import credits, statements
from openmso.billing.services import crediting, depositing, online, planning, refunding, stating
from openmso.billing.services.online import Consent
from openmso.billing.states import Reach
from openmso.claims import testing as claims
from openmso.claims.states import S
from openmso.kit.money import ZERO, Money
from openmso.patients import testing as patients
from openmso.platform.tenancy.scope import reading
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
        run = stating.run(actor=office.actor, practice=office.house.id, at=office.at)
        with reading():
            sent = [row for row in statements.of_run(run, **EVERYTHING).rows if row.is_sent]
        plan = planning.make(
            actor=office.actor, patient=patient, instalment=Money.of(1), month_day=1, starts_on=office.today,
            why=office.canary, at=office.at,
        )  # fmt: skip
    card = _kept_card(office, sent[0].public_id)
    return {
        "receipt": receipt, "refund": refund, "statement_run": run, "patient_statement": sent[0].public_id,
        "overpayment": overpaid, "slip": slips[0], "payment_plan": plan, "card": card,
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
