"""Billing providers and sites: the only writers of those tables."""

from __future__ import annotations

from datetime import date, datetime

from openmso.kit.errors import NotFound
from openmso.parties import contracts, rules
from openmso.parties.contracts import EDIT, Address, BillerProfile, NpiType
from openmso.parties.models.postal import columns
from openmso.parties.models.practices import LegalEntity
from openmso.parties.models.providers import BillingProfile, BillingProvider, Site, SiteProfile
from openmso.parties.queries import providers as queries
from openmso.parties.services.fitness import NotFit, refuse_if, refuse_when
from openmso.platform.access import reserved
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic


@atomic
def add_biller(
    *, actor: Actor, practice: int, entity: int, npi: str, npi_type: NpiType, tin: str, profile: BillerProfile,
    starts_on: date, at: datetime,
) -> contracts.BillingProvider:  # fmt: skip
    """Add a billing provider that bills for a legal entity of the practice.

    Refused for numbers and addresses that an 837 could not carry, and for an NPI and TIN that are on file.
    """
    decision = actor.must(EDIT.code, practice)
    refuse_if([*rules.npi(npi), *rules.ein(tin, field="tin"), *rules.biller(profile, kind=npi_type)])
    there = BillingProvider.objects.filter(practice_id=practice, npi=npi, tin=tin, closed_on=None).exists()
    refuse_when(there, f"A biller with NPI {npi} and TIN {tin} is on file.", field="npi")
    legal_entity = LegalEntity.objects.filter(practice_id=practice, pk=entity).first()
    if legal_entity is None:
        raise NotFound("There is no such legal entity.", field="entity")
    row = BillingProvider.objects.create(
        practice_id=practice, legal_entity=legal_entity, npi=npi, npi_type=npi_type.value, tin=tin
    )
    _profile(row, profile, starts_on, at)
    audit.record(
        actor=actor, action="parties.biller_added", practice=practice, subject=("parties.biller", row.public_id), at=at,
        facts={"name": profile.name, "npi": npi}, decision=decision,
    )  # fmt: skip
    return queries.biller(row.pk, on=starts_on)


@atomic
def change_biller(
    *, actor: Actor, practice: int, biller: str, profile: BillerProfile, starts_on: date, at: datetime
) -> contracts.BillingProvider:
    """Record a billing provider's new name, taxonomy or addresses from a day on; what was before stays on file."""
    decision = actor.must(EDIT.code, practice)
    row = BillingProvider.objects.filter(practice_id=practice, public_id=biller).first()
    if row is None:
        raise NotFound("There is no such billing provider.", field="biller")
    refuse_if(rules.biller(profile, kind=NpiType(row.npi_type)))
    _profile(row, profile, starts_on, at)
    audit.record(
        actor=actor, action="parties.biller_changed", practice=practice, subject=("parties.biller", biller), at=at,
        facts={"starts_on": str(starts_on)}, decision=decision,
    )  # fmt: skip
    return queries.biller(row.pk, on=starts_on)


@atomic
def add_site(
    *, actor: Actor, practice: int, name: str, place_of_service: str, address: Address, starts_on: date, at: datetime,
    npi: str = "", clia: str = "",
) -> contracts.Site:  # fmt: skip
    """Add a place where patients are seen."""
    decision = actor.must(EDIT.code, practice)
    refuse_if([*rules.words(name, field="name", most=60), *rules.address(address), *rules.clia(clia)])
    refuse_if(rules.npi(npi) if npi else [])
    if len(place_of_service) != 2 or not place_of_service.isdigit():
        raise NotFit("A place of service has two digits.", field="place_of_service", fix="An office is 11.")
    row = Site.objects.create(practice_id=practice, npi=npi, place_of_service=place_of_service, clia=clia)
    SiteProfile.objects.create(
        practice_id=practice, site=row, name=name.strip(), starts_on=starts_on, recorded_at=at, **columns(address)
    )
    reserved.permit(
        actor=actor, practice=practice, act=contracts.OPENS_SITE, subject=("parties.site", row.public_id), at=at,
        words=f"Opened {name.strip()} from {starts_on:%-d %B %Y}", under=decision,
    )  # fmt: skip
    audit.record(
        actor=actor, action="parties.site_added", practice=practice, subject=("parties.site", row.public_id), at=at,
        facts={"name": name}, decision=decision,
    )  # fmt: skip
    return queries.site(row.pk, on=starts_on)


@atomic
def change_site(
    *, actor: Actor, practice: int, site: str, name: str, address: Address, starts_on: date, at: datetime,
    clia: str | None = None,
) -> contracts.Site:  # fmt: skip
    """Record a site's new name or address from a day on; a CLIA number, where given, holds at once."""
    decision = actor.must(EDIT.code, practice)
    refuse_if([*rules.words(name, field="name", most=60), *rules.address(address), *rules.clia(clia or "")])
    row = Site.objects.select_for_update().filter(practice_id=practice, public_id=site).first()
    if row is None:
        raise NotFound("There is no such site.", field="site")
    if clia is not None and clia != row.clia:
        row.clia = clia
        row.save(update_fields=["clia"])
    SiteProfile.objects.create(
        practice_id=practice, site=row, name=name.strip(), starts_on=starts_on, recorded_at=at, **columns(address)
    )
    audit.record(
        actor=actor, action="parties.site_changed", practice=practice, subject=("parties.site", site), at=at,
        facts={"starts_on": str(starts_on)}, decision=decision,
    )  # fmt: skip
    return queries.site(row.pk, on=starts_on)


def _profile(row: BillingProvider, profile: BillerProfile, starts_on: date, at: datetime) -> None:
    BillingProfile.objects.create(
        practice_id=row.practice_id, provider=row, name=profile.name.strip(), first_name=profile.first_name,
        middle_name=profile.middle_name, suffix=profile.suffix, taxonomy=profile.taxonomy, phone=profile.phone,
        starts_on=starts_on, recorded_at=at, **columns(profile.address), **columns(profile.pay_to, "pay_to_"),
    )  # fmt: skip
