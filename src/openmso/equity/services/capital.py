"""Capital in and out: calls and what comes of them, profit or loss allocated, distributions declared and paid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from openmso.agreements.queries import clocks
from openmso.compliance.services.clearing import Flow as Moving
from openmso.equity.contracts import (
    CALL,
    CALLS,
    DECLARES,
    DISTRIBUTION,
    PAY,
    SHARE,
    TO_PAY,
    VENTURE,
    Call,
    Distribution,
    NotFollowed,
    Posting,
    Table,
)
from openmso.equity.contracts.answering import CALLED
from openmso.equity.models import capital, tables
from openmso.equity.queries import ventures
from openmso.equity.rules import distributing, holding
from openmso.equity.services.keeping import clear_owners, days, locked, permit_on, post, said, tell
from openmso.equity.states import By, Flow, Paying, Sort, Standing
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.ledger.contracts import Accounts
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem, when

PARTED = {"first": "declared this distribution", "then": "pay it"}
"""The two acts that are for two people (`access.duties`)."""


@atomic
def call_capital(
    *, actor: Actor, venture: str, cls: str, amount: Money, purpose: str, due_on: date, at: datetime
) -> Call:  # fmt: skip
    """Call capital from the holders of a class, pro rata to their units today; each share waits until it is paid.

    Where a holder is named with a practice of the house, it waits there too, for whoever answers calls. Raises
    `NotFollowed` for profits units, for a class that nobody holds and for a day that gives no notice.
    """
    one, row, decision = locked(actor, venture, at)
    said(purpose=purpose)
    days(due_on=due_on)
    on = tenancy.today(row.practice_id, at)
    if amount.amount <= 0:
        raise NotFollowed("What is called is more than nothing.", field="amount")
    if due_on <= on:
        raise NotFollowed("A call gives notice: it is due after today.", field="due_on")
    found = [each for each in holding.holdings(one, on) if each.cls.public_id == cls and each.units]
    if not found:
        raise NotFollowed("Nobody holds units of this class.", field="cls", fix="Issue units first.")
    if found[0].cls.sort is Sort.PROFITS:
        raise NotFollowed("Profits units put in no capital.", field="cls", fix="Call it from another class.")
    permit_on(actor, row, CALLS, f"Called {amount:,.2f} of {found[0].cls.name} of {one.name}", at, decision)
    made = capital.Call.objects.create(
        practice_id=row.practice_id, venture=row, unit_class=tables.UnitClass.objects.get(public_id=cls),
        amount=amount.amount, purpose=purpose.strip(), noticed_on=on, due_on=due_on, made_at=at,
        made_by=actor.name[:160],
    )  # fmt: skip
    holders = {each.public_id: each for each in tables.Holder.objects.filter(venture=row)}
    parts = [
        (holders[each.holder.public_id], part)
        for each, part in zip(found, amount.split([each.units for each in found]), strict=True) if part
    ]  # fmt: skip
    capital.CallShare.objects.bulk_create(
        capital.CallShare(
            practice_id=row.practice_id, call=made, holder=holder, amount=part.amount, made_at=at,
            made_by=actor.name[:160],
        )
        for holder, part in parts
    )  # fmt: skip
    named = {each.public_id: each.name for each in one.holders}
    items = [
        NewItem(
            kind=SHARE, subject=(CALL, made.public_id),
            title=f"{named[holder.public_id]}: capital call of {one.name}"[:160],
            why=f"{part:,.2f} is due for: {purpose.strip()}. Post it when it has come, or record the default.",
            priority=50, priority_why=f"{part:,.2f} due {when(due_on)}", key=_key(made.public_id, holder.public_id),
            due_at=clocks.closing(row.practice_id, due_on), amount=part.amount,
        )
        for holder, part in parts
    ]  # fmt: skip
    work.open_items(practice=row.practice_id, items=items, at=at)
    for practice, item in _to_answer(one, made, parts):
        work.open_items(practice=practice, items=[item], at=at)
    tell("called", venture, row.practice_id, actor, at, decision, amount=str(amount))
    return ventures.of_call(made.public_id, at)[1]


def _to_answer(
    one: Table, made: capital.Call, parts: Iterable[tuple[tables.Holder, Money]]
) -> Iterator[tuple[int, NewItem]]:
    """What waits in the practices of the house that a call asks, themselves or a person of theirs."""
    for holder, part in parts:
        if (practice := _practice_of(holder)) is None:
            continue
        name = next(each.name for each in one.holders if each.public_id == holder.public_id)
        yield practice, NewItem(
            kind=CALLED, subject=(CALL, made.public_id), title=f"{one.name}: capital call on {name}"[:160],
            why=f"{part:,.2f} is due from {name} for: {made.purpose.rstrip('.')}. Pay it, or say what keeps you "
            "from it; it is done once the payment is posted.",
            priority=50, priority_why=f"{part:,.2f} due {when(made.due_on)}",
            key=_key(made.public_id, holder.public_id, CALLED), due_at=clocks.closing(practice, made.due_on),
            amount=part.amount,
        )  # fmt: skip


def _practice_of(holder: tables.Holder) -> int | None:
    """The practice of the house that a holder is named with, where it is in reach and not the entity's own."""
    found = (one.pk for one in tenancy.tenants_in_scope() if one.public_id == holder.tenant)
    return next((pk for pk in found if pk != holder.practice_id), None)


