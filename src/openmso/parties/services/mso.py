"""Registering the management services organization."""

from __future__ import annotations

from datetime import datetime

from openmso.parties import contracts, rules
from openmso.parties.contracts import NETWORK, Ownership, TaxStatus
from openmso.parties.models.practices import Mso
from openmso.parties.queries import practices as queries
from openmso.parties.services.fitness import refuse_if
from openmso.parties.services.opening import new_tenant
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.models import Tenant


def register(
    *, actor: Actor, code: str, name: str, legal_name: str, ownership: Ownership, tax_status: TaxStatus, state: str,
    zone: str, at: datetime,
) -> contracts.Mso:  # fmt: skip
    """Register an MSO; called outside a transaction, because it makes a tenant."""
    decision = actor.must(NETWORK.code)
    refuse_if(rules.words(legal_name, field="legal_name", most=120))
    refuse_if(rules.state(state))
    with new_tenant(actor=actor, code=code, name=name, kind=Tenant.Kind.MSO, zone=zone) as tenant:
        Mso.objects.create(
            tenant=tenant, legal_name=legal_name, ownership=ownership.value, tax_status=tax_status.value, state=state
        )
        audit.record(
            actor=actor, action="parties.mso_registered", practice=tenant.pk, subject=("parties.mso", tenant.public_id),
            at=at, facts={"name": name, "ownership": ownership.value}, decision=decision,
        )  # fmt: skip
        return queries.mso(tenant.pk)
