"""What the people of the demo do with claims and denials themselves, when they have heard what is missing."""

from __future__ import annotations

from decimal import Decimal

from openmso.claims.contracts import Claim
from openmso.claims.queries import stories
from openmso.claims.services import correcting
from openmso.claims.services.correcting import LineChange
from openmso.denials.queries import network
from openmso.denials.services import acting, writing_off
from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.platform.work.contracts import ItemRow
from openmso.simulator.network.building import Site
from openmso.simulator.network.services_offered import BY_SPECIALTY, Encounter

UNRELATED = {True: "24", False: "79"}
"""The modifiers of a visit, and of a procedure, within the days that another procedure pays for."""


def mend(who: Actor, claim: str, why: str, site: Site) -> bool:
    """Put in what the practice said on the telephone; whether that was all."""
    if not any(words in why for words in ("no diagnosis", "has 0 units", "falls into the days")):
        return False
    with reading():
        one = stories.claim(claim)
    if "no diagnosis" in why:
        came_for = _encounter(site, one)
        correcting.change(actor=who, claim=claim, fields={}, diagnoses=came_for.diagnoses, at=who.at)
    elif "has 0 units" in why:
        lines = {line.number: LineChange(units=Decimal(1)) for line in one.lines if not line.units}
        correcting.change(actor=who, claim=claim, fields={}, lines=lines, at=who.at)
    else:
        lines = {
            line.number: LineChange(modifiers=(*line.modifiers, UNRELATED[line.code.startswith("99")]))
            for line in one.lines
        }
        correcting.change(actor=who, claim=claim, fields={}, lines=lines, at=who.at)
    return True


def _encounter(site: Site, claim: Claim) -> Encounter:
    """What the patient came for, by the codes of the claim."""
    usual = BY_SPECIALTY[site.plan.specialty]
    codes = {line.code for line in claim.lines}
    return next((one for one in usual if {each.code for each in one.services} <= codes), usual[0])


def authorize(who: Actor, claim: str, number: str) -> None:
    """Put in the number that the payer gave."""
    correcting.change(actor=who, claim=claim, fields={"prior_authorization": number}, at=who.at)


def send_again(who: Actor, claim: str) -> None:
    """Make a rejected claim ready for the next batch."""
    correcting.change(actor=who, claim=claim, fields={}, at=who.at)


def write_off(who: Actor, item: ItemRow) -> bool:
    """Give up what the payer has right, where one person may; whether it was given up."""
    with reading():
        limit = network.limit()
    if item.amount is None or Money(item.amount) > limit:
        return False
    writing_off.ask(actor=who, denial=item.subject_id, why="The payer is right", at=who.at)
    return True


def ask_payer(who: Actor, denial: str) -> None:
    """Ask what would change their mind."""
    acting.ask_payer(
        actor=who, denial=denial, note="Called: they want the record, and look at it again.", until=None, at=who.at
    )
