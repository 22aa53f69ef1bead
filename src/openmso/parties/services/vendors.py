"""Vendors of a tenant: the only writer of that table."""

from __future__ import annotations

from datetime import datetime

from openmso.parties import contracts, rules
from openmso.parties.contracts import EDIT, Address
from openmso.parties.models.postal import columns
from openmso.parties.models.vendors import Vendor
from openmso.parties.queries import vendors as queries
from openmso.parties.services.fitness import refuse_if, refuse_when
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic


@atomic
def add(
    *, actor: Actor, practice: int, name: str, address: Address, tin: str, at: datetime, email: str = "",
    phone: str = "", related_party: str = "",
) -> contracts.Vendor:  # fmt: skip
    """Add a vendor; a related party is named as one, with the relation in words."""
    decision = actor.must(EDIT.code, practice)
    refuse_if([*rules.words(name, field="name", most=80), *rules.address(address), *rules.phone(phone)])
    refuse_if(rules.ein(tin, field="tin") if tin else [])
    there = Vendor.objects.filter(practice_id=practice, name=name.strip(), closed_on=None).exists()
    refuse_when(there, f"The vendor {name} is on file.", field="name")
    row = Vendor.objects.create(
        practice_id=practice, name=name.strip(), tin=tin or None, email=email, phone=phone,
        related_party=related_party.strip(), **columns(address),
    )  # fmt: skip
    audit.record(
        actor=actor, action="parties.vendor_added", practice=practice, subject=("parties.vendor", row.public_id), at=at,
        facts={"name": name, "related_party": related_party}, decision=decision,
    )  # fmt: skip
    return queries.vendor(row.public_id, practice=practice)
