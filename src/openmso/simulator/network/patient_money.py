"""Patients pay at the desk, one of them too much, and by the month; one is held back, the others get statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from openmso.billing import registry
from openmso.billing.contracts import AccountRow, Hold, Method, Reach
from openmso.billing.queries import accounts, payments, plans, policies, statements
from openmso.billing.services import cards, consenting, keeping, online, planning, receiving, refunding, stating
from openmso.billing.services import policies as deciding
from openmso.kit.money import Money
from openmso.patients import queries as registered
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.simulator.network.building import Site

AHEAD = Filters((Term("is", "=", "unapplied", "unapplied"),))
OWING = Filters((Term("is", "=", "owes", "owes"),))
SENT = Filters((Term("is", "=", "sent", "sent"),))
RUNNING = Filters((Term("is", "=", "active", "active"),))
OWING_MUCH = Filters((*OWING.terms, Term("owed", ">=", Decimal(50), "50")))
PLANS_ON = date(2026, 10, 6)
PLANS = ((2, True, ""), (2, False, ""), (10, False, "Out of work until the spring"))
"""In how many months, whether the first instalment is paid, and why it is outside the policy."""
STRICT = "ROCK"
WAYS = ((Method.CASH, "", 100), (Method.CHECK, "1042", 50), (Method.CARD, "4242 OK 271828", 125))
"""How patients pay, with the reference, and how much of what they owe, in percent."""


def pay(site: Site, *, actor: Actor, at: datetime) -> int:
    """The patients who owe most pay, and the others get statements; the caller gives the scope. How many paid."""
    keeping.refresh(practice=site.practice)
    planning.review(actor=actor, practice=site.practice, at=at)
    with reading():
        by_plan = {row.patient for row in plans.listing(filters=Filters(), page=PageAsk()).rows}
        rows = accounts.listing(filters=OWING, page=PageAsk(size=len(WAYS) + len(by_plan))).rows
        owing = [row for row in rows if row.patient not in by_plan][: len(WAYS)]
    for row, (method, reference, percent) in zip(owing, WAYS, strict=False):
        _pay(row, method, reference, percent, actor, at)
    _ask_back(actor, at)
    if len(owing) > 1:
        stating.hold(
            actor=actor, patient=owing[1].patient, reason=Hold.CHARITY, why="Asked for help", at=at,
        )  # fmt: skip
    run = stating.run(actor=actor, practice=site.practice, at=at)
    _pay_online(site, run, at + timedelta(hours=1))
    _at_the_desk(site, owing[1:], actor=actor, at=at + timedelta(hours=1))
    return min(len(owing), len(WAYS))


def _pay_online(site: Site, run: str, at: datetime) -> None:
    """Two pay by the page of their statement, one of them by a plan with the card kept, and one card is declined."""
    if registry.provider_for(site.plan.code) is None:
        return
    with reading():
        running = {row.patient: row for row in plans.listing(filters=RUNNING, page=PageAsk()).rows}
        rows = statements.of_run(run, filters=SENT, page=PageAsk(size=200)).rows
    sent = [row for row in rows if row.patient not in running or not running[row.patient].missed]
    sent.sort(key=lambda row: row.patient not in running)
    for row, works in zip(sent, (True, True, False), strict=False):
        kept = running.get(row.patient)
        keep = online.Consent(Reach.YEAR, kept.instalment) if kept else None
        page = online.begin(statement=row.public_id, amount=row.amount, keep=keep, back=str, at=at)
        online.press(payment=page, works=works, at=at)


def _at_the_desk(site: Site, owing: Sequence[AccountRow], *, actor: Actor, at: datetime) -> None:
    """A card is put on file for one visit, and one who allowed text messages replies STOP."""
    if registry.provider_for(site.plan.code) is None:
        return
    for row in owing[:1]:
        agreed = online.Consent(Reach.VISIT, row.owed)
        page = cards.keep(actor=actor, patient=row.patient, agreed=agreed, how="On a signed form", back=str, at=at)
        online.press(payment=page, works=True, at=at)
    with reading():
        people = [registered.get(row.patient) for row in owing[1:2]]
    for who in people:
        if who.phone:
            consenting.texts(actor=actor, patient=who.public_id, is_given=True, how="On the intake form", at=at)
            consenting.replied(practice=site.practice, number=who.phone, text="STOP", at=at + timedelta(minutes=5))


def plan(site: Site, *, actor: Actor, owner: Actor, at: datetime) -> None:
    """Three who owe pay by the month: one keeps it, one misses the first instalment, one asks for too little a month.

    In one practice the owner lets the first missed instalment break a plan. The caller gives the scope.
    """
    keeping.refresh(practice=site.practice)
    if site.plan.code == STRICT:
        with reading():
            policy = replace(policies.current(site.practice), plan_missed_max=1)
        deciding.decide(
            actor=owner, practice=site.practice, policy=policy,
            why="Who misses one is called, and a new plan is made", at=at,
        )  # fmt: skip
    with reading():
        rows = accounts.listing(filters=OWING_MUCH, page=PageAsk(size=len(PLANS))).rows
        day = tenancy.today(site.practice, at)
    for row, (months, pays, why) in zip(rows, PLANS, strict=False):
        instalment = row.owed.split([1] * months)[0]
        planning.make(
            actor=actor, patient=row.patient, instalment=instalment, month_day=day.day, starts_on=day, why=why, at=at
        )
        if pays:
            receiving.take(actor=actor, patient=row.patient, method=Method.CASH, amount=instalment, at=at)


def _pay(row: AccountRow, method: Method, reference: str, percent: int, actor: Actor, at: datetime) -> None:
    amount = Money.cents(int(row.owed.amount * percent))
    receiving.take(actor=actor, patient=row.patient, method=method, amount=amount, reference=reference, at=at)


def _ask_back(actor: Actor, at: datetime) -> None:
    """Half of what was paid too much is asked back."""
    with reading():
        ahead = payments.listing(filters=AHEAD, page=PageAsk(size=1)).rows
    for row in ahead:
        half = Money.cents(int(row.left.amount * 50))
        refunding.ask(actor=actor, payment=row.public_id, amount=half, why="The patient asks for it", at=at)
