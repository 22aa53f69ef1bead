"""Questions about cap tables: an entity with all that was added to it, the list of them, and the proof by the books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from openmso.equity.contracts import (
    CALL,
    DISTRIBUTION,
    VENTURE,
    Call,
    CallShare,
    Corrected,
    Distribution,
    Entry,
    Given,
    Holder,
    Posting,
    Revenue,
    Table,
    UnitClass,
    VentureRow,
    Vesting,
)
from openmso.equity.models import capital as money
from openmso.equity.models import tables as kept
from openmso.equity.queries import facilities
from openmso.equity.queries.owned import is_the_practices
from openmso.equity.rules import holding, venture
from openmso.equity.states import Act, Being, By, Compounding, DayCount, Flow, Paying, Sort, Standing, Venture
from openmso.kit.clock import day_in
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Accounts, Basis, Selection
from openmso.ledger.queries import selection
from openmso.parties.queries import practices
from openmso.platform.access.contracts import Actor
from openmso.platform.access.queries import licensed_role
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk

EVER = date(2199, 12, 31)


def table(public_id: str, *, on: date) -> Table:
    """An entity's cap table with all that was added to it; calls stand as on a day. Raises `NotFound`."""
    found = told(kept.Venture.objects.filter(public_id=public_id), on=on)
    if not found:
        raise NotFound(f"There is no cap table {public_id}.", field="venture")
    return found[0]


def practice_of(public_id: str) -> int:
    """The tenant whose entity it is; raises `NotFound`."""
    found = kept.Venture.objects.filter(public_id=public_id).values_list("practice_id", flat=True).first()
    if found is None:
        raise NotFound(f"There is no cap table {public_id}.", field="venture")
    return found


def today(public_id: str, at: datetime) -> Table:
    """The same, as of the day of its tenant at an instant."""
    return table(public_id, on=tenancy.today(practice_of(public_id), at))


def of_call(public_id: str, at: datetime) -> tuple[Table, Call]:
    """A capital call, with the table it is of; raises `NotFound`."""
    row = money.Call.objects.filter(public_id=public_id).select_related("venture").first()
    if row is None:
        raise NotFound(f"There is no capital call {public_id}.", field="call")
    found = today(row.venture.public_id, at)
    return found, next(one for one in found.calls if one.public_id == public_id)


def of_distribution(public_id: str, at: datetime) -> tuple[Table, Distribution]:
    """A distribution, with the table it is of; raises `NotFound`."""
    row = money.Distribution.objects.filter(public_id=public_id).select_related("venture").first()
    if row is None:
        raise NotFound(f"There is no distribution {public_id}.", field="distribution")
    found = today(row.venture.public_id, at)
    return found, next(one for one in found.distributions if one.public_id == public_id)


def of_holder(public_id: str, at: datetime) -> tuple[Table, Holder]:
    """A holder, with the table they stand in; raises `NotFound`."""
    row = kept.Holder.objects.filter(public_id=public_id).select_related("venture").first()
    if row is None:
        raise NotFound(f"There is no holder {public_id}.", field="holder")
    found = today(row.venture.public_id, at)
    return found, next(one for one in found.holders if one.public_id == public_id)


def without_table(actor: Actor) -> list[tuple[str, str]]:
    """The legal entities in scope whose table somebody could open: public id and name.

    They have books and no cap table yet, and a practice's own are its licensees' alone.
    """
    taken = set(kept.Venture.objects.values_list("entity_id", flat=True))
    found: list[tuple[str, str]] = []
    for tenant in tenancy.tenants_in_scope():
        entities = practices.entities(tenant.pk, on=EVER)
        found += [
            (one.public_id, f"{one.legal_name} ({tenant.name})") for one in entities
            if one.id not in taken and (licensed_role(actor, tenant.pk) or not is_the_practices(one, on=EVER))
        ]  # fmt: skip
    return found


def unequal(one: Table) -> dict[str, tuple[Money, Money]]:
    """By holder the capital account here beside the one in the book, where they differ: nobody, when all is well."""
    bases = (Basis.COMMON,)
    chosen = Selection(
        one.entity, (Accounts.OWNERS_EQUITY, Accounts.DISTRIBUTIONS), bases, EVER, kinds=(VENTURE, CALL, DISTRIBUTION)
    )
    books = selection.by_party(chosen)
    here: dict[str, Money] = defaultdict(lambda: ZERO)
    for posting in one.postings:
        here[posting.holder] += posting.amount
    return {
        holder: (here[holder], -books.get(holder, ZERO))
        for holder in {*here, *books} if here[holder] != -books.get(holder, ZERO)
    }  # fmt: skip


