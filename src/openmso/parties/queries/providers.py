"""Questions about billing providers, sites and clinicians."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db.models import F, QuerySet

from openmso.kit.errors import NotFound
from openmso.kit.periods import DayRange
from openmso.parties import contracts, rules
from openmso.parties.contracts import NO_ADDRESS, Address, NpiType
from openmso.parties.models.clinicians import Clinician, ClinicianTime
from openmso.parties.models.providers import BillingProfile, BillingProvider, Site, SiteProfile
from openmso.parties.queries.practices import holding

T = TypeVar("T")


def billers(*practices: int, on: date) -> list[contracts.BillingProvider]:
    """The billing providers of a practice, or of several, as of a day, open ones first."""
    return _billers(BillingProvider.objects.filter(practice_id__in=practices), on)


def biller(biller: int, *, on: date) -> contracts.BillingProvider:
    """A billing provider in scope by its key; raises `NotFound`."""
    return _only(_billers(BillingProvider.objects.filter(pk=biller), on), "billing provider", "biller")


def billers_then(wanted: Collection[tuple[int, date]]) -> dict[tuple[int, date], contracts.BillingProvider]:
    """Billing providers in scope by key, each as of a day of its own; two questions for any number of them."""
    found = _profiled(BillingProvider.objects.filter(pk__in={key for key, _ in wanted}))
    rows = {row.pk: (row, profiles) for row, profiles in found}
    return {(key, on): _biller(rows[key][0], holding(rows[key][1], on)) for key, on in wanted}


def biller_by_public_id(public_id: str, *, on: date) -> contracts.BillingProvider:
    """A billing provider in scope by its public id; raises `NotFound`."""
    return _only(_billers(BillingProvider.objects.filter(public_id=public_id), on), "billing provider", "biller")


def sites(practice: int, *, on: date) -> list[contracts.Site]:
    """The sites of a practice as of a day, open ones first."""
    return _sites(Site.objects.filter(practice_id=practice), on)


def site(site: int, *, on: date) -> contracts.Site:
    """A site in scope by its key; raises `NotFound`."""
    return _only(_sites(Site.objects.filter(pk=site), on), "site", "site")


def site_by_public_id(public_id: str, *, on: date) -> contracts.Site:
    """A site in scope by its public id; raises `NotFound`."""
    return _only(_sites(Site.objects.filter(public_id=public_id), on), "site", "site")


def clinicians(practice: int, *, on: date | None = None) -> list[contracts.Clinician]:
    """The clinicians of a practice, or those who are there on a day."""
    rows = Clinician.objects.filter(practice_id=practice).order_by("last_name", "first_name", "pk")
    if on is not None:
        rows = rows.filter(starts_on__lte=on).exclude(ends_on__lte=on)
    return [_clinician(row) for row in rows]


def working_days(practices: Collection[int]) -> dict[int, list[DayRange]]:
    """The days on which each clinician of some practices is there, by practice."""
    rows = Clinician.objects.filter(practice_id__in=list(practices)).values_list("practice_id", "starts_on", "ends_on")
    found: dict[int, list[DayRange]] = {}
    for practice, starts_on, ends_on in rows:
        found.setdefault(practice, []).append(DayRange(starts_on, ends_on))
    return found


def held_within(practices: Collection[int], days: DayRange) -> Iterator[tuple[int, str, DayRange]]:
    """Practice, public id and days of the clinicians of some practices who are there on any of some days."""
    rows = Clinician.objects.filter(practice_id__in=list(practices)).order_by("practice_id", "pk")
    for practice, name, starts_on, ends_on in rows.values_list("practice_id", "public_id", "starts_on", "ends_on"):
        if (within := DayRange(starts_on, ends_on).meets(days)) is not None:
            yield practice, name, within


def worked_within(practices: Collection[int], days: DayRange) -> Iterator[tuple[int, str, date, Decimal]]:
    """Practice, public id, first day and days of full time of the same: their days by the shares stated for them."""
    stated: dict[str, list[tuple[date, Decimal]]] = {}
    rows = ClinicianTime.objects.filter(practice_id__in=list(practices)).order_by("recorded_at", "pk")
    for name, starts_on, share in rows.values_list("clinician__public_id", "starts_on", "share"):
        stated.setdefault(name, []).append((starts_on, share))
    for practice, name, held in held_within(practices, days):
        yield practice, name, held.starts_on, rules.full_days(held, stated.get(name, ()))


def time_of(clinician: int) -> list[contracts.ClinicianTime]:
    """What was stated of a clinician's time, the latest day first; of one day the one recorded last holds."""
    rows = ClinicianTime.objects.filter(clinician_id=clinician).order_by("-starts_on", "-recorded_at")
    return [
        contracts.ClinicianTime(row.starts_on, row.share, row.shows, row.recorded_at, row.recorded_by) for row in rows
    ]


