"""Who holds what on a day: units and what has vested, capital accounts, preferred return; what cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from openmso.equity.contracts import Entry, Holding, NewUnits, Posting, Table, UnitClass, Vesting
from openmso.equity.rules import distributing, preferred
from openmso.equity.states import FROM_HOLDER, OF_CAPITAL, TO_HOLDER, Act, Flow, Sort
from openmso.kit.money import ZERO, Money

PLACES = Decimal("0.0001")
NONE = Decimal(0)
TO_OTHERS = frozenset({Flow.CAPITAL, Flow.RESIDUAL})
"""What counts towards the threshold of profits units; a preferred return is paid before anybody shares."""
_SAYS_IT = re.compile(
    r"(volume|value|number|count|amount)s?\b[^.;]*\b(referral|order)s?\b|\bper (referral|order|patient)\b", re.I
)
_DENIES = re.compile(
    r"\b(not|never|no|none|nothing|without|regardless|irrespective|independent(ly)?|nor|neither)\b", re.I
)


def follows_referrals(terms: str) -> str:
    """The sentence of some terms that pays by referrals, as written; empty where none does or one denies it."""
    for sentence in re.split(r"(?<=[.;])\s+", terms):
        if _SAYS_IT.search(sentence) and not _DENIES.search(sentence):
            return sentence.strip()
    return ""


def vested(units: Decimal, vesting: Vesting | None, on: date) -> Decimal:
    """How many of some units have vested on a day, down to the ten-thousandth of a unit."""
    if vesting is None:
        return units
    months = preferred.whole_months(vesting.starts_on, on) if on >= vesting.starts_on else 0
    if months < vesting.cliff_months:
        return NONE
    return units if months >= vesting.months else (units * months // (vesting.months * PLACES)) * PLACES


def held(table: Table, holder: str, cls: str, on: date) -> tuple[Decimal, Decimal]:
    """Units of a class that somebody holds on a day, and how many of them have vested.

    What was forfeited is taken from what had not vested; what is transferred or redeemed has vested.
    """
    units = waiting = NONE
    for one in table.entries:
        if one.cls != cls or one.on > on:
            continue
        if one.to == holder:
            units += one.units
            waiting += one.units - vested(one.units, one.vesting, on)
        if one.frm == holder:
            units -= one.units
            waiting -= one.units if one.act is Act.FORFEITURE else NONE
    return units, units - min(max(waiting, NONE), units)


def postings(table: Table, holder: str, cls: str, on: date) -> Iterator[Posting]:
    """What moved the capital account of a holder in a class through a day."""
    return (one for one in table.postings if one.holder == holder and one.cls == cls and one.on <= on)


def capital(moved: Sequence[Posting]) -> Money:
    """The capital that was put in and not returned; never below zero."""
    return max(Money.total(one.amount for one in moved if one.flow in OF_CAPITAL), ZERO)


def preferred_of(cls: UnitClass, moved: Sequence[Posting], on: date) -> Money:
    """The preferred return of a class that was earned through a day and not paid."""
    steps = [
        preferred.Step(
            one.on, one.amount if one.flow in OF_CAPITAL else ZERO, -one.amount if one.flow is Flow.PREFERRED else ZERO
        )
        for one in moved
    ]  # fmt: skip
    return preferred.accrued(terms_of(cls), steps, on)


def hurdle(table: Table, cls: UnitClass, on: date) -> Money:
    """What of the threshold of a class is still ahead on a day: what went to others since its first units is behind."""
    if not cls.threshold:
        return ZERO
    granted = min((one.on for one in table.entries if one.cls == cls.public_id), default=on)
    gone = Money.total(
        -one.amount for one in table.postings
        if one.flow in TO_OTHERS and one.cls != cls.public_id and granted <= one.on <= on
    )  # fmt: skip
    return max(cls.threshold - gone, ZERO)


def terms_of(cls: UnitClass) -> preferred.Terms:
    """The preferred return of a class."""
    return preferred.Terms(cls.rate, cls.compounding, cls.day_count)


def holdings(table: Table, on: date) -> list[Holding]:
    """The cap table on a day: every holder of every class, and who has only a capital account left."""
    found: list[Holding] = []
    for cls in table.classes:
        pairs = [(holder, held(table, holder.public_id, cls.public_id, on)) for holder in table.holders]
        whole = sum((units for _, (units, _) in pairs), NONE)
        for holder, (units, ripe) in pairs:
            moved = list(postings(table, holder.public_id, cls.public_id, on))
            account = Money.total(one.amount for one in moved)
            if units or account:
                found.append(
                    Holding(holder, cls, units, ripe, NONE, units / whole if whole else NONE, account, capital(moved),
                            preferred_of(cls, moved, on), hurdle(table, cls, on))
                )  # fmt: skip
    return _with_shares(found)


def _with_shares(found: list[Holding]) -> list[Holding]:
    whole = sum((one.units for one in found), NONE)
    return [replace(one, share=one.units / whole if whole else NONE) for one in found]


def positions(found: Sequence[Holding]) -> list[distributing.Position]:
    """The holdings as a distribution takes them; profits units have no capital and no preferred return."""
    return [
        distributing.Position(
            one.holder.public_id, one.holder.name, one.cls.public_id, one.cls.name, one.preferred,
            ZERO if one.cls.sort is Sort.PROFITS else one.capital, one.vested, one.hurdle,
        )
        for one in found
    ]  # fmt: skip


def account(table: Table, holder: str) -> list[tuple[Posting, str, Money]]:
    """The movements of a holder's capital account in order, each with its class and the balance after it."""
    names = {one.public_id: one.name for one in table.classes}
    found, balance = [], ZERO
    for one in table.postings:
        if one.holder == holder:
            balance += one.amount
            found.append((one, names[one.cls], balance))
    return found


