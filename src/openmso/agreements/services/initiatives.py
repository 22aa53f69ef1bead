"""Initiatives of the network: written by the MSO; joined and left by each practice, whenever it wants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from openmso.agreements.initiatives import catalogue
from openmso.agreements.initiatives.catalogue import BadInitiative
from openmso.agreements.initiatives.contracts import INITIATIVES, JOIN, Choice
from openmso.agreements.models.initiatives import InitiativeChoice, InitiativeVersion
from openmso.agreements.queries import initiatives as queries
from openmso.agreements.services import versions
from openmso.kit.clock import day_in
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

NOT_THE_MSO = "The catalogue of initiatives is kept by the MSO."
_write = partial(versions.write, InitiativeVersion, kind="initiative")


@atomic
def choose(
    *, actor: Actor, practice: int, code: str, joins: bool, at: datetime, from_on: date | None = None, why: str = ""
) -> Choice:
    """Say yes or no to an initiative from a day on, today where none is said; only people of the practice do.

    What was said before stays to be read. Refused for a day that is past and for what holds already.
    """
    decision = actor.must(JOIN.code, practice)
    one, today = queries.initiative(code), day_in(tenancy.zone(practice), at)
    starts = from_on or today
    if starts < today:
        raise BadInitiative(f"{starts} is past.", field="from_on", fix=f"Choose today, {today}, or a later day.")
    held = catalogue.on_day(queries.holding(practice, code), starts)
    if (held is not None and held.joins) == joins:
        said = "takes part" if joins else "does not take part"
        raise BadInitiative(f"The practice {said} already: {one.words}.", field="joins", fix="Nothing is to be done.")
    row = InitiativeChoice.objects.create(
        practice_id=practice, initiative=code, joins=joins, from_on=starts, why=why.strip()[:300], at=at,
        by=actor.name[:160], user=actor.user,
    )  # fmt: skip
    audit.record(
        actor=actor, action="agreements.initiative_joined" if joins else "agreements.initiative_left",
        practice=practice, at=at, subject=("agreements.initiative", code), facts={"from_on": str(starts)},
        why=why.strip()[:200], decision=decision,
    )  # fmt: skip
    return Choice(code, joins, starts, row.why, at, row.by)


@atomic
def write(*, actor: Actor, mso: int, given: Mapping[str, Any], why: str, at: datetime) -> int:
    """Write a version of an initiative, or a new one. Returns its number.

    One that uses something else than before is another initiative: a practice said yes to what stood there, so its
    code is another one too. Raises `BadInitiative`, and `Refused` where no reason is given.
    """
    decision = actor.must(INITIATIVES.code, mso)
    made = catalogue.initiative_of(given)
    if any(one.uses != made.uses for one in queries.ever(made.code)):
        raise BadInitiative(
            "Practices said yes to what it used before.", field="uses", fix="Write it under another code, and ask anew."
        )
    return _write(actor=actor, mso=mso, code=made.code, body=catalogue.as_data(made), why=why, at=at, decision=decision)


@atomic
def withdraw(*, actor: Actor, mso: int, code: str, why: str, at: datetime) -> int:
    """Withdraw an initiative: no practice takes part any longer. Returns the number."""
    decision = actor.must(INITIATIVES.code, mso)
    queries.initiative(code)
    return _write(actor=actor, mso=mso, code=code, body={}, why=why, at=at, decision=decision)