def _key(call: str, holder: str, kind: str = SHARE) -> str:
    return f"{kind}|{call}|{holder}"


@atomic
def pay_share(*, actor: Actor, call: str, holder: str, amount: Money, on: date, at: datetime) -> Call:
    """Post what a holder paid on a capital call: cash and their capital account, in the book. Raises `NotFollowed`."""
    row, one, _, decision = _share(actor, call, holder, at)
    share = next(each for each in one.shares if each.holder == holder)
    clear_owners(ventures.today(row.public_id, at), {holder}, Moving.CALL, at)
    if not 0 < amount.amount <= share.left.amount:
        raise NotFollowed(f"{share.left:,.2f} is still to come from {share.name}.", field="amount")
    if not one.noticed_on <= on <= tenancy.today(row.practice_id, at):
        raise NotFollowed("It was paid between the notice and today.", field="on")
    moved = Posting(holder, one.cls, Flow.CONTRIBUTION, amount, on, call, "")
    post(
        actor, row, [moved], other=Accounts.OPERATING_CASH, source=(CALL, call), key=f"{call}:{holder}:{share.paid}",
        memo=f"Capital call {call}: {share.name}", at=at, under=decision,
    )  # fmt: skip
    if amount == share.left:
        _close(row, call, holder, actor, at, "Paid", decision)
    tell("share_paid", call, row.practice_id, actor, at, decision, kind=CALL, amount=str(amount), name=share.name)
    return ventures.of_call(call, at)[1]


@atomic
def default_share(*, actor: Actor, call: str, holder: str, why: str, at: datetime) -> Call:
    """Record that a holder did not pay a capital call by its day, and what was done. It may still be paid later."""
    row, one, kept, decision = _share(actor, call, holder, at)
    said(why=why)
    share = next(each for each in one.shares if each.holder == holder)
    if share.standing is not Standing.LATE:
        no = f"It is {share.standing.label.lower()}; only what is late can be in default."
        raise NotFollowed(no, field="why", fix=f"It is due on {one.due_on:%-d %B %Y}.")
    capital.CallDefault.objects.create(
        practice_id=row.practice_id, share=kept, why=why.strip(), made_at=at, made_by=actor.name[:160]
    )
    _close(row, call, holder, actor, at, "In default", decision)
    tell("share_defaulted", call, row.practice_id, actor, at, decision, kind=CALL, why=why, name=share.name)
    return ventures.of_call(call, at)[1]


def _share(
    actor: Actor, call: str, holder: str, at: datetime
) -> tuple[tables.Venture, Call, capital.CallShare, Decision]:
    """A holder's share of a call, its table locked: the entity, the call, the share's row. Raises `NotFound`."""
    of = capital.Call.objects.filter(public_id=call).values_list("venture__public_id", flat=True).first()
    if of is None:
        raise NotFound(f"There is no capital call {call}.", field="call")
    found, row, decision = locked(actor, of, at, PAY.code)
    kept = capital.CallShare.objects.filter(call__public_id=call, holder__public_id=holder).first()
    if kept is None:
        raise NotFound(f"{call} asks nothing of {holder}.", field="holder")
    return row, next(each for each in found.calls if each.public_id == call), kept, decision


def _close(
    row: tables.Venture, call: str, holder: str, actor: Actor, at: datetime, outcome: str, decision: Decision
) -> None:
    keys = [(row.practice_id, _key(call, holder))]
    if practice := _practice_of(tables.Holder.objects.get(venture=row, public_id=holder)):
        keys.append((practice, _key(call, holder, CALLED)))
    work.close_items(keys=keys, actor=actor, at=at, outcome=outcome, under=decision)


@atomic
def allocate(*, actor: Actor, venture: str, amount: Money, on: date, why: str, at: datetime) -> Table:
    """Allocate profit (or a loss, below zero) to the capital accounts, pro rata to units, with the book's entry.

    The rest after preferred return is a matter of the operating agreement; here every unit bears alike. Raises
    `NotFollowed`.
    """
    one, row, decision = locked(actor, venture, at, PAY.code)
    said(why=why)
    days(on=on)
    found = [each for each in holding.holdings(one, on) if each.units]
    if not amount or not found:
        raise NotFollowed("There is nothing to allocate, or nobody to allocate it to.", field="amount")
    if on > tenancy.today(row.practice_id, at):
        raise NotFollowed("That day is still to come.", field="on")
    moved = [
        Posting(each.holder.public_id, each.cls.public_id, Flow.ALLOCATION, part, on, venture, "")
        for each, part in zip(found, amount.split([each.units for each in found]), strict=True) if part
    ]  # fmt: skip
    post(
        actor, row, moved, other=Accounts.RETAINED_EARNINGS, source=(VENTURE, venture), memo=why,
        key=f"{venture}:allocation:{len(one.postings)}", at=at, under=decision,
    )  # fmt: skip
    tell("allocated", venture, row.practice_id, actor, at, decision, why=why, amount=str(amount))
    return ventures.today(venture, at)


