"""Covenants: added, tested for each period, a breach with its days to cure, and what waits of all that each morning."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from openmso.agreements.queries import clocks
from openmso.equity.contracts import KEEP
from openmso.equity.contracts.facilities import (
    BREACH,
    FACILITY,
    INSTALMENT,
    TESTING,
    Covenant,
    Facility,
    Lending,
    NewCovenant,
    NotLent,
)
from openmso.equity.models import facilities as kept
from openmso.equity.queries import facilities
from openmso.equity.rules import lending
from openmso.equity.services.keeping import said, tell
from openmso.equity.services.lending import instalment_key, locked, unused_key
from openmso.kit.errors import NotFound
from openmso.kit.periods import Month
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem, when

AHEAD = timedelta(days=7)
"""How long before its day an instalment waits in the inbox."""


@atomic
def add(*, actor: Actor, facility: str, new: NewCovenant, at: datetime) -> Facility:
    """Add a covenant to a facility that is not over. Raises `NotLent`."""
    one, row, decision = locked(actor, facility, KEEP.code)
    said(words=new.words)
    if one.state in {Lending.DECLINED, Lending.CLOSED}:
        raise NotLent(f"The facility is {one.state.label.lower()}.")
    if not 1 <= new.cure_days <= 365:
        raise NotLent("A breach is cured within a day to a year.", field="cure_days")
    kept.Covenant.objects.create(
        practice_id=row.practice_id, facility=row, words=new.words.strip(), measure=new.measure, at_least=new.at_least,
        limit=new.limit, every=new.every, cure_days=new.cure_days, made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    tell("covenant_added", facility, row.practice_id, actor, at, decision, kind=FACILITY, words=new.words.strip())
    return facilities.facility(facility)


@atomic
def check(
    *, actor: Actor, covenant: str, month: Month, at: datetime, value: Decimal | None = None, shows: str = ""
) -> Covenant:
    """Test a covenant for the period that ends with a month; a breach waits as work until its day to cure.

    What comes from the book is computed; `value` and what `shows` it are told only of other figures. Raises `NotLent`.
    """
    of = _of(covenant)
    one, row, decision = locked(actor, of.facility.public_id, KEEP.code)
    found = next(each for each in one.covenants if each.public_id == covenant)
    today = tenancy.today(row.practice_id, at)
    if month not in lending.periods(one, found, today):
        raise NotLent(f"{month.words} ends no period that is over and not tested.", field="month")
    computed = facilities.measured(one, found, month)
    if computed is None and (value is None or not shows.strip()):
        raise NotLent("Say the figure, and what shows it.", field="value")
    figure = value if computed is None and value is not None else computed or Decimal(0)
    met = lending.meets(found, figure)
    cure_by = None if met else today + timedelta(days=found.cure_days)
    kept.CovenantTest.objects.create(
        practice_id=row.practice_id, covenant=of, month=month.first, value=figure, met=met,
        shows=shows.strip() or "The practice's book", cure_by=cure_by, made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    keys = [(row.practice_id, _key(TESTING, covenant, month))]
    work.close_items(keys=keys, actor=actor, at=at, outcome="Tested", under=decision)
    if cure_by is not None:
        _breach(one, found, month, figure, cure_by, at)
    facts = {"month": str(month), "value": f"{figure.normalize():f}", "outcome": "met" if met else "breached"}
    tell("covenant_tested", one.public_id, row.practice_id, actor, at, decision, kind=FACILITY, **facts)
    return facilities.of_covenant(covenant)[1]


def _breach(one: Facility, covenant: Covenant, month: Month, figure: Decimal, cure_by: date, at: datetime) -> None:
    work.open_item(
        practice=one.practice, kind=BREACH, subject=(FACILITY, one.public_id),
        key=_key(BREACH, covenant.public_id, month), at=at, priority=75,
        title=f"Covenant breached: {covenant.words}"[:160],
        why=f"{figure.normalize():,f} for {month.words}; it is to be {covenant.sentence}. Nothing more is drawn until "
        "it is cured.",
        priority_why=f"to be cured {when(cure_by)}", due_at=clocks.closing(one.practice, cure_by),
    )  # fmt: skip


@atomic
def cure(*, actor: Actor, covenant: str, month: Month, on: date, words: str, at: datetime) -> Covenant:
    """Record that a breach was cured, and how. Raises `NotLent`."""
    of = _of(covenant)
    one, row, decision = locked(actor, of.facility.public_id, KEEP.code)
    said(words=words)
    made = kept.CovenantTest.objects.filter(covenant=of, month=month.first, met=False).first()
    if made is None or kept.Cure.objects.filter(test=made).exists():
        raise NotLent(f"There is no breach of {month.words} to cure.", field="month")
    if not made.month <= on <= tenancy.today(row.practice_id, at):
        raise NotLent("It was cured between the period and today.", field="on")
    kept.Cure.objects.create(
        practice_id=row.practice_id, test=made, cured_on=on, words=words.strip(), made_at=at, made_by=actor.name[:160]
    )
    keys = [(row.practice_id, _key(BREACH, covenant, month))]
    work.close_items(keys=keys, actor=actor, at=at, outcome="Cured", under=decision)
    facts = {"month": str(month)}
    tell("covenant_cured", one.public_id, row.practice_id, actor, at, decision, kind=FACILITY, why=words, **facts)
    return facilities.of_covenant(covenant)[1]


@atomic
def watch(*, actor: Actor, at: datetime) -> int:
    """Look at every facility in scope: instalments that come due and covenants to test begin to wait; how many."""
    count = 0
    for one in facilities.in_scope():
        items = _items(one, tenancy.today(one.practice, at))
        work.open_items(practice=one.practice, items=items, at=at)
        count += len(items)
    return count


def _items(one: Facility, today: date) -> list[NewItem]:
    found = []
    for draw in one.draws:
        line = draw.next
        if line is not None and line.due_on <= today + AHEAD:
            found.append(
                NewItem(
                    kind=INSTALMENT, subject=(FACILITY, one.public_id), key=instalment_key(draw.public_id, line.number),
                    title=f"Instalment {line.number} of {draw.public_id}", priority=50,
                    why=f"{line.payment:,.2f} is due of {draw.purpose}. Post it when it was paid.",
                    priority_why=f"{line.payment:,.2f} due {when(line.due_on)}", amount=line.payment.amount,
                    due_at=clocks.closing(one.practice, line.due_on),
                )
            )  # fmt: skip
    for month in lending.unused_months(one, today):
        mean, amount = lending.unused(one, month)
        by = month.last + timedelta(days=15)
        found.append(
            NewItem(
                kind=INSTALMENT, subject=(FACILITY, one.public_id), key=unused_key(one.public_id, month), priority=45,
                title=f"Unused fee of {one.public_id}, {month.words}", amount=amount.amount,
                why=f"{mean:,.2f} was not drawn on average of {month.words}. Post the fee when it was paid.",
                priority_why=f"{amount:,.2f} due {when(by)}", due_at=clocks.closing(one.practice, by),
            )
        )  # fmt: skip
    if one.state is Lending.OPEN:
        for covenant in one.covenants:
            for month in lending.periods(one, covenant, today):
                by = month.last + timedelta(days=15)
                found.append(
                    NewItem(
                        kind=TESTING, subject=(FACILITY, one.public_id),
                        key=_key(TESTING, covenant.public_id, month), priority=40,
                        title=f"Test: {covenant.words}"[:160],
                        why=f"The period to {month.words} is over: {covenant.sentence}.",
                        priority_why=f"to be tested {when(by)}", due_at=clocks.closing(one.practice, by),
                    )
                )  # fmt: skip
    return found


def _key(kind: str, covenant: str, month: Month) -> str:
    return f"{kind}|{covenant}|{month}"


def _of(covenant: str) -> kept.Covenant:
    found = kept.Covenant.objects.filter(public_id=covenant).select_related("facility").first()
    if found is None:
        raise NotFound(f"There is no covenant {covenant}.", field="covenant")
    return found
