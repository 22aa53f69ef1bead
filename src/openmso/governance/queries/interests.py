"""Questions about interests: the disclosures, one with its story, what somebody disclosed, related parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from openmso.governance import models
from openmso.governance.contracts.interests import Band, Interest, Nature, Related, Told
from openmso.governance.models.interests import ENDED
from openmso.governance.rules import interests as rules
from openmso.governance.states import Held
from openmso.kit.clock import day_in
from openmso.kit.errors import NotFound
from openmso.parties.contracts import Vendor
from openmso.parties.queries import vendors
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk


def listing(*, filters: Filters, page: PageAsk, at: datetime) -> Page[Interest]:
    """The disclosures in scope, the latest first."""
    rows = models.Disclosure.objects.all()
    if codes := filters.many("practice"):
        rows = rows.filter(practice_id__in=tenancy.keys_of(codes))
    word = filters.text.casefold()
    found = [
        one for one in _told(rows, at) if word in f"{one.person} {one.party} {one.public_id} {one.words}".casefold()
    ]
    if states := filters.many("is"):
        found = [one for one in found if one.state.value in states]
    if natures := filters.many("nature"):
        found = [one for one in found if one.nature.value in natures]
    by = page.sort if page.sort in {"person", "party", "renew_on", "practice_name"} else "latest_at"
    found.sort(key=lambda one: (getattr(one, by), one.public_id), reverse=page.desc)
    return Page(found[page.offset : page.offset + page.size], len(found), page)


def interest(public_id: str, *, at: datetime) -> Interest:
    """One disclosure with all its entries; raises `NotFound`."""
    found = _told(models.Disclosure.objects.filter(interest=public_id), at)
    if not found:
        raise NotFound(f"There is no disclosure {public_id}.", field="interest")
    return found[0]


def of_account(practice: int, account: str, *, at: datetime) -> list[Interest]:
    """What somebody disclosed that touches a practice."""
    if not account:
        return []
    return _told(models.Disclosure.objects.filter(practice_id=practice, account=account), at)


def to_renew(*, at: datetime) -> list[Interest]:
    """The disclosures in scope that are to be renewed soon, or should have been."""
    soon = at + timedelta(days=rules.TOLD_BEFORE)
    found = _told(models.Disclosure.objects.all(), at)
    return [one for one in found if one.state is not Held.ENDED and one.renew_on <= soon.date()]


def related_page(*, filters: Filters, page: PageAsk, at: datetime) -> Page[Related]:
    """The related parties of the practices in scope, a page of them."""
    codes, word = filters.many("practice"), filters.text.casefold()
    here = [one.pk for one in tenancy.tenants_in_scope() if not one.is_mso and (not codes or one.code.lower() in codes)]
    found = [
        one for one in related(here, at=at) if word in f"{one.party} {one.practice_name} {one.relation}".casefold()
    ]
    found.sort(key=lambda one: one.party if page.sort == "party" else one.practice_name, reverse=page.desc)
    return Page(found[page.offset : page.offset + page.size], len(found), page)


def related(practices: Iterable[int], *, at: datetime) -> list[Related]:
    """The related parties of some practices: vendors that are flagged as such, and whom disclosures name."""
    names = {one.pk: one.name for one in tenancy.tenants()}
    found: list[Related] = []
    for practice in sorted(set(practices), key=lambda one: names[one]):
        held = _told(models.Disclosure.objects.filter(practice_id=practice), at)
        by_party: defaultdict[str, list[Interest]] = defaultdict(list)
        for one in held:
            if one.state is not Held.ENDED and one.nature is not Nature.NONE:
                by_party[rules.key_of(one.party)].append(one)
        sellers = {rules.key_of(one.name): one for one in vendors.vendors(practice)}
        flagged = {key for key, one in sellers.items() if one.related_party}
        found += [
            _related(practice, names[practice], key, by_party[key], sellers.get(key))
            for key in sorted(by_party.keys() | flagged)
        ]
    return found


def _related(practice: int, name: str, key: str, mine: list[Interest], seller: Vendor | None) -> Related:
    flagged = [f"on file as related: {seller.related_party}"] if seller and seller.related_party else []
    return Related(
        f"{practice}:{key}", practice, name, mine[0].party if mine else seller.name if seller else key,
        seller.public_id if seller else next((one.vendor for one in mine if one.vendor), ""),
        (*(f"{one.nature_words} of {one.person}, {one.band_words.lower()}" for one in mine), *flagged),
        tuple(dict.fromkeys(one.person for one in mine)), tuple(one.public_id for one in mine),
    )  # fmt: skip


def _told(rows: QuerySet[models.Disclosure], at: datetime) -> list[Interest]:
    """The disclosures that some entries make, the latest first."""
    entries: defaultdict[str, list[models.Disclosure]] = defaultdict(list)
    for row in rows.select_related("practice").order_by("interest", "number"):
        entries[row.interest].append(row)
    return sorted((_interest(each, at) for each in entries.values()), key=lambda one: one.latest_at, reverse=True)


def _interest(entries: list[models.Disclosure], at: datetime) -> Interest:
    first, latest = entries[0], entries[-1]
    on, zone = day_in(first.practice.zone, latest.at), first.practice.zone
    state = rules.standing(on, ended=latest.what == ENDED, on=day_in(zone, at))
    return Interest(
        latest.interest, first.practice_id, first.practice.public_id, first.practice.name, latest.account,
        latest.person, Nature(latest.nature), latest.party, latest.vendor, Band(latest.band), latest.words, state,
        first.at, latest.at, rules.renew_on(on), tuple(_entry(one) for one in entries),
    )  # fmt: skip


def _entry(row: models.Disclosure) -> Told:
    return Told(row.what, Nature(row.nature), row.party, Band(row.band), row.words, row.at, row.by)