def listing(*, filters: Filters, page: PageAsk, at: datetime) -> Page[VentureRow]:
    """The cap tables in scope as they stand on the days of their tenants."""
    rows = kept.Venture.objects.all()
    if codes := filters.many("practice"):
        rows = rows.filter(practice_id__in=tenancy.keys_of([one.lower() for one in codes]))
    if kinds := filters.many("kind"):
        rows = rows.filter(kind__in=kinds)
    days = {one.pk: day_in(one.zone, at) for one in tenancy.tenants_in_scope()}
    found = [_row(one, days[one.practice]) for one in told(rows, on=max(days.values(), default=at.date()))]
    word = filters.text.lower()
    found = [one for one in found if word in f"{one.name} {one.practice_name} {one.public_id}".lower()]
    found.sort(key=lambda one: (_SORTS.get(page.sort, _SORTS["name"])(one), one.public_id), reverse=page.desc)
    totals = {name: Money.total(getattr(one, name) for one in found) for name in ("capital", "preferred", "open_calls")}
    return Page(found[page.offset : page.offset + page.size], len(found), page, totals)


_SORTS: Mapping[str, Callable[[VentureRow], Any]] = {
    "name": lambda one: one.name.casefold(), "kind": lambda one: one.kind, "holders": lambda one: one.holders,
    "practice_name": lambda one: one.practice_name, "capital": lambda one: one.capital,
    "preferred": lambda one: one.preferred, "open_calls": lambda one: one.open_calls, "to_pay": lambda one: one.to_pay,
}  # fmt: skip


def entries(public_id: str, *, filters: Filters, page: PageAsk, at: datetime) -> Page[Entry]:
    """The ledger of units of an entity, filtered and sorted."""
    found = [
        one for one in today(public_id, at).entries
        if filters.text.lower() in f"{one.class_name} {one.frm_name} {one.to_name} {one.why}".lower()
        and (not filters.many("act") or one.act in filters.many("act"))
    ]  # fmt: skip
    keys: Mapping[str, Callable[[Entry], Any]] = {
        "number": lambda one: one.number, "on": lambda one: one.on, "units_words": lambda one: one.units,
        "class_name": lambda one: one.class_name, "act": lambda one: one.act, "paid": lambda one: one.paid,
    }  # fmt: skip
    found.sort(key=lambda one: (keys.get(page.sort, keys["number"])(one), one.number), reverse=page.desc)
    totals = {"paid": Money.total(one.paid for one in found)}
    return Page(found[page.offset : page.offset + page.size], len(found), page, totals)


def _row(one: Table, on: date) -> VentureRow:
    held = holding.holdings(one, on)
    return VentureRow(
        one.public_id, one.practice, one.practice_name, one.name, one.kind,
        len({each.holder.public_id for each in held if each.units}), sum((each.units for each in held), Decimal(0)),
        Money.total(each.account for each in held), Money.total(each.preferred for each in held),
        Money.total(each.left for each in one.calls),
        Money.total(each.amount for each in one.distributions if each.standing is Paying.DECLARED),
        venture.verdict(facilities.points(one, on)), one.made_at,
    )  # fmt: skip


# ---- rows as what leaves ---------------------------------------------------------------------------------------


def told(found: QuerySet[kept.Venture], *, on: date) -> list[Table]:
    """Rows as cap tables, with a few questions for all of them and three for each."""
    rows = list(found.select_related("practice").order_by("pk"))
    keys = [row.pk for row in rows]

    def of(model: Any, *related: str) -> dict[int, list[Any]]:
        by: dict[int, list[Any]] = defaultdict(list)
        for each in model.objects.filter(Q(venture_id__in=keys)).select_related(*related).order_by("pk"):
            by[each.venture_id].append(each)
        return by

    classes, holders = of(kept.UnitClass), of(kept.Holder)
    corrected: dict[int, list[kept.HolderCorrection]] = defaultdict(list)
    for one in kept.HolderCorrection.objects.filter(holder__venture__in=keys).order_by("pk"):
        corrected[one.holder_id].append(one)
    named = {each.pk: each.name for mine in holders.values() for each in mine}
    named |= {key: mine[-1].name for key, mine in corrected.items()}
    units = of(kept.UnitEntry, "unit_class", "frm", "to")
    moved, revenue = of(money.Posting, "holder", "unit_class"), of(kept.Revenue)
    calls, given = of(money.Call, "unit_class"), of(money.Distribution)
    parts = _shares(keys, moved, named, on)
    return [
        Table(
            row.pk, row.public_id, row.practice_id, row.practice.name, row.entity_id,
            practices.entity(row.entity_id, on=EVER).legal_name, Venture(row.kind),
            tuple(_class(each) for each in classes[row.pk]),
            tuple(_holder(each, corrected[each.pk]) for each in holders[row.pk]),
            tuple(_entry(each, named) for each in units[row.pk]), tuple(_posting(each) for each in moved[row.pk]),
            tuple(_revenue(each) for each in revenue[row.pk]),
            tuple(_call(each, row, parts[each.pk]) for each in calls[row.pk]), _given(row, given[row.pk], named),
            row.made_at, row.made_by,
        )
        for row in rows
    ]  # fmt: skip


