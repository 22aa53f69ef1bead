"""Keeping a cap table: the entity, its classes, holders, the ledger of units, the revenue that was told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import connection

from openmso.compliance.services import clearing
from openmso.compliance.services.clearing import Flow as Moving
from openmso.equity.contracts import (
    ADDS_CLASS,
    KEEP,
    MOVES,
    OPENS,
    VENTURE,
    Holder,
    NewClass,
    NewHolder,
    NewUnits,
    NotKept,
    Posting,
    Table,
)
from openmso.equity.models import capital, tables
from openmso.equity.queries import ventures
from openmso.equity.queries.owned import is_the_practices
from openmso.equity.rules import distributing, holding
from openmso.equity.states import PAID_OUT, Act, Being, Flow, Sort, Venture
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Accounts, EntryDraft, LineDraft, Source, credit, debit
from openmso.ledger.queries import books
from openmso.ledger.services import posting
from openmso.parties.contracts import LegalEntity
from openmso.parties.queries import practices
from openmso.platform.access import reserved
from openmso.platform.access.contracts import Actor, Decision, Side
from openmso.platform.access.queries import side_behind
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)
LOCK = 0x65717479
"""Advisory lock class of cap tables: one act at a time on each, because nothing in them is updated."""


@atomic
def open_table(*, actor: Actor, entity: str, kind: Venture, at: datetime) -> str:
    """Open the cap table of a legal entity that keeps books; its public id. Raises `NotKept`, `NotFound`, `NoBook`.

    That of a practice's own entity is opened by its licensees alone (`NotPermitted`).
    """
    one = practices.entity_by_public_id(entity, on=at.date())
    decision = actor.must(KEEP.code, one.practice)
    permit(actor, one, OPENS, ("parties.entity", entity), f"Opened the cap table of {one.legal_name}", at, decision)
    books.book_of(one.id)
    if tables.Venture.objects.filter(entity_id=one.id).exists():
        raise NotKept(f"{one.legal_name} has a cap table already.", field="entity")
    row = tables.Venture.objects.create(
        practice_id=one.practice, entity_id=one.id, kind=kind, made_at=at, made_by=actor.name[:160]
    )
    tell("opened", row.public_id, row.practice_id, actor, at, decision, name=one.legal_name)
    return row.public_id


@atomic
def add_class(*, actor: Actor, venture: str, new: NewClass, at: datetime) -> Table:
    """Add a class of units. One that follows referrals, or whose terms say so, is refused (`FollowsReferrals`)."""
    one, row, decision = locked(actor, venture, at)
    said(name=new.name)
    distributing.refuse_referrals(new.by, what="A class of units")
    if (sentence := holding.follows_referrals(new.terms)) != "":
        raise distributing.FollowsReferrals(
            f"The terms pay by referrals: “{sentence[:160]}” ({distributing.CITATION}).", field="terms",
            fix="Write terms whose return is in proportion to capital.",
        )  # fmt: skip
    if any(each.name.casefold() == new.name.strip().casefold() for each in one.classes):
        raise NotKept(f"There is a class {new.name} already.", field="name")
    if new.rate and new.sort is not Sort.PREFERRED:
        raise NotKept("Only preferred units have a preferred return.", field="rate", fix="Leave it at nothing.")
    if new.threshold and (new.sort is not Sort.PROFITS or new.threshold.amount < 0):
        raise NotKept("Only profits units have a participation threshold, above nothing.", field="threshold")
    if not 0 <= new.rate < 1 or new.rate != new.rate.quantize(Decimal("0.000001")):
        raise NotKept("The preferred return is less than 100 % a year, to four places of a percent.", field="rate")
    permit_on(actor, row, ADDS_CLASS, f"Added {new.name.strip()} to {one.name}", at, decision)
    tables.UnitClass.objects.create(
        practice_id=row.practice_id, venture=row, name=new.name.strip(), sort=new.sort, by=new.by,
        terms=new.terms.strip(), preferred_rate=new.rate, compounding=new.compounding, day_count=new.day_count,
        threshold_amount=new.threshold.amount, made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    tell("class_added", venture, row.practice_id, actor, at, decision, name=new.name.strip())
    return ventures.today(venture, at)


@atomic
def name_holder(*, actor: Actor, venture: str, new: NewHolder, at: datetime) -> Table:
    """Name somebody who may hold units, and whether they can refer to the entity. Raises `NotKept`."""
    one, row, decision = locked(actor, venture, at)
    said(name=new.name, why=new.why)
    _free(new.name, one.holders)
    tables.Holder.objects.create(
        practice_id=row.practice_id, venture=row, name=new.name.strip(), being=new.being, refers=new.refers,
        why=new.why.strip(), tenant=_tenant(new.tenant), made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    tell("holder_named", venture, row.practice_id, actor, at, decision, name=new.name.strip())
    return ventures.today(venture, at)


@atomic
def correct_holder(*, actor: Actor, holder: str, name: str, being: Being, why: str, at: datetime) -> Table:
    """Correct what a holder is called, or what they are: they stand so from then on, and how they stood stays.

    Their units, capital account and statements that were issued are as they were. Raises `NotKept`, `NotFound`.
    """
    of = tables.Holder.objects.filter(public_id=holder).select_related("venture").first()
    if of is None:
        raise NotFound(f"There is no holder {holder}.", field="holder")
    one, row, decision = locked(actor, of.venture.public_id, at)
    said(name=name, why=why)
    before = next(each for each in one.holders if each.public_id == holder)
    if (name.strip(), being) == (before.name, before.being):
        raise NotKept("They stand so already.", field="name", fix="Change the name, or what they are.")
    _free(name, (each for each in one.holders if each.public_id != holder))
    tables.HolderCorrection.objects.create(
        practice_id=row.practice_id, holder=of, name=name.strip(), being=being, why=why.strip(), made_at=at,
        made_by=actor.name[:160],
    )  # fmt: skip
    now = f"{name.strip()}, {being.label}"
    tell("holder_corrected", one.public_id, row.practice_id, actor, at, decision, why=why, name=before.name, now=now)
    return ventures.today(one.public_id, at)


def _free(name: str, holders: Iterable[Holder]) -> None:
    """Refuse a name by which somebody else stands or stood."""
    taken = {each.casefold() for one in holders for each in one.names}
    if name.strip().casefold() in taken:
        raise NotKept(f"{name.strip()} is named already.", field="name", fix="Or stood so until they were corrected.")


def _tenant(public_id: str) -> str:
    """The public id of a tenant of the house: it may be a holder whether it is in scope or not."""
    if not public_id:
        return ""
    found = next((one.public_id for one in tenancy.tenants() if public_id in {one.public_id, one.code}), None)
    if found is None:
        raise NotFound(f"There is no practice {public_id}.", field="tenant")
    return found


@atomic
def move_units(*, actor: Actor, venture: str, new: NewUnits, at: datetime) -> Table:
    """Enter an issue, rollover, transfer, redemption or forfeiture of units, with its capital in the book.

    Raises `NotKept`, `NotFound`, `NotLawful`, and what the ledger refuses (`PeriodNotOpen`, `UnknownAccount`).
    """
    one, row, decision = locked(actor, venture, at)
    said(why=new.why)
    days(on=new.on)
    cls = _class(row, new.cls)
    frm, to = _holder(row, new.frm, "frm"), _holder(row, new.to, "to")
    if new.on > tenancy.today(row.practice_id, at):
        raise NotKept("That day is still to come.", field="on")
    why, field = holding.why_not(one, new)
    if why:
        raise NotKept(why, field=field)
    said_so = f"{new.act.label} of {new.units.normalize():f} {cls.name} of {one.name}"
    permit_on(actor, row, MOVES, said_so, at, decision)
    if new.paid:
        clear_owners(one, {new.to or new.frm}, Moving.UNITS, at)
    moved = _moves(one, new)
    entry = tables.UnitEntry(
        practice_id=row.practice_id, venture=row, number=len(one.entries) + 1, act=new.act, unit_class=cls,
        units=new.units, moved_on=new.on, why=new.why.strip(), frm=frm, to=to, paid_amount=new.paid.amount, made_at=at,
        made_by=actor.name[:160], **_vests(new),
    )  # fmt: skip
    if moved:
        other = new.account.strip() or Accounts.OPERATING_CASH
        entry.ledger = post(
            actor, row, moved, other=other, source=(VENTURE, venture), key=f"{venture}:{entry.number}",
            memo=said_so.removesuffix(f" of {one.name}"), at=at, under=decision,
        )  # fmt: skip
    entry.save()
    facts = {"act": new.act.label.lower(), "units": f"{new.units.normalize():f}", "cls": cls.name}
    tell("units_moved", venture, row.practice_id, actor, at, decision, why=new.why, **facts)
    return ventures.today(venture, at)


def _vests(new: NewUnits) -> dict[str, object]:
    if new.vesting is None:
        return {}
    return {
        "vests_from": new.vesting.starts_on, "cliff_months": new.vesting.cliff_months,
        "vesting_months": new.vesting.months,
    }  # fmt: skip


def _moves(one: Table, new: NewUnits) -> list[Posting]:
    """What an entry of units does to capital accounts."""
    if new.act in {Act.ISSUE, Act.ROLLOVER}:
        return [_posting(one, new, new.to, Flow.CONTRIBUTION, new.paid)] if new.paid else []
    if new.act is Act.FORFEITURE:
        return []
    taken, rest = holding.moved_with(one, new)
    if new.act is Act.TRANSFER:
        pairs = ((Flow.MOVED_CAPITAL, taken), (Flow.MOVED_REST, rest))
        return [
            _posting(one, new, holder, flow, amount if holder == new.to else -amount)
            for flow, amount in pairs if amount for holder in (new.frm, new.to)
        ]  # fmt: skip
    back = min(taken, new.paid)
    pairs = ((Flow.CAPITAL, back), (Flow.REDEMPTION, new.paid - back))
    return [_posting(one, new, new.frm, flow, -amount) for flow, amount in pairs if amount]


def _posting(one: Table, new: NewUnits, holder: str, flow: Flow, amount: Money) -> Posting:
    return Posting(holder, new.cls, flow, amount, new.on, one.public_id, "")


@atomic
def tell_revenue(
    *, actor: Actor, venture: str, starts_on: date, gross: Money, from_investors: Money, shows: str, at: datetime
) -> Table:  # fmt: skip
    """Tell the revenue for health care of a year, and how much of it investors brought. Raises `NotKept`."""
    _, row, decision = locked(actor, venture, at)
    said(shows=shows)
    days(starts_on=starts_on)
    if gross.amount <= 0 or not ZERO <= from_investors <= gross:
        raise NotKept("What investors brought is a part of the revenue.", field="from_investors")
    made = tables.Revenue.objects.create(
        practice_id=row.practice_id, venture=row, starts_on=starts_on, gross_amount=gross.amount,
        investors_amount=from_investors.amount, shows=shows.strip(), made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    share = f"{made.investors_amount / made.gross_amount * 100:.2f} %"
    tell("revenue_told", venture, row.practice_id, actor, at, decision, year=str(starts_on), share=share)
    return ventures.today(venture, at)


# ---- what the other services need -------------------------------------------------------------------------------


def locked(
    actor: Actor, venture: str, at: datetime, permission: str = KEEP.code
) -> tuple[Table, tables.Venture, Decision]:
    """The table, for nobody else to add to meanwhile, where the actor has the permission; raises `NotFound`."""
    row = tables.Venture.objects.filter(public_id=venture).first()
    if row is None:
        raise NotFound(f"There is no cap table {venture}.", field="venture")
    decision = actor.must(permission, row.practice_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, row.pk % 2**31])
    return ventures.today(venture, at), row, decision


def permit_on(actor: Actor, row: tables.Venture, act: reserved.Act, words: str, at: datetime, under: Decision) -> None:
    """Ask whether something may be done to a cap table; raises `NotPermitted`, `NotKept`."""
    entity = practices.entity(row.entity_id, on=at.date())
    permit(actor, entity, act, (VENTURE, row.public_id), words, at, under)


def permit(
    actor: Actor, entity: LegalEntity, act: reserved.Act, subject: tuple[str, str], words: str, at: datetime,
    under: Decision,
) -> None:  # fmt: skip
    """Shares and dividends of a practice's own entity are its to decide; a venture with others is kept by neither's
    licensees alone (`NotPermitted`, `NotKept`)."""
    if is_the_practices(entity, on=tenancy.today(entity.practice, at)):
        reserved.permit(
            actor=actor, practice=entity.practice, act=act, subject=subject, words=words, at=at, under=under
        )
    elif side_behind(actor, under) is Side.PRACTICE:
        raise NotKept(f"{entity.legal_name} is a venture with others: the MSO keeps its table.", field="entity")


def clear_owners(one: Table, holders: Iterable[str], flow: Moving, at: datetime) -> None:
    """Ask whether money may move between an entity and some of its holders; raises `NotLawful`."""
    wanted = set(holders)
    owners = tuple(
        clearing.Owner(each.name, each.refers) for each in one.holders if each.refers or each.public_id in wanted
    )
    clearing.clear(flow=flow, practice=one.practice, owners=owners, at=at)


def _class(row: tables.Venture, public_id: str) -> tables.UnitClass:
    found = tables.UnitClass.objects.filter(venture=row, public_id=public_id).first()
    if found is None:
        raise NotFound(f"{row.public_id} has no class {public_id}.", field="cls")
    return found


def _holder(row: tables.Venture, public_id: str, field: str) -> tables.Holder | None:
    if not public_id:
        return None
    found = tables.Holder.objects.filter(venture=row, public_id=public_id).first()
    if found is None:
        raise NotFound(f"{row.public_id} has no holder {public_id}.", field=field)
    return found


def post(
    actor: Actor, row: tables.Venture, moved: Iterable[Posting], *, other: str, source: tuple[str, str], key: str,
    memo: str, at: datetime, under: Decision,
) -> str:  # fmt: skip
    """Post movements of capital accounts of one day in the book and keep them; the entry's public id.

    What stays between holders needs no other account; `other` takes the balance. Distributions are a line of their
    own (`Paid out to owners`), all else is owners' capital, each by holder.
    """
    moved = list(moved)
    origin = Source(*source)
    lines = [_line(each, origin) for each in moved]
    net = Money.total(each.amount for each in moved)
    if net:
        make = debit if net.amount > 0 else credit
        lines.append(make(other, abs(net), source=origin))
    draft = EntryDraft(row.entity_id, moved[0].on, memo[:400], tuple(lines), f"equity:{key}", origin)
    (made,) = posting.post(actor=actor, entries=[draft], at=at, under=[under])
    holders = {one.public_id: one for one in tables.Holder.objects.filter(venture=row)}
    classes = {one.public_id: one for one in tables.UnitClass.objects.filter(venture=row)}
    capital.Posting.objects.bulk_create(
        capital.Posting(
            practice_id=row.practice_id, venture=row, holder=holders[each.holder], unit_class=classes[each.cls],
            flow=each.flow, amount=each.amount.amount, moved_on=each.on, source=each.source, ledger=made.public_id,
            made_at=at, made_by=actor.name[:160],
        )
        for each in moved
    )  # fmt: skip
    return made.public_id


def _line(each: Posting, source: Source) -> LineDraft:
    account = Accounts.DISTRIBUTIONS if each.flow in PAID_OUT else Accounts.OWNERS_EQUITY
    make = credit if each.amount.amount > 0 else debit
    return make(account, abs(each.amount), source=source, party=each.holder, memo=each.flow.label)


def tell(
    what: str, subject: str, practice: int, actor: Actor, at: datetime, decision: Decision, *, why: str = "",
    kind: str = VENTURE, **facts: str,
) -> None:  # fmt: skip
    """Write an act into the trail."""
    audit.record(
        actor=actor, action=f"equity.{what}", practice=practice, subject=(kind, subject), at=at, facts=facts,
        why=why.strip(), decision=decision,
    )  # fmt: skip


def said(**texts: str) -> None:
    """Refuse texts that say nothing."""
    for field, text in texts.items():
        if not text.strip():
            raise NotKept("Say it: a cap table is read by people who were not there.", field=field)


def days(**given: date) -> None:
    """Refuse days of other centuries."""
    for field, day in given.items():
        if not FIRST_DAY <= day <= LAST_DAY:
            raise NotKept("That day is not one of these years.", field=field)
