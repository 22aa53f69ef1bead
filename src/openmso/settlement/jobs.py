"""Jobs of settlement: a month for many practices, answers that a practice left alone, figures that fees wait for."""

from __future__ import annotations

from datetime import datetime

from openmso.kit.periods import Month
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs.registry import job
from openmso.platform.tenancy.scope import reading
from openmso.settlement import runs
from openmso.settlement.queries import disputes, entered
from openmso.settlement.services import disputing, entering


@job("settlement.run", queue="bulk", network=True)
def go_on(*, practice: int, at: datetime, actor: Actor, run: str) -> None:
    """Settle a month to the last practice of a run; each is one transaction, so that a killed worker goes on."""
    while runs.go_on(actor=actor, run=run, at=at):
        pass


@job("settlement.lapse", network=True, cron="50 9 * * *")
def lapse(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every morning: each answer that a practice neither accepted nor took further in its days stands."""
    with reading():
        found = disputes.unheeded(at.date())
    for dispute in found:
        disputing.lapse(actor=actor, dispute=dispute, at=at)


@job("settlement.ask_figures", network=True, cron="40 9 * * *")
def ask_figures(*, practice: int, at: datetime, actor: Actor) -> None:
    """Every morning: what the fees of the last month wait for is asked of people, practice by practice."""
    month = Month.of(at.date()).plus(-1)
    with reading():
        waits = entered.missing(entered.unsettled(month), month)
    entering.ask(waits=waits, at=at)
