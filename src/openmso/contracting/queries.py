"""Questions about payer contracts, and what a line is expected to bring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from openmso.codes.contracts import Locality, RelativeValue
from openmso.codes.queries import fees
from openmso.contracting.contracts import (
    Ask,
    Change,
    Contract,
    ContractRow,
    Expected,
    ExpectedStep,
    RateLine,
    RateRow,
    Terms,
    Version,
)
from openmso.contracting.models import ContractDraft, ContractRate, ContractVersion, PayerContract, Written
from openmso.contracting.rules import agreed
from openmso.contracting.rules import terms as rules
from openmso.contracting.rules.items import Line
from openmso.contracting.rules.mpfs import Book, Row
from openmso.contracting.rules.mpfs import Locality as Indices
from openmso.contracting.rules.tariffs import NO_BOOK, Rate
from openmso.kit import words
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.periods import DayRange
from openmso.platform.tenancy.models import Tenant
from openmso.platform.ui.contracts import Filters, Page, PageAsk

NO_LOCALITY = NO_BOOK.locality
NO_PAYER = "No payer is known for it."
NO_CONTRACT = "No contract with the payer holds on that day."


def contract(public_id: str, *, with_rates: bool = False) -> Contract:
    """A contract in scope with all its versions; the fee schedules of published ones only `with_rates`."""
    row = PayerContract.objects.select_related("practice", "payer").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no payer contract {public_id}.")
    return _contract(row, with_rates=with_rates)


def with_payer(*, practice: int, payer_id: int) -> Contract | None:
    """The contract of a practice with a payer, if there is one."""
    rows = PayerContract.objects.select_related("practice", "payer")
    row = rows.filter(practice_id=practice, payer_id=payer_id).first()
    return _contract(row) if row else None


def listing(*, on: date, filters: Filters, page: PageAsk, practice: int | None = None) -> Page[ContractRow]:
    """The contracts in scope (of a practice), as they hold on a day, by practice and payer."""
    rows = PayerContract.objects.select_related("practice", "payer")
    if practice is not None:
        rows = rows.filter(practice_id=practice)
    if filters.text:
        rows = rows.filter(payer__name__icontains=filters.text)
    order = F({"practice_name": "practice__name"}.get(page.sort, "payer__name"))
    rows = rows.order_by(order.desc() if page.desc else order.asc(), "practice__name", "payer__name", "pk")
    shown = list(rows[page.offset : page.offset + page.size])
    held = {one.contract_id: one for one in _holding(on).filter(contract__in=shown)}
    rates = dict(
        ContractRate.objects.filter(version__in=held.values()).values_list("version_id").annotate(n=Count("pk"))
    )  # fmt: skip
    drafted = set(ContractDraft.objects.filter(contract__in=shown).values_list("contract_id", flat=True))
    told = []
    for row in shown:
        version = held.get(row.pk)
        told.append(
            ContractRow(
                row.public_id, row.practice.name, row.payer.name, version.number if version else 0,
                version.starts_on if version else None, version.ends_on if version else None,
                "; ".join(version.wording.splitlines()[:2]) if version else "nothing holds today",
                rates.get(version.pk, 0) if version else 0, row.pk in drafted,
            )
        )  # fmt: skip
    return Page(told, rows.count(), page)


def rates(*, contract: str, number: int, text: str, page: PageAsk) -> Page[RateRow]:
    """The fee schedule of a published version, by code; the text narrows by the beginning of codes."""
    rows = ContractRate.objects.filter(version__contract__public_id=contract, version__number=number)
    if text.strip():
        rows = rows.filter(code__startswith=text.strip().upper())
    order = F("nonfacility_amount" if page.sort == "nonfacility" else "code")
    rows = rows.order_by(order.desc() if page.desc else order.asc(), "code", "modifier")
    shown = [
        RateRow(one.code, one.modifier, Money.of(one.nonfacility_amount), Money.of(one.facility_amount))
        for one in rows[page.offset : page.offset + page.size]
    ]
    return Page(shown, rows.count(), page)


def changes(before: Version, after: Version) -> list[Change]:
    """What differs between two versions, term by term and rate by rate."""
    found = [
        Change(what, words.day(one) if one else "", words.day(other) if other else "")
        for what, one, other in (
            ("From", before.days.starts_on, after.days.starts_on), ("Until before", before.days.ends_on,
                                                                    after.days.ends_on),
        )
        if one != other
    ]  # fmt: skip
    gone = [one for one in before.sentences if one not in after.sentences]
    new = [one for one in after.sentences if one not in before.sentences]
    found += [Change("Term", one, "") for one in gone] + [Change("Term", "", one) for one in new]
    old, fresh = ({(one.code, one.modifier): one for one in each.terms.rates} for each in (before, after))
    for key in sorted(old.keys() | fresh.keys()):
        if old.get(key) != fresh.get(key):
            found.append(Change("-".join(part for part in key if part), _said(old.get(key)), _said(fresh.get(key))))
    return found


def _said(rate: RateLine | None) -> str:
    if rate is None:
        return "not listed"
    return str(rate.nonfacility) if rate.nonfacility == rate.facility else f"{rate.nonfacility} / {rate.facility}"


def expected(*, practice: int, asks: Sequence[Ask]) -> dict[int, Expected]:
    """What payers should allow for a set of lines, by their keys: a few queries for any number of lines."""
    versions = _versions(practice, {ask.payer_id for ask in asks if ask.payer_id is not None})
    listed = _rates_of([one for held in versions.values() for one in held], {ask.code for ask in asks})
    sessions: dict[tuple[int, int | None, date], list[Ask]] = defaultdict(list)
    for ask in asks:
        sessions[ask.session, ask.payer_id, ask.on].append(ask)
    found: dict[int, Expected] = {}
    ready = {
        one.pk: agreement(_terms(one), listed.get(one.pk, {})) for held in versions.values() for one in held
    }  # fmt: skip
    medicare = Medicare({ask.code for ask in asks}, {ask.on for ask in asks})
    for (_, payer, day), together in sessions.items():
        begun = next((one for one in versions.get(payer or 0, ()) if one.starts_on <= day), None)
        if begun is None or (begun.ends_on is not None and begun.ends_on <= day):
            why = NO_CONTRACT if payer is not None else NO_PAYER
            found |= {ask.key: Expected(None, why) for ask in together}
        else:
            source = f"{begun.contract.public_id}/{begun.number}"
            found |= priced(together, ready[begun.pk], day, source, medicare.book)
    return found


def priced(
    asks: Iterable[Ask], agreement: agreed.Agreement, day: date, source: str, book_of: agreed.BookOf
) -> dict[int, Expected]:
    """What one version expects for lines of one session."""
    lines = [
        Line(ask.key, ask.code, ask.modifiers, ask.units, ask.place_of_service, ask.charge) for ask in asks
    ]  # fmt: skip
    answers = agreed.expect(lines, agreement, day, book_of)
    return {
        key: Expected(
            one.priced.amount, one.priced.why_not or one.term, source,
            tuple(ExpectedStep(step.words, step.amount) for step in one.priced.steps),
        )
        for key, one in answers.items()
    }  # fmt: skip


def tried(terms: Terms, ask: Ask, source: str) -> Expected:
    """What some terms, a draft's too, would expect for one line by itself."""
    return priced([ask], agreement(terms), ask.on, source, Medicare({ask.code}, {ask.on}).book)[ask.key]