def names_of(clinicians: Collection[int]) -> dict[int, str]:
    """What some clinicians are called; one question for any number of them."""
    return {row.pk: _clinician(row).name for row in Clinician.objects.filter(pk__in=list(clinicians))}


def every_name() -> dict[int, str]:
    """What the clinicians of the practices in scope are called."""
    return {row.pk: _clinician(row).name for row in Clinician.objects.all()}


def clinician(clinician: int) -> contracts.Clinician:
    """A clinician in scope by their key; raises `NotFound`."""
    return _only([_clinician(row) for row in Clinician.objects.filter(pk=clinician)], "clinician", "clinician")


def clinician_by_public_id(public_id: str) -> contracts.Clinician:
    """A clinician in scope by their public id; raises `NotFound`."""
    found = [_clinician(row) for row in Clinician.objects.filter(public_id=public_id)]
    return _only(found, "clinician", "clinician")


def clinician_names(clinicians: Collection[int]) -> dict[int, tuple[str, str]]:
    """Public id and name of some clinicians, by their keys."""
    rows = Clinician.objects.filter(pk__in=clinicians).defer("ssn")
    return {row.pk: (row.public_id, contracts.called(row.first_name, row.middle_name, row.last_name, row.suffix,
                                                     row.credential)) for row in rows}  # fmt: skip


def clinician_choices() -> list[tuple[str, str]]:
    """The clinicians of the practices in scope as (public id, name), for filters."""
    keys = list(Clinician.objects.order_by("last_name", "first_name", "pk").values_list("pk", flat=True))
    named = clinician_names(keys)
    return [named[key] for key in keys]


def clinician_by_npi(practice: int, npi: str) -> contracts.Clinician | None:
    """The clinician of a practice with an NPI, if there is one."""
    row = Clinician.objects.filter(practice_id=practice, npi=npi).first()
    return _clinician(row) if row else None


def _billers(found: QuerySet[BillingProvider], on: date) -> list[contracts.BillingProvider]:
    return [_biller(row, holding(profiles, on)) for row, profiles in _profiled(found)]


def _profiled(found: QuerySet[BillingProvider]) -> list[tuple[BillingProvider, list[BillingProfile]]]:
    rows = list(found.order_by(F("closed_on").desc(nulls_first=True), "pk"))
    profiles: dict[int, list[BillingProfile]] = {row.pk: [] for row in rows}
    for profile in BillingProfile.objects.filter(provider__in=rows):
        profiles[profile.provider_id].append(profile)
    return [(row, profiles[row.pk]) for row in rows]


def _biller(row: BillingProvider, profile: BillingProfile) -> contracts.BillingProvider:
    pay_to = Address(
        profile.pay_to_line1, profile.pay_to_line2, profile.pay_to_city, profile.pay_to_state, profile.pay_to_zip
    )
    return contracts.BillingProvider(
        row.pk, row.public_id, row.practice_id, row.legal_entity_id, row.npi, NpiType(row.npi_type), row.tin,
        profile.name, profile.first_name, profile.middle_name, profile.suffix, profile.taxonomy, profile.address,
        pay_to if pay_to else NO_ADDRESS, profile.phone, row.closed_on,
    )  # fmt: skip


def _sites(found: QuerySet[Site], on: date) -> list[contracts.Site]:
    rows = list(found.order_by(F("closed_on").desc(nulls_first=True), "pk"))
    profiles: dict[int, list[SiteProfile]] = {}
    for profile in SiteProfile.objects.filter(site__in=rows):
        profiles.setdefault(profile.site_id, []).append(profile)
    return [_site(row, holding(profiles[row.pk], on)) for row in rows]


def _site(row: Site, profile: SiteProfile) -> contracts.Site:
    return contracts.Site(
        row.pk, row.public_id, row.practice_id, profile.name, row.npi, row.place_of_service, row.clia,
        profile.address, row.closed_on,
    )  # fmt: skip


def _clinician(row: Clinician) -> contracts.Clinician:
    return contracts.Clinician(
        row.pk, row.public_id, row.practice_id, row.npi, row.taxonomy, row.last_name, row.first_name, row.middle_name,
        row.suffix, row.credential, row.licence_number, row.licence_state, row.starts_on, row.ends_on,
        str(row.ssn) if row.ssn is not None else "",
    )  # fmt: skip


def _only(found: list[T], noun: str, field: str) -> T:
    if not found:
        raise NotFound(f"There is no such {noun}.", field=field)
    return found[0]