def preview(one: Table, amount: Money, on: date, by: By = By.UNITS) -> distributing.Distributed:
    """What a distribution on a day would come to; nothing is kept. Raises as `distribute` does."""
    return distributing.distribute(amount, holding.positions(holding.holdings(one, on)), by=by)


@atomic
def declare(*, actor: Actor, venture: str, amount: Money, by: By, why: str, at: datetime) -> Distribution:
    """Declare a distribution as of today, computed by the waterfall and kept as computed; somebody else pays it.

    By anything that follows referrals it is refused with the citation (`FollowsReferrals`); raises `NotDistributed`,
    and `NotFollowed` while another one waits to be paid.
    """
    one, row, decision = locked(actor, venture, at)
    distributing.refuse_referrals(by, what="A distribution")
    said(why=why)
    on = tenancy.today(row.practice_id, at)
    waiting = next((each for each in one.distributions if each.standing is Paying.DECLARED), None)
    if waiting is not None:
        no = f"{waiting.public_id} is declared and not paid; the next one is computed after it."
        raise NotFollowed(no, field="amount", fix="Pay it first.")
    computed = preview(one, amount, on, by)
    permit_on(actor, row, DECLARES, f"Declared a distribution of {amount:,.2f} of {one.name}", at, decision)
    made = capital.Distribution.objects.create(
        practice_id=row.practice_id, venture=row, amount=amount.amount, declared_on=on, why=why.strip(), made_at=at,
        made_by=actor.name[:160], made_by_user=actor.user,
    )  # fmt: skip
    holders = {each.public_id: each for each in tables.Holder.objects.filter(venture=row)}
    classes = {each.public_id: each for each in tables.UnitClass.objects.filter(venture=row)}
    capital.DistributionShare.objects.bulk_create(
        capital.DistributionShare(
            practice_id=row.practice_id, distribution=made, number=number, holder=holders[each.holder],
            unit_class=classes[each.cls], tier=each.tier, owed=each.owed[:60], amount=each.amount.amount, made_at=at,
            made_by=actor.name[:160],
        )
        for number, each in enumerate(computed.shares, start=1)
    )  # fmt: skip
    work.open_item(
        practice=row.practice_id, kind=TO_PAY, subject=(DISTRIBUTION, made.public_id), key=f"{TO_PAY}|{made.public_id}",
        title=f"Distribution of {one.name}"[:160], priority=50, priority_why=f"{amount:,.2f} declared by {actor.name}",
        why=f"{amount:,.2f} is declared: {why.strip()}. Somebody other than {actor.name} pays it.", at=at,
        due_at=clocks.closing(row.practice_id, clocks.business_day(on, 5)), amount=amount.amount,
    )  # fmt: skip
    tell("declared", made.public_id, row.practice_id, actor, at, decision, kind=DISTRIBUTION, amount=str(amount))
    return ventures.of_distribution(made.public_id, at)[1]


@atomic
def pay(*, actor: Actor, distribution: str, on: date, at: datetime) -> Distribution:
    """Pay a distribution: cash out and each capital account less, in the book. Who declared it does not pay it.

    Refused where an owner is known to refer and the table says that they do not (`NotLawful`).
    """
    of = capital.Distribution.objects.filter(public_id=distribution).select_related("venture").first()
    if of is None:
        raise NotFound(f"There is no distribution {distribution}.", field="distribution")
    one, row, decision = locked(actor, of.venture.public_id, at, PAY.code)
    given = next(each for each in one.distributions if each.public_id == distribution)
    duties.another(actor, did=given.made_by_user, **PARTED)
    if given.standing is Paying.PAID:
        raise NotFollowed("It is paid already.", field="on")
    if not given.on <= on <= tenancy.today(row.practice_id, at):
        raise NotFollowed("It is paid between its declaration and today.", field="on")
    clear_owners(one, {each.holder for each in given.shares}, Moving.DISTRIBUTION, at)
    moved = [Posting(each.holder, each.cls, each.tier, -each.amount, on, distribution, "") for each in given.shares]
    ledger = post(
        actor, row, moved, other=Accounts.OPERATING_CASH, source=(DISTRIBUTION, distribution), key=distribution,
        memo=f"Distribution {distribution}: {given.why}", at=at, under=decision,
    )  # fmt: skip
    capital.DistributionPayment.objects.create(
        practice_id=row.practice_id, distribution=of, paid_on=on, ledger=ledger, made_at=at, made_by=actor.name[:160]
    )
    keys = [(row.practice_id, f"{TO_PAY}|{distribution}")]
    work.close_items(keys=keys, actor=actor, at=at, outcome="Paid", under=decision)
    tell("distributed", distribution, row.practice_id, actor, at, decision, kind=DISTRIBUTION, amount=str(given.amount))
    return ventures.of_distribution(distribution, at)[1]