class Medicare:
    """Medicare's fee schedules for some codes and days, as far as they are loaded; a few queries for any number."""

    def __init__(self, codes: Collection[str], days: Collection[date]) -> None:
        self._codes = set(codes)
        self._rows: dict[date, dict[tuple[str, str], Row]] = {}
        self._factors: dict[date, Decimal] = {}
        self._books: dict[tuple[date, str, str], Book | None] = {}
        self._places: dict[int, dict[tuple[str, str], Locality]] = {}
        self._days = set(days)

    def book(self, year: int | None, mac: str, locality: str, on: date) -> Book | None:
        """The fee schedule of a year (of the day's, when none) and locality; of no locality, the indicators alone."""
        day = on if year is None or year == on.year else date(year, 12, 31)
        key = (day, mac, locality)
        if key not in self._books:
            self._books[key] = self._book(*key)
        return self._books[key]

    def _book(self, day: date, mac: str, locality: str) -> Book | None:
        if day not in self._rows:
            self._read({day} if self._rows else self._days | {day})
        rows = self._rows[day]
        if not mac:
            return Book(NO_LOCALITY, rows)
        if day.year not in self._places:
            self._places[day.year] = fees.localities(day)
        place, factor = self._places[day.year].get((mac, locality)), self._factors.get(day)
        if place is None or factor is None:
            return None
        return Book(Indices(place.gpci_work, place.gpci_pe, place.gpci_mp, factor), rows)

    def _read(self, days: Collection[date]) -> None:
        codes = set(self._codes)
        for _ in range(2):  # the second time with the bases of endoscopies
            found = fees.relative_values({(code, day) for code in codes for day in days})
            bases = {value.endo_base for values in found.values() for value in values if value.endo_base}
            if bases <= codes:
                break
            codes |= bases
        self._rows |= {day: {} for day in days}
        for (_, day), values in found.items():
            for value in values:
                if f"{day.year % 100:02d}" in value.edition:
                    self._rows[day][value.code, value.modifier] = _row(value)
                    self._factors[day] = value.conversion_factor


