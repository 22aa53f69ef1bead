"""The benefit sheet: many EB segments as what a person at the desk asks: covered? until when? what does it cost?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from edi.x12.eligibility.model import INACTIVE
from openmso.eligibility.contracts import BenefitLine, OtherPayer, Sheet
from openmso.eligibility.rules.services import CONTACTS, PLAN, service
from openmso.eligibility.rules.told import CARING, PAYING, Told
from openmso.eligibility.states import Verdict
from openmso.kit.money import Money

LEFT = frozenset({"29", "33"})
MANAGED = frozenset({"HN", "IN", "PR", "PS", "HM", "EP", "MC"})
"""EB04 of a plan that takes the place of the government's own: Medicare health maintenance risk and its kin."""
HANDED_ON = frozenset({"MC", "U", "H"})
"""EB01 that say that somebody else is to be asked: managed care, a following entity, unlimited by another."""
LIMITED = frozenset({"F", "J"})


def sheet(told: Sequence[Told], days: tuple[date | None, date | None], *, is_government: bool = False) -> Sheet:
    """What an answer says. `is_government` says that Medicare or Medicaid was asked, behind whom a plan may stand."""
    active = next((one for one in told if one.is_active and one.plan), None)
    return Sheet(
        verdict=verdict(told),
        plan=active.plan if active else next((one.plan for one in told if one.is_active or one.plan), ""),
        insurance_type=active.insurance_type if active else "",
        starts_on=days[0],
        ends_on=days[1],
        lines=_lines(told),
        others=_others(told, is_government=is_government),
        primary_care=_unique(one.other_name for one in told if one.information == "L" and one.other_role in CARING),
        messages=_unique(one.message for one in told),
    )


def verdict(told: Iterable[Told]) -> Verdict:
    """Whether the plan holds. That the plan as a whole is inactive outweighs what is said of a single service."""
    whole = {PLAN, ""}
    active = inactive = False
    for one in told:
        if one.information in INACTIVE and whole & set(one.services or ("",)):
            return Verdict.INACTIVE
        active |= one.is_active
        inactive |= one.information in INACTIVE
    return Verdict.ACTIVE if active else Verdict.INACTIVE if inactive else Verdict.UNSAID


@dataclass(slots=True)
class _Open:
    """A line in the making."""

    line: BenefitLine
    limits: list[str] = field(default_factory=list)


def _lines(told: Sequence[Told]) -> tuple[BenefitLine, ...]:
    found: dict[tuple[str, str], _Open] = {}
    for one in told:
        for code in _services(one):
            key = (code, one.network)
            open_ = found.get(key)
            if open_ is None:
                open_ = found[key] = _Open(BenefitLine(code, service(code), one.network))
            _enter(open_, one)
    lines = [replace(open_.line, limits=_unique(open_.limits)) for open_ in found.values()]
    place: dict[str, int] = {}
    for code, _ in found:
        place.setdefault(code, len(place))
    told_lines = [line for line in lines if _says_something(line)]
    return tuple(sorted(told_lines, key=lambda line: (place[line.service], line.network)))


def _services(one: Told) -> Sequence[str]:
    """The service types of a benefit; contact lenses are told from lenses by their code, or by the payer's words."""
    is_contact = "V2500" <= one.code <= "V2599" or (one.information in LIMITED and "CONTACT" in one.message.upper())
    return (CONTACTS,) if is_contact else one.services or ("",)


def _says_something(line: BenefitLine) -> bool:
    bare = BenefitLine(line.service, line.words, line.network)
    return line != bare


def _enter(open_: _Open, one: Told) -> None:
    """Add what one benefit says to its line."""
    line, money = open_.line, None if one.amount is None else Money.of(one.amount)
    is_left, of_family = one.period in LEFT, one.level in {"FAM", "ESP", "ECH"}
    given: dict[str, object] = {}
    match one.information:
        case "1" | "2" | "3" | "4" | "5":
            given["is_covered"] = True
        case "I" | "6" | "7" | "8":
            given["is_covered"] = False
        case "B":
            given["copay"] = money
        case "A":
            given["coinsurance"] = one.percent
        case "C" if of_family:
            given["family_deductible_left"] = money if is_left else None
        case "C":
            given["deductible_left" if is_left else "deductible"] = money
        case "G" if of_family:
            given["family_out_of_pocket_left"] = money if is_left else None
        case "G":
            given["out_of_pocket_left" if is_left else "out_of_pocket"] = money
        case _ if one.information in LIMITED and money is not None:
            open_.limits.append(f"{money.amount:,.2f}{' left' if is_left else ' at most'}")
    if one.limit:
        open_.limits.append(one.limit)
    if one.information in LIMITED:
        given |= {"allowance": None if is_left else money, "months": one.months, "next_on": one.starts_on}
    said = {name: value for name, value in given.items() if value is not None and getattr(line, name) is None}
    if one.authorization:
        said["needs_authorization"] = True
    open_.line = replace(line, **said)  # type: ignore[arg-type]


def _others(told: Sequence[Told], *, is_government: bool) -> tuple[OtherPayer, ...]:
    """The payers that an answer names besides the one that was asked, each once, the real one first."""
    found: dict[tuple[str, str], OtherPayer] = {}
    for one in told:
        pays = one.other_role in PAYING
        if not pays and one.information not in {"R", "MC", "U"}:
            continue
        name = one.other_name if pays else one.plan
        if not name:
            continue
        managed = is_government and (one.insurance_type in MANAGED or one.is_active)
        is_real = one.information in HANDED_ON or (managed and (pays or one.information == "R"))
        other = OtherPayer(
            name=name, payer_id=one.other_id if pays else "", role=_role(one, is_real=is_real),
            member_id=one.other_member, group=one.other_group, plan=one.plan, starts_on=one.starts_on,
            ends_on=one.ends_on, phone=one.other_phone, services=", ".join(map(service, one.services[:4])),
            is_real=is_real,
        )  # fmt: skip
        found.setdefault((other.name.casefold(), other.payer_id), other)
    return tuple(sorted(found.values(), key=lambda other: not other.is_real))


def _role(one: Told, *, is_real: bool) -> str:
    if is_real:
        return "Takes the claims instead"
    role = PAYING.get(one.other_role, "other payer")
    return role[:1].upper() + role[1:]


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
