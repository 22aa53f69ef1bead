"""Who is on claims besides their patients: payers, billers, sites and clinicians, as claims say them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from openmso.claims.models.claims import Claim
from openmso.claims.rules.sheet import Biller, Facility, Insurer, Place, Renderer, Whose
from openmso.parties import contracts as parties
from openmso.parties.queries import enrolments, providers
from openmso.parties.queries import payers as payer_queries
from openmso.parties.queries import practices as practice_queries
from openmso.platform.tenancy import queries as tenancy


class Register:
    """Payers, and the billers, sites and clinicians of the practices at hand, as of a day."""

    def __init__(self, practices: Collection[int], on: date) -> None:
        self.payers = {payer.id: payer for payer in payer_queries.every()}
        self.billers: dict[int, parties.BillingProvider] = {}
        self.sites: dict[int, parties.Site] = {}
        self.clinicians: dict[int, parties.Clinician] = {}
        self.codes = {tenant.pk: tenant.code for tenant in tenancy.tenants()}
        self.specialties = practice_queries.specialties()
        for practice in practices:
            self.billers |= {biller.id: biller for biller in providers.billers(practice, on=on)}
            self.sites |= {site.id: site for site in providers.sites(practice, on=on)}
            self.clinicians |= {clinician.id: clinician for clinician in providers.clinicians(practice)}
        self._enrolled = enrolments.days(practices)
        self._insurers: dict[int | None, Insurer | None] = {}
        self._referrers: dict[tuple[str, ...], Renderer] = {}
        self._whose: dict[tuple[int, str, int | None], Whose] = {}
        self.as_biller = {key: _biller(one) for key, one in self.billers.items()}
        self.as_renderer = {key: _renderer(one) for key, one in self.clinicians.items()}
        self.as_facility = {key: _facility(one) for key, one in self.sites.items()}

    def payer(self, payer_id: int | None) -> parties.Payer | None:
        """A payer by its key, closed ones too."""
        if payer_id is None:
            return None
        if payer_id not in self.payers:
            self.payers[payer_id] = payer_queries.payer(payer_id)
        return self.payers[payer_id]

    def insurer(self, payer_id: int | None) -> Insurer | None:
        """A payer as a claim says it, the same object for all its claims."""
        if payer_id not in self._insurers:
            self._insurers[payer_id] = insurer(self.payer(payer_id))
        return self._insurers[payer_id]

    def referrer(self, *named: str) -> Renderer | None:
        """Who referred, by last name, first name and NPI: the same object for all their claims."""
        return self._referrers.setdefault(named, Renderer(*named)) if named[0] else None

    def whose(self, row: Claim) -> Whose:
        """Where a claim stands, as the scopes of rules name it; the same object for all that stand there."""
        practice, payer_id = row.practice_id, row.payer_id
        where = self.as_facility.get(row.site_id or 0) or self.as_biller.get(row.billing_provider_id or 0)
        state = where.address.state if where else ""
        if (known := self._whose.get((practice, state, payer_id))) is None:
            specialty, payer = self.specialties.get(practice), self.payer(payer_id)
            known = self._whose[practice, state, payer_id] = Whose(
                self.codes.get(practice, ""), specialty.value if specialty else "", state,
                payer.public_id if payer else "", payer.kind.value if payer else "",
            )  # fmt: skip
        return known

    def part_b(self) -> frozenset[int]:
        """The keys of payers that are Medicare Part B."""
        return frozenset(key for key, payer in self.payers.items() if payer.filing is parties.Filing.MEDICARE_B)

    def enrols(self, row: Claim) -> bool:
        """Whether anything is recorded of a claim's payer and whom of the practice it has enrolled."""
        return (row.practice_id, row.payer_id or 0) in self._enrolled

    def enrolled(self, row: Claim) -> enrolments.Days | None:
        """On which days a claim's payer has enrolled who rendered; None where nobody is recorded of the payer."""
        people = self._enrolled.get((row.practice_id, row.payer_id or 0), {})
        return people.get(row.rendering_id or 0, ()) if people.keys() - {None} else None

    def practice_enrolled(self, row: Claim) -> enrolments.Days | None:
        """On which days a claim's payer has enrolled the practice itself; None where nothing says that it does."""
        return self._enrolled.get((row.practice_id, row.payer_id or 0), {}).get(None)

    def open_biller(self, practice: int, on: date) -> parties.BillingProvider | None:
        """The billing provider new claims of a practice go out under."""
        mine = (b for b in self.billers.values() if b.practice == practice)
        return next((b for b in mine if b.closed_on is None or on < b.closed_on), None)


def insurer(payer: parties.Payer | None) -> Insurer | None:
    """A payer as a claim says it."""
    if payer is None:
        return None
    return Insurer(
        payer.name, payer.edi_id, payer.kind.value, payer.filing.value, payer.timely_filing_days, payer.corrected_days,
        _place(payer.address),
    )  # fmt: skip


def _biller(biller: parties.BillingProvider) -> Biller:
    return Biller(
        biller.name, biller.npi, biller.tin, biller.taxonomy, _place(biller.address), biller.first_name,
        biller.middle_name, biller.suffix, biller.npi_type is parties.NpiType.INDIVIDUAL, _place(biller.pay_to),
        biller.phone,
    )  # fmt: skip


def _renderer(who: parties.Clinician) -> Renderer:
    return Renderer(who.last_name, who.first_name, who.npi, who.taxonomy, who.middle_name, who.suffix)


def _facility(site: parties.Site) -> Facility:
    return Facility(site.name, site.npi, _place(site.address), site.clia)


def _place(address: parties.Address) -> Place:
    return Place(address.line1, address.line2, address.city, address.state, address.zip)
