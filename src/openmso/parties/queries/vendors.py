"""Questions about vendors."""

from __future__ import annotations

from openmso.kit.errors import NotFound
from openmso.parties import contracts
from openmso.parties.models.vendors import Vendor


def vendors(practice: int) -> list[contracts.Vendor]:
    """The open vendors of a tenant, by name."""
    rows = Vendor.objects.filter(practice_id=practice, closed_on=None).order_by("name")
    return [_vendor(row) for row in rows]


def vendor(public_id: str, *, practice: int) -> contracts.Vendor:
    """A vendor of a tenant; raises `NotFound`."""
    row = Vendor.objects.filter(practice_id=practice, public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such vendor.", field="vendor")
    return _vendor(row)


def _vendor(row: Vendor) -> contracts.Vendor:
    return contracts.Vendor(
        row.pk, row.public_id, row.practice_id, row.name, row.address, row.email, row.phone, str(row.tin or ""),
        row.related_party,
    )  # fmt: skip
