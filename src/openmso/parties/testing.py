"""Builders for tests of all apps: an MSO, a whole practice, a payer; they walk the real services.

    harbor = mso(at=NOW)
    rockland = practice(code="ROCK", name="Rockland Family Practice", at=NOW)
    shield = payer(harbor, name="Atlantic Shield", at=NOW)

All names, numbers and addresses are invented; numbers only pass their check digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from openmso.kit.ids import npi_with_check
from openmso.parties import contracts
from openmso.parties.contracts import (
    NO_ADDRESS,
    Address,
    Basis,
    BillerProfile,
    EntityForm,
    Filing,
    NpiType,
    Ownership,
    PayerFacts,
    PayerKind,
    Person,
    Specialty,
    TaxStatus,
)
from openmso.parties.services import clinicians, payers, practices, providers
from openmso.parties.services import mso as mso_services
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import scope

EARLY = date(2020, 1, 1)
FAMILY_MEDICINE = "207Q00000X"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class House:
    """A practice and one of everything it needs to bill; `id` is its tenant."""

    practice: contracts.Practice
    entity: contracts.LegalEntity
    biller: contracts.BillingProvider
    site: contracts.Site
    clinician: contracts.Clinician

    @property
    def id(self) -> int:
        """The tenant."""
        return self.practice.id


def npi(number: int, *, individual: bool = True) -> str:
    """A number that passes the check digit of an NPI."""
    return npi_with_check(f"{1 if individual else 2}{number:08d}")


def ein(number: int) -> str:
    """Nine digits that can be an EIN."""
    return f"{10 + number % 80}{number:07d}"


def address(line1: str = "12 Harbor Road") -> Address:
    """A street address in Maine with a full ZIP code."""
    return Address(line1, "", "Rockland", "ME", "048412217")


def builder(at: datetime) -> Actor:
    """Who builds: the house itself."""
    return Actor.system("building a test", at=at)


def mso(*, at: datetime, code: str = "HARBOR", name: str = "Harbor Ridge MSO, LLC") -> contracts.Mso:
    """A physician-owned MSO with one legal entity."""
    made = mso_services.register(
        actor=builder(at), code=code, name=name, legal_name=name, ownership=Ownership.PHYSICIAN,
        tax_status=TaxStatus.PARTNERSHIP, state="ME", zone="America/New_York", at=at,
    )  # fmt: skip
    with scope(practices=[made.id]):
        practices.add_entity(
            actor=builder(at), practice=made.id, legal_name=name, form=EntityForm.LLC, ein=ein(next(_numbers)),
            basis=Basis.ACCRUAL, starts_on=EARLY, at=at,
        )  # fmt: skip
    return made


def practice(
    *, at: datetime, code: str = "ROCK", name: str = "Rockland Family Practice", state: str = "ME",
    zone: str = "America/New_York", specialty: Specialty = Specialty.PRIMARY_CARE, basis: Basis = Basis.CASH,
) -> House:  # fmt: skip
    """A practice with a legal entity, a billing provider, a site and a clinician; no agreement yet."""
    actor, number = builder(at), next(_numbers)
    opened = practices.open_practice(
        actor=actor, code=code, name=name, legal_name=f"{name}, PC", specialty=specialty, state=state, zone=zone,
        starts_on=EARLY, at=at,
    )  # fmt: skip
    with scope(practices=[opened.id]):
        entity = practices.add_entity(
            actor=actor, practice=opened.id, legal_name=f"{name}, PC", form=EntityForm.PC, ein=ein(number),
            basis=basis, starts_on=EARLY, at=at,
        )  # fmt: skip
        biller = providers.add_biller(
            actor=actor, practice=opened.id, entity=entity.id, npi=npi(number, individual=False),
            npi_type=NpiType.ORGANIZATION, tin=entity.ein, starts_on=EARLY, at=at,
            profile=BillerProfile(name.upper()[:60], FAMILY_MEDICINE, address(), NO_ADDRESS, "2075550100"),
        )  # fmt: skip
        site = providers.add_site(
            actor=actor, practice=opened.id, name="Main office", place_of_service="11", address=address(),
            starts_on=EARLY, at=at,
        )  # fmt: skip
        clinician = clinicians.add(
            actor=actor, practice=opened.id, person=Person("Rockland", "Mara", credential="MD"), npi=npi(number),
            taxonomy=FAMILY_MEDICINE, starts_on=EARLY, at=at,
        )  # fmt: skip
    return House(opened, entity, biller, site, clinician)


def payer(
    mso: contracts.Mso, *, at: datetime, name: str = "Atlantic Shield", edi_id: str = "60054",
    kind: PayerKind = PayerKind.COMMERCIAL, filing: Filing = Filing.COMMERCIAL, timely_filing_days: int = 180,
) -> contracts.Payer:  # fmt: skip
    """A payer of the network's register."""
    facts = PayerFacts(name, edi_id, kind, filing, timely_filing_days)
    with scope(practices=[mso.id]):
        return payers.add(actor=builder(at), mso=mso.id, payer=facts, at=at)
