"""The payer register: the only writer of that table. It is one for the network, so its trail is the MSO's."""

from __future__ import annotations

from datetime import datetime

from openmso.kit.errors import NotFound
from openmso.parties import contracts, rules
from openmso.parties.contracts import NETWORK, PayerFacts
from openmso.parties.models.payers import Payer
from openmso.parties.models.postal import columns
from openmso.parties.queries import payers as queries
from openmso.parties.services.fitness import refuse_if, refuse_when
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic


@atomic
def add(*, actor: Actor, mso: int, payer: PayerFacts, at: datetime) -> contracts.Payer:
    """Add a payer to the register of the network; `mso` is the tenant whose people keep it."""
    decision = actor.must(NETWORK.code, mso)
    refuse_if(rules.payer(payer))
    there = Payer.objects.filter(edi_id=payer.edi_id, closed_on=None).exists()
    refuse_when(there, f"A payer with the EDI id {payer.edi_id} is on file.", field="edi_id")
    row = Payer.objects.create(**_columns(payer))
    audit.record(
        actor=actor, action="parties.payer_added", practice=mso, subject=("parties.payer", row.public_id), at=at,
        facts={"name": payer.name, "edi_id": payer.edi_id}, decision=decision,
    )  # fmt: skip
    return queries.payer(row.pk)


@atomic
def change(*, actor: Actor, mso: int, public_id: str, payer: PayerFacts, at: datetime) -> contracts.Payer:
    """Correct what is recorded about a payer."""
    decision = actor.must(NETWORK.code, mso)
    refuse_if(rules.payer(payer))
    row = Payer.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such payer.", field="payer")
    there = Payer.objects.filter(edi_id=payer.edi_id, closed_on=None).exclude(pk=row.pk).exists()
    refuse_when(there, f"Another payer has the EDI id {payer.edi_id}.", field="edi_id")
    for column, value in _columns(payer).items():
        setattr(row, column, value)
    row.save()
    audit.record(
        actor=actor, action="parties.payer_changed", practice=mso, subject=("parties.payer", public_id), at=at,
        facts={"name": payer.name, "timely_filing_days": payer.timely_filing_days}, decision=decision,
    )  # fmt: skip
    return queries.payer(row.pk)


def _columns(payer: PayerFacts) -> dict[str, str | int]:
    return {
        "name": payer.name.strip(), "edi_id": payer.edi_id.strip(), "kind": payer.kind.value,
        "filing": payer.filing.value, "timely_filing_days": payer.timely_filing_days,
        "corrected_days": payer.corrected_days, "appeal_days": payer.appeal_days, "phone": payer.phone,
        **columns(payer.address, "claim_"),
    }  # fmt: skip