def why_not(table: Table, new: NewUnits) -> tuple[str, str]:
    """Why units cannot move so, and the field it is about; two empty texts where they can."""
    last: Entry | None = table.entries[-1] if table.entries else None
    if last is not None and new.on < last.on:
        return f"The ledger of units goes by days, and its last entry is of {last.on:%-d %B %Y}.", "on"
    if new.units <= 0 or new.units != new.units.quantize(PLACES):
        return "Units are more than nothing, to four places.", "units"
    for wanted, given, name in ((TO_HOLDER, new.to, "to"), (FROM_HOLDER, new.frm, "frm")):
        if (new.act in wanted) != bool(given):
            return f"{new.act.label} {'needs' if new.act in wanted else 'has no'} holder here.", name
    if new.frm and new.frm == new.to:
        return "Nobody transfers units to themselves.", "to"
    if new.paid.amount < 0 or (new.paid and new.act in {Act.TRANSFER, Act.FORFEITURE}):
        return f"Nothing is paid to or by the entity at a {new.act.label.lower()}.", "paid"
    if new.act is Act.ROLLOVER and not new.paid:
        return "Say what the stake that is rolled over is worth.", "paid"
    if new.vesting is not None and (new.act is not Act.ISSUE or not _can_vest(new.vesting)):
        return "Only issued units vest, over at least a month, with a cliff within these months.", "months"
    if new.act in FROM_HOLDER:
        units, ripe = held(table, new.frm, new.cls, new.on)
        most = units - ripe if new.act is Act.FORFEITURE else ripe
        if new.units > most:
            kind = "not vested" if new.act is Act.FORFEITURE else "vested"
            return f"Of these units {most.normalize():f} are held and {kind} on that day.", "units"
    return "", ""


def _can_vest(vesting: Vesting) -> bool:
    return 1 <= vesting.months <= 240 and 0 <= vesting.cliff_months <= vesting.months


def moved_with(table: Table, new: NewUnits) -> tuple[Money, Money]:
    """What of a capital account goes with units that leave a holder: capital, and the rest of the account.

    The part is that of the vested units (26 CFR 1.704-1(b)(2)(iv)(l)). Preferred return that was earned before stays.
    """
    _, ripe = held(table, new.frm, new.cls, new.on)
    moved = list(postings(table, new.frm, new.cls, new.on))
    of_capital, account = capital(moved), Money.total(one.amount for one in moved)
    part = new.units / ripe
    taken = of_capital.times(part)
    return taken, account.times(part) - taken
