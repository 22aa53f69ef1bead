"""What the parties are, as the shapes that callers are answered with."""

from __future__ import annotations

from typing import Any

from openmso.parties import contracts
from openmso.parties.queries import practices
from openmso.platform.tenancy.scope import reading


def found(request: Any, public_id: str) -> contracts.Practice:
    """A practice in scope, as of its own day; raises `NotFound`."""
    return practices.by_public_id(public_id, at=request.actor.at)


def key(request: Any, public_id: str) -> int:
    """The key of a practice in scope; raises `NotFound`."""
    with reading():
        return found(request, public_id).id


def practice(one: contracts.Practice) -> dict[str, Any]:
    """A practice."""
    return {
        "id": one.public_id, "code": one.code, "name": one.name, "legal_name": one.legal_name,
        "specialty": one.specialty.value, "state": one.state, "zone": one.zone,
    }  # fmt: skip


def entity(one: contracts.LegalEntity) -> dict[str, Any]:
    """A legal entity."""
    return {
        "id": one.public_id, "legal_name": one.legal_name, "form": one.form.value, "ein": one.ein,
        "basis": one.basis.value, "fiscal_year_starts": one.fiscal_year_starts,
    }  # fmt: skip


def biller(one: contracts.BillingProvider) -> dict[str, Any]:
    """A billing provider."""
    return {
        "id": one.public_id, "npi": one.npi, "npi_type": one.npi_type.value, "tin": one.tin, "name": one.name,
        "taxonomy": one.taxonomy, "address": one.address.one_line, "pay_to": one.pay_to.one_line,
    }  # fmt: skip


def site(one: contracts.Site) -> dict[str, Any]:
    """A site."""
    return {
        "id": one.public_id, "name": one.name, "place_of_service": one.place_of_service, "clia": one.clia,
        "address": one.address.one_line,
    }  # fmt: skip


def clinician(one: contracts.Clinician) -> dict[str, Any]:
    """A clinician."""
    return {
        "id": one.public_id, "npi": one.npi, "taxonomy": one.taxonomy, "name": one.name, "starts_on": one.starts_on,
        "ends_on": one.ends_on,
    }  # fmt: skip


def payer(one: contracts.Payer) -> dict[str, Any]:
    """A payer."""
    return {
        "id": one.public_id, "name": one.name, "edi_id": one.edi_id, "kind": one.kind.value, "filing": one.filing.value,
        "timely_filing_days": one.timely_filing_days, "corrected_days": one.corrected_days,
        "appeal_days": one.appeal_days,
    }  # fmt: skip


def note(one: contracts.Note) -> dict[str, Any]:
    """A note."""
    return {
        "id": one.public_id, "words": one.words, "where": one.where, "payer": one.payer_id, "until": one.until,
        "written_at": one.written_at, "written_by": one.written_by,
    }  # fmt: skip