def _row(value: RelativeValue) -> Row:
    return Row(
        value.code, value.modifier, value.status, value.work, value.pe_nonfacility, value.pe_facility, value.mp,
        value.na_nonfacility, value.na_facility, value.pctc, value.global_days, value.pre, value.intra, value.post,
        value.mult_proc, value.bilateral, value.asst_surg, value.co_surg, value.endo_base,
        value.opps_pe_nonfacility, value.opps_pe_facility, value.opps_mp,
    )  # fmt: skip


def agreement(terms: Terms, listed: dict[tuple[str, str], Rate] | None = None) -> agreed.Agreement:
    """Terms ready to price; their own rates where none are given."""
    own = {
        (one.code, one.modifier): Rate(one.nonfacility.amount, one.facility.amount) for one in terms.rates
    }  # fmt: skip
    return agreed.Agreement(
        rules.read(terms.wording), rules.policy(terms.procedures, bilateral=terms.bilateral), terms.lesser_of_charge,
        own if listed is None else listed,
    )  # fmt: skip


def that_keep_sequestration(sources: Collection[str]) -> frozenset[str]:
    """Those of the versions, named as `PCN-7K2P9M4X/2`, whose payer may keep 2% of its payment."""
    named = {source.partition("/")[0] for source in sources}
    rows = ContractVersion.objects.filter(contract__public_id__in=named, sequestration=True)
    pairs = rows.values_list("contract__public_id", "number")
    return frozenset(f"{contract}/{number}" for contract, number in pairs) & frozenset(sources)


def limits(*, practice: int, payer_id: int, on: date) -> dict[str, tuple[int, str]]:
    """The time limits that hold on a day by kind of claim or appeal: days, and from what they are counted."""
    found = with_payer(practice=practice, payer_id=payer_id)
    version = found.on(on) if found else None
    read = rules.read_limits(version.terms.limits) if version else ()
    return {one.kind.value: (one.days, one.counted_from.value) for one in read}


def _versions(practice: int, payer_ids: Collection[int]) -> dict[int, list[ContractVersion]]:
    found: dict[int, list[ContractVersion]] = defaultdict(list)
    rows = ContractVersion.objects.filter(practice_id=practice, contract__payer_id__in=payer_ids)
    for row in rows.select_related("contract").order_by("-starts_on", "-number"):
        found[row.contract.payer_id].append(row)
    return found


def _rates_of(versions: Collection[ContractVersion], codes: Collection[str]) -> dict[int, dict[tuple[str, str], Rate]]:
    found: dict[int, dict[tuple[str, str], Rate]] = defaultdict(dict)
    rows = ContractRate.objects.filter(version__in=versions, code__in=codes)
    for one in rows.values_list("version_id", "code", "modifier", "nonfacility_amount", "facility_amount"):
        found[one[0]][one[1], one[2]] = Rate(one[3], one[4])
    return found


def _holding(on: date) -> QuerySet[ContractVersion]:
    """The version of each contract that holds on a day."""
    latest = ContractVersion.objects.filter(contract=OuterRef("contract"), starts_on__lte=on).order_by("-starts_on")
    rows = ContractVersion.objects.filter(pk=Subquery(latest.values("pk")[:1]))
    return rows.exclude(ends_on__lte=on)


def _contract(row: PayerContract, *, with_rates: bool = False) -> Contract:
    versions = list(ContractVersion.objects.filter(contract=row).order_by("-starts_on", "-number"))
    listed = ContractRate.objects.filter(version__in=versions)
    every: dict[int, list[RateLine]] = defaultdict(list)
    for rate in listed.order_by("code", "modifier") if with_rates else ():
        amounts = (Money.of(rate.nonfacility_amount), Money.of(rate.facility_amount))
        every[rate.version_id].append(RateLine(rate.code, rate.modifier, *amounts))
    counts = dict(listed.values_list("version_id").annotate(n=Count("pk")))
    told = tuple(_version(one, one.number, _terms(one, every[one.pk]), counts.get(one.pk, 0)) for one in versions)
    there = ContractDraft.objects.filter(contract=row).first()
    draft = _version(there, len(versions) + 1, terms_of_draft(there), len(there.rates)) if there else None
    tenant: Tenant = row.practice
    return Contract(
        row.public_id, row.practice_id, tenant.public_id, tenant.name, row.payer_id, row.payer.public_id,
        row.payer.name, told, draft,
    )  # fmt: skip


def _version(row: Written, number: int, terms: Terms, rates: int) -> Version:
    return Version(number, DayRange(row.starts_on, row.ends_on), terms, row.written_at, row.written_by, rates)


def _terms(row: Written, listed: Iterable[RateLine] = ()) -> Terms:
    return Terms(
        row.wording, row.limits, row.procedures, Decimal(row.bilateral_rate), row.lesser_of_charge, row.sequestration,
        tuple(listed),
    )  # fmt: skip


def terms_of_draft(row: ContractDraft) -> Terms:
    """The terms of a draft with its rates."""
    return _terms(row, (RateLine(code, mod, Money.of(out), Money.of(inside)) for code, mod, out, inside in row.rates))
