"""Jobs of billing: each calls one service and is safe to run twice."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from openmso.billing import registry
from openmso.billing.contracts import DEPOSIT
from openmso.billing.services import (
    charging,
    chasing,
    keeping,
    online,
    paying_out,
    planning,
    stating,
    stepping,
    telling,
)
from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.queries import tenants


@job("billing.sweep", queue="bulk")
def sweep(*, practice: int, at: datetime, actor: Actor, sweep: str) -> None:
    """Go on with a run over accounts; each step commits, so that a killed worker goes on where it stopped."""
    while stepping.go_on(actor=actor, sweep=sweep, at=at):
        pass


@job("billing.statements", queue="bulk")
def statements(*, practice: int, at: datetime, actor: Actor, run: str) -> None:
    """Go on with a run of statements; each step commits."""
    while stating.go_on(actor=actor, run=run, at=at):
        pass


@job("billing.refresh", queue="bulk", network=True, cron="15 9 * * *")
def refresh(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every night: what patients owe, by whatever has happened to their claims."""
    for tenant in tenants():
        if not tenant.is_mso:
            keeping.refresh(practice=tenant.pk)
            chasing.refresh(practice=tenant.pk, on=tenancy.today(tenant.pk, at))


@job("billing.review_plans", queue="bulk", network=True, cron="30 9 * * *")
def review_plans(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every night: what of payment plans is missed, broken or paid."""
    for tenant in tenants():
        if not tenant.is_mso:
            planning.review(actor=actor, practice=tenant.pk, at=at)


@job("billing.charge_cards", queue="bulk", network=True, cron="5 14-20 * * *")
def charge_cards(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every hour of the working day: what cards will be charged is announced, and what was announced is charged."""
    for tenant in tenants():
        if not tenant.is_mso:
            charging.collect(actor=actor, practice=tenant.pk, at=at)
            charging.announce(actor=actor, practice=tenant.pk, at=at)


@job("billing.tell", queue="bulk", network=True, cron="*/15 * * * *")
def tell(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every quarter of an hour: notices that wait go to whoever delivers them."""
    for tenant in tenants():
        if not tenant.is_mso:
            telling.tell(actor=actor, practice=tenant.pk, at=at)


@job("billing.look_online", queue="bulk", network=True, cron="*/10 * * * *")
def look_online(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every ten minutes: payments on line of which nobody told are asked about."""
    for tenant in tenants():
        if not tenant.is_mso:
            online.look_again(practice=tenant.pk, at=at)


@job("billing.fetch_payouts", queue="bulk", network=True, cron="40 11 * * *")
def fetch_payouts(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every morning: what providers of cards paid out; one that does not answer is asked the next day again."""
    for tenant in tenants():
        if not tenant.is_mso and registry.provider_for(tenant.code) and actor.can(DEPOSIT.code, tenant.pk):
            with suppress(Refused):
                paying_out.fetch(actor=actor, practice=tenant.pk, at=at)