def _class(row: kept.UnitClass) -> UnitClass:
    return UnitClass(
        row.public_id, row.name, Sort(row.sort), By(row.by), row.terms, row.preferred_rate,
        Compounding(row.compounding), DayCount(row.day_count), row.made_at, row.made_by,
        Money.of(row.threshold_amount),
    )  # fmt: skip


def _holder(row: kept.Holder, corrected: Iterable[kept.HolderCorrection]) -> Holder:
    name, being, told = row.name, Being(row.being), []
    for one in corrected:
        told.append(Corrected(name, being, one.name, Being(one.being), one.why, one.made_at, one.made_by))
        name, being = one.name, Being(one.being)
    return Holder(
        row.public_id, name, being, row.refers, row.why, row.tenant, row.made_at, row.made_by, tuple(told)
    )  # fmt: skip


def names_of(holders: QuerySet[kept.Holder]) -> dict[int, str]:
    """What some holders are called, by their keys: as they were corrected last, else as they were named."""
    corrected = kept.HolderCorrection.objects.filter(holder__in=holders).order_by("pk")
    return dict(holders.values_list("pk", "name")) | dict(corrected.values_list("holder_id", "name"))


def _entry(row: kept.UnitEntry, named: Mapping[int, str]) -> Entry:
    vesting = None
    if row.vests_from is not None:
        vesting = Vesting(row.vests_from, row.cliff_months or 0, row.vesting_months or 0)
    return Entry(
        row.public_id, row.number, Act(row.act), row.unit_class.public_id, row.unit_class.name, row.units, row.moved_on,
        row.why, row.frm.public_id if row.frm else "", named[row.frm.pk] if row.frm else "",
        row.to.public_id if row.to else "", named[row.to.pk] if row.to else "", Money.of(row.paid_amount), row.ledger,
        vesting, row.made_at, row.made_by,
    )  # fmt: skip


def _posting(row: money.Posting) -> Posting:
    return Posting(
        row.holder.public_id, row.unit_class.public_id, Flow(row.flow), Money.of(row.amount), row.moved_on, row.source,
        row.ledger,
    )  # fmt: skip


def _revenue(row: kept.Revenue) -> Revenue:
    return Revenue(
        row.starts_on, Money.of(row.gross_amount), Money.of(row.investors_amount), row.shows, row.made_at, row.made_by
    )


def _shares(
    ventures: list[int], moved: Mapping[int, list[Any]], named: Mapping[int, str], on: date
) -> dict[int, list[CallShare]]:
    """What each holder is asked for in each call, what came of it, and how it stands on a day."""
    came: dict[tuple[str, str], Money] = defaultdict(lambda: ZERO)
    for posted in moved.values():
        for one in posted:
            came[one.source, one.holder.public_id] += Money.of(one.amount)
    rows = money.CallShare.objects.filter(call__venture_id__in=ventures).select_related("call", "holder").order_by("pk")
    failed = dict(money.CallDefault.objects.filter(share__in=rows).values_list("share_id", "why"))
    found: dict[int, list[CallShare]] = defaultdict(list)
    for row in rows:
        amount, paid = Money.of(row.amount), came[row.call.public_id, row.holder.public_id]
        standing = Standing.LATE if row.call.due_on < on else Standing.DUE
        if row.pk in failed:
            standing = Standing.DEFAULT
        if paid >= amount:
            standing = Standing.PAID
        found[row.call_id].append(
            CallShare(row.holder.public_id, named[row.holder_id], amount, paid, standing, failed.get(row.pk, ""))
        )
    return found


def _call(row: money.Call, of: kept.Venture, shares: list[CallShare]) -> Call:
    return Call(
        row.public_id, of.public_id, row.unit_class.public_id, row.unit_class.name, Money.of(row.amount), row.purpose,
        row.noticed_on, row.due_on, tuple(shares), row.made_at, row.made_by,
    )  # fmt: skip


def _given(
    of: kept.Venture, rows: list[money.Distribution], named: Mapping[int, str]
) -> tuple[Distribution, ...]:  # fmt: skip
    parts: dict[int, list[Given]] = defaultdict(list)
    of_rows = money.DistributionShare.objects.filter(distribution__in=rows)
    for part in of_rows.select_related("holder", "unit_class").order_by("distribution_id", "number"):
        parts[part.distribution_id].append(
            Given(part.holder.public_id, named[part.holder_id], part.unit_class.public_id, part.unit_class.name,
                  Flow(part.tier), part.owed, Money.of(part.amount))
        )  # fmt: skip
    paid = {row.distribution_id: row for row in money.DistributionPayment.objects.filter(distribution__in=rows)}
    found = []
    for row in rows:
        payment = paid.get(row.pk)
        found.append(
            Distribution(
                row.public_id, of.public_id, Money.of(row.amount), row.declared_on, row.why, tuple(parts[row.pk]),
                row.made_at, row.made_by, row.made_by_user, payment.paid_on if payment else None,
                payment.made_at if payment else None, payment.made_by if payment else "",
                payment.ledger if payment else "",
            )
        )  # fmt: skip
    return tuple(found)
