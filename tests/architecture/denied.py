"""Denials as objects of the matrix: one with a write-off that waits for approval, one with the draft of an appeal."""

from __future__ import annotations

from typing import Any

from openmso.claims import testing as claims
from openmso.claims.states import S
from openmso.denials.queries import pages as denied
from openmso.denials.services import appealing, taking, writing_off
from openmso.patients import testing as patients
from openmso.platform.tenancy.scope import reading
from openmso.remittances import testing as payer
from openmso.remittances.services import posting as remittances
from openmso.remittances.services import receiving


def the_denied(office: Any) -> dict[str, str]:
    """A claim that its payer denied, and a write-off of it that waits for approval."""
    house, at = office.house, office.at
    sent = claims.claim_at(S.ACCEPTED, office.billing, at=at, who=patients.person(last=office.canary.title()))
    refused = payer.claim(sent.public_id, payer.line("99213", "125.00", reasons=["CO 197 125.00"]))
    one = payer.remittance(
        refused, payee=house.biller, trace=f"{office.canary}8", paid_on=office.today, payer=office.billing.payer.edi_id
    )
    with office.scope():
        receipt = receiving.receive(
            actor=office.actor, practice=house.id, name=f"{office.canary}-2.835", content=payer.file_of(one, number=2),
            at=at, defer=False,
        )  # fmt: skip
        (posted,) = remittances.post_file(
            actor=office.actor, practice=house.id, file=receipt.files[0].file, at=at
        ).remittances
        taking.take_in(actor=office.actor, practice=house.id, remittance=posted.public_id, at=at)
        with reading():
            (row,) = denied.of_claim(claim=sent.public_id, on=office.today)
        asked = writing_off.ask(actor=office.actor, denial=row.public_id, why=f"{office.canary} gave up", at=at)
        other = _appealed(office)
    return {"denial": row.public_id, "write_off": asked.public_id, "appeal": other}


def _appealed(office: Any) -> str:
    """A second denial, and the draft of an appeal of it."""
    house, at = office.house, office.at
    sent = claims.claim_at(S.ACCEPTED, office.billing, at=at, who=patients.person(last=office.canary.title()))
    refused = payer.claim(sent.public_id, payer.line("99213", "125.00", reasons=["CO 50 125.00"]))
    one = payer.remittance(
        refused, payee=house.biller, trace=f"{office.canary}9", paid_on=office.today, payer=office.billing.payer.edi_id
    )
    receipt = receiving.receive(
        actor=office.actor, practice=house.id, name=f"{office.canary}-3.835", content=payer.file_of(one, number=3),
        at=at, defer=False,
    )  # fmt: skip
    (posted,) = remittances.post_file(
        actor=office.actor, practice=house.id, file=receipt.files[0].file, at=at
    ).remittances
    taking.take_in(actor=office.actor, practice=house.id, remittance=posted.public_id, at=at)
    with reading():
        (row,) = denied.of_claim(claim=sent.public_id, on=office.today)
    appealing.keep_template(
        actor=office.actor, mso=office.mso.id, name="matrix", title="Appeal of {{ claims }}", body="Dear all", at=at,
        category="",
    )  # fmt: skip
    return appealing.draft(actor=office.actor, denials=[row.public_id], template="matrix", at=at)
