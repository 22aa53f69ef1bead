"""Questions about interests: the disclosures, one with its story, what somebody disclosed, related parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from django.db.models import QuerySet

from openmso.agreements.queries import agreements
from openmso.governance import models, registry
from openmso.governance.contracts.interests import Band, Interest, Nature, PaidTo, Related, Told
from openmso.governance.models.interests import ENDED
from openmso.governance.rules import interests as rules
from openmso.governance.states import Held
from openmso.kit.clock import day_in
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.parties.contracts import Mso, Vendor
from openmso.parties.queries import practices, vendors
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk


class OfPractice(Protocol):
    """A row that is of a practice, and can say what makes its party related."""

    @property
    def practice(self) -> int:
        """The practice."""

    @property
    def related(self) -> str:
        """What makes its party related."""


Flagged = TypeVar("Flagged", bound=OfPractice)


def mso_of(practice: int, *, on: date) -> Mso:
    """The MSO that a practice deals with: of the agreement in force, else the only one. Raises `NotFound`."""
    held = agreements.in_force(practice, on)
    return practices.mso(held.terms.mso.tenant if held else None)


def aliases() -> dict[str, str]:
    """The names of each MSO as names of one party: it goes by its name and by its legal name."""
    return {
        rules.key_of(name): rules.key_of(one.legal_name)
        for one in practices.msos() for name in (one.name, one.legal_name)
    }  # fmt: skip


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


def named(practice: int, words: str, *, at: datetime) -> str:
    """The party that some words name and in whom somebody disclosed an interest; empty where they name none."""
    found = _told(models.Disclosure.objects.filter(practice_id=practice), at)
    return rules.named(words, found, aliases()) if found else ""


def conflicts(practice: int, party: str, *, at: datetime) -> dict[str, Interest]:
    """Who disclosed an interest that holds in a party, by account: they are to be recused."""
    if not party.strip():
        return {}
    by_account: defaultdict[str, list[Interest]] = defaultdict(list)
    for one in _told(models.Disclosure.objects.filter(practice_id=practice), at):
        by_account[one.account].append(one)
    names = aliases() if by_account else rules.NO_ALIASES
    touched = {account: rules.touched(party, mine, names) for account, mine in by_account.items()}
    return {account: one for account, one in touched.items() if one is not None}


def to_renew(*, at: datetime) -> list[Interest]:
    """The disclosures in scope that are to be renewed soon, or should have been."""
    soon = at + timedelta(days=rules.TOLD_BEFORE)
    found = _told(models.Disclosure.objects.all(), at)
    return [one for one in found if one.state is not Held.ENDED and one.renew_on <= soon.date()]


def related_page(*, actor: Actor, filters: Filters, page: PageAsk, at: datetime) -> Page[Related]:
    """The related parties of the practices in scope, a page of them, with what they were paid.

    Beside them those of the MSO, where it is in scope: whoever was disclosed, by whom and for which practice ever, and
    sells to the MSO or was paid out of its books.
    """
    codes, word = filters.many("practice"), filters.text.casefold()
    here = [one.pk for one in tenancy.tenants_in_scope() if not codes or one.code.lower() in codes]
    found = [
        one for one in related(here, at=at) if word in f"{one.party} {one.practice_name} {one.relation}".casefold()
    ]
    houses = {one.pk for one in tenancy.tenants() if one.is_mso}
    found = [one for one in _with_payments(found, actor) if one.practice not in houses or one.is_vendor or one.payments]
    order: dict[str, Callable[[Related], Any]] = {"party": lambda one: one.party, "paid": lambda one: one.paid.amount}
    found.sort(key=order.get(page.sort, lambda one: one.practice_name), reverse=page.desc)
    shown = found[page.offset : page.offset + page.size]
    return Page(shown, len(found), page, {"paid": Money.total(one.paid for one in found)})


def related_party(practice: int, key: str, *, actor: Actor, at: datetime) -> Related:
    """One related party with all that it was paid; `key` is its name without form and case. Raises `NotFound`."""
    found = [one for one in related([practice], at=at) if one.key == f"{practice}:{key}"]
    if not found:
        raise NotFound("There is no such related party of this practice.", field="party")
    return _with_payments(found, actor)[0]


def flagged(page: Page[Flagged], party: Callable[[Flagged], str], *, at: datetime) -> Page[Flagged]:
    """The rows of a page with what makes their party related (`related`), where it is."""
    return replace(page, rows=flag(page.rows, party, at=at))


def flag(rows: Sequence[Flagged], party: Callable[[Flagged], str], *, at: datetime) -> list[Flagged]:
    """Rows of practices with what makes their party related (`related`), where it is."""
    known, names = {one.key: one.relation for one in related({row.practice for row in rows}, at=at)}, aliases()
    said = [known.get(f"{row.practice}:{rules.party_key(party(row), names)}", "") for row in rows]
    return [replace(row, related=words) for row, words in zip(rows, said, strict=True)]  # type: ignore[type-var]


def relation(practice: int, party: str, *, at: datetime) -> str:
    """What makes a party related to somebody who acts for a practice or its MSO, in words; empty where nothing does."""
    key = f"{practice}:{rules.party_key(party, aliases())}"
    return next((one.relation for one in related([practice], at=at) if one.key == key), "")


def _with_payments(found: Sequence[Related], actor: Actor) -> list[Related]:
    paid: dict[tuple[int, str], list[PaidTo]] = defaultdict(list)
    names = aliases()
    for practice in {one.practice for one in found}:
        for payment in registry.payments_of(actor, practice):
            paid[practice, rules.party_key(payment.party, names)].append(payment)
    return [replace(one, payments=tuple(paid[one.practice, one.key.partition(":")[2]])) for one in found]


def related(among: Iterable[int], *, at: datetime) -> list[Related]:
    """The related parties of some practices: vendors that are flagged as such, and whom disclosures name.

    Whoever a disclosure for any practice names is related to the MSO too, but for the MSO itself.
    """
    tenants, names = {one.pk: one for one in tenancy.tenants()}, aliases()
    found: list[Related] = []
    for practice in sorted(set(among), key=lambda one: tenants[one].name):
        rows, one = models.Disclosure.objects.all(), tenants[practice]
        held = _told(rows if one.is_mso else rows.filter(practice_id=practice), at)
        by_party: defaultdict[str, list[Interest]] = defaultdict(list)
        for each in held:
            if each.state is not Held.ENDED and each.nature is not Nature.NONE:
                by_party[rules.party_key(each.party, names)].append(each)
        if one.is_mso:
            by_party.pop(rules.party_key(one.name, names), None)
        sellers = {rules.party_key(seller.name, names): seller for seller in vendors.vendors(practice)}
        flagged = {key for key, seller in sellers.items() if seller.related_party}
        found += [
            replace(_related(practice, one.name, key, by_party[key], sellers.get(key)), place=one.public_id)
            for key in sorted(by_party.keys() | flagged)
        ]
    return found


def _related(practice: int, name: str, key: str, mine: list[Interest], seller: Vendor | None) -> Related:
    flagged = [f"on file as related: {seller.related_party}"] if seller and seller.related_party else []
    said = dict.fromkeys(f"{one.nature_words} of {one.person}, {one.band_words.lower()}" for one in mine)
    on_file = (one.vendor for one in mine if one.vendor and one.practice == practice)
    return Related(
        f"{practice}:{key}", practice, name, mine[0].party if mine else seller.name if seller else key,
        seller.public_id if seller else next(on_file, ""), (*said, *flagged),
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
