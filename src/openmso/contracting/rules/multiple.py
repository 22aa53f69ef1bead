"""Multiple procedures on one day (multiple procedure indicators 2 to 7 of the relative value file)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openmso.contracting.rules.items import Item, Session
from openmso.contracting.rules.policy import Policy, Rank
from openmso.contracting.rules.tariffs import percent

ORDINALS = ("first", "second", "third", "fourth", "fifth")


def reduce(session: Session) -> None:
    """Reduce what is not the first of its kind on this day."""
    _surgery(session)
    _therapy(session)
    policy = session.policy
    _components(session, "4", policy.imaging_technical, policy.imaging_professional, "imaging")
    _components(session, "6", policy.cardiovascular_technical, Decimal(1), "cardiovascular test")
    _components(session, "7", policy.ophthalmology_technical, Decimal(1), "ophthalmology test")


@dataclass(frozen=True, slots=True)
class _Ranked:
    """What is ranked as one procedure: a unit of a code, or an endoscopic family with the value of each line."""

    rank: Decimal
    parts: tuple[tuple[Item, Decimal], ...]
    is_family: bool = False


def _surgery(session: Session) -> None:
    """Indicators 2 and 3: families of endoscopies first, then all by rank, each at the percentage of its place."""
    items, policy = session.of("2", "3"), session.policy
    families = _families(items) if policy.endoscopy_families else {}
    in_family = {id(one) for family in families.values() for one in family}
    ranked = [_family(session, base, family) for base, family in families.items()]
    for item in items:
        if id(item) not in in_family:
            whole = int(item.units) if item.units == int(item.units) and item.units > 0 else 1
            each = item.unit * item.units / whole
            ranked += [_Ranked(_rank(item, policy), ((item, each),))] * whole
    if len(ranked) < 2 and not families:
        return
    ranked.sort(key=lambda one: -one.rank)
    _write(session, ranked)


def _families(items: Sequence[Item]) -> dict[str, list[Item]]:
    """Endoscopies by their base code, the base itself too; one alone is no family."""
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.row.multiple == "3" and item.row.endoscopy_base:
            found[item.row.endoscopy_base].append(item)
    for item in items:
        if item.row.code in found and item.row.multiple != "3":
            found[item.row.code].append(item)
    return {base: family for base, family in found.items() if len(family) > 1}


def _family(session: Session, base: str, family: Sequence[Item]) -> _Ranked:
    """The highest in full, of each other what it is worth more than the base."""
    order = sorted(family, key=lambda one: -one.unit)
    parts = [(order[0], order[0].unit * order[0].units)]
    for item in order[1:]:
        worth = item.tariff.fee(base, "", item.setting) or Decimal(0)
        parts.append((item, max(item.unit - worth, Decimal(0)) * item.units))
        session.words.setdefault(item.line.number, []).append(f"Less the base endoscopy {base}")
    rank = max(_rank(item, session.policy) for item in order)
    if session.policy.rank is Rank.FEE:
        rank = sum((value for _, value in parts), Decimal(0))
    return _Ranked(rank, tuple(parts), is_family=True)


def _rank(item: Item, policy: Policy) -> Decimal:
    if policy.rank is Rank.FACILITY_RVU:
        return item.row.facility_total
    return item.line.charge.amount if policy.rank is Rank.CHARGE else item.unit


def _write(session: Session, ranked: Sequence[_Ranked]) -> None:
    sums: dict[int, Decimal | None] = {}
    said: dict[int, list[str]] = defaultdict(list)
    items = {item.line.number: item for one in ranked for item, _ in one.parts}
    for place, one in enumerate(ranked):
        share = session.policy.of_place(place)
        for item, value in one.parts:
            number = item.line.number
            before = sums.get(number, Decimal(0))
            sums[number] = None if share is None or before is None else before + value * share
            if share is None:
                said[number].append(f"The {_nth(place)} procedure of a day is paid by report.")
            elif share != 1:
                said[number].append(f"{percent(share)} as the {_nth(place)} procedure of the day")
    for number, total in sums.items():
        words = said[number] or session.words.pop(number, [])
        if words:
            session.set(items[number], total, "; ".join(words) if total is not None else words[-1])


def _nth(place: int) -> str:
    return ORDINALS[place] if place < len(ORDINALS) else f"{place + 1}th"


def _therapy(session: Session) -> None:
    """Indicator 5: the unit with the most practice expense in full, of every other unit half the expense."""
    items, share = session.of("5"), session.policy.therapy_expense
    if share == 1 or sum((one.units for one in items), Decimal(0)) <= 1:
        return
    first = max(items, key=lambda one: one.expense)
    for item in items:
        reduced = item.units - (1 if item is first else 0)
        if reduced > 0:
            cut = item.expense * (1 - share) * reduced
            words = f"Practice expense at {percent(share)} for {reduced.normalize():f} more"
            session.set(item, item.unit * item.units - cut, f"{words} unit{'' if reduced == 1 else 's'} of therapy")


def _components(session: Session, multiple: str, technical: Decimal, professional: Decimal, what: str) -> None:
    """Indicators 4, 6 and 7: the technical component of every further test (and of imaging the professional)."""
    items = session.of(multiple)
    cuts: dict[int, Decimal] = defaultdict(Decimal)
    words: dict[int, list[str]] = defaultdict(list)
    for component, share in (("TC", technical), ("26", professional)):
        parts = [(one, _part(one, component)) for one in items]
        order = sorted((one for one in parts if one[1]), key=lambda one: -one[1])
        for item, value in order[1:] if share != 1 else ():
            cuts[item.line.number] += value * item.units * (1 - share)
            words[item.line.number].append(f"{component} at {percent(share)}: a further {what} of the day")
    for item in items:
        number = item.line.number
        if number in cuts:
            session.set(item, item.unit * item.units - cuts[number], "; ".join(words[number]))


def _part(item: Item, component: str) -> Decimal:
    """What of an item is its technical or professional component; nothing where the file does not divide it."""
    if item.row.modifier in ("26", "TC"):
        return item.unit if item.row.modifier == component else Decimal(0)
    if item.row.pctc in ("2", "3"):  # the code is one component: professional 2, technical 3
        return item.unit if item.row.pctc == ("3" if component == "TC" else "2") else Decimal(0)
    return item.tariff.fee(item.row.code, component, item.setting) or Decimal(0)
