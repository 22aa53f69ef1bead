"""One benefit of a 271 as it is kept: plain values, whatever the payer nests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from edi.x12.eligibility.model import ACTIVE, INACTIVE, Benefit, Delivery, Eligibility, Insured
from edi.x12.values import Event, Party
from openmso.eligibility.rules.services import PERIODS, UNITS

PLAN_BEGINS, PLAN_ENDS = ("346", "356", "348", "292"), ("347", "357", "349")
PLAN_DAYS = ("291", "307", "290", "193")
PAYING = {
    "PR": "payer",
    "PRP": "primary payer",
    "SEP": "secondary payer",
    "TTP": "tertiary payer",
    "1I": "plan network",
}
"""Roles in 2120 NM101 that take claims."""
CARING = frozenset({"P3", "1P", "P4"})
TEXT_MAX = 264


@dataclass(frozen=True, slots=True)
class Told:
    """One EB with what hangs on it."""

    information: str
    level: str = ""
    services: tuple[str, ...] = ()
    insurance_type: str = ""
    plan: str = ""
    period: str = ""
    amount: Decimal | None = None
    percent: Decimal | None = None
    """Of a hundred."""
    unit: str = ""
    quantity: Decimal | None = None
    network: str = ""
    authorization: bool = False
    code: str = ""
    limit: str = ""
    """How often, in words."""
    months: int | None = None
    """The months between two of it, where the plan allows one in so many."""
    message: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    other_role: str = ""
    other_name: str = ""
    other_id: str = ""
    other_phone: str = ""
    other_member: str = ""
    other_group: str = ""
    start: int = 0
    end: int = 0

    @property
    def is_active(self) -> bool:
        return self.information in ACTIVE


def of(answer: Eligibility) -> list[Told]:
    """Every benefit of an answer."""
    return [_told(benefit) for benefit in answer.benefits]


def plan_days(person: Insured | None, told: Iterable[Told]) -> tuple[date | None, date | None]:
    """When the plan begins and ends: of the person, else of the benefit that says whether it holds."""
    events = person.events if person else ()
    starts, ends = _days(events)
    for one in told:
        if one.information in ACTIVE | INACTIVE:
            starts, ends = starts or one.starts_on, ends or one.ends_on
    return starts, ends


def _days(events: tuple[Event, ...]) -> tuple[date | None, date | None]:
    starts = next((e.on for e in events if e.qualifier in PLAN_BEGINS and e.on), None)
    ends = next((e.on for e in events if e.qualifier in PLAN_ENDS and e.on), None)
    for event in events:
        if event.qualifier in PLAN_DAYS and event.through is not None:
            starts, ends = starts or event.on, ends or event.through
    return starts, ends


def _told(one: Benefit) -> Told:
    starts, ends = _days(one.events)
    other = next((party for party in one.parties if party.role in (*PAYING, *CARING)), None)
    return Told(
        information=one.information[:2], level=one.level[:3], services=tuple(code[:3] for code in one.service_types),
        insurance_type=one.insurance_type[:3], plan=one.plan[:60], period=one.period[:2], amount=_cents(one.amount),
        percent=_hundred(one.percent), unit=one.unit[:2], quantity=one.quantity,
        network={"Y": "in", "N": "out"}.get(one.in_network, ""), authorization=one.authorization == "Y",
        code=one.procedure.code[:10] if one.procedure else "", limit=_limit(one)[:120], months=_months(one),
        message=" ".join(one.messages)[:TEXT_MAX], starts_on=starts, ends_on=ends,
        other_role=other.role[:3] if other else "", other_name=_name(other)[:60],
        other_id=(other.id if other else "")[:80],
        other_phone=_phone(other)[:20], other_member=one.reference("1W", "1L", "NQ")[:50],
        other_group=one.reference("6P", "18", "IG")[:50], start=one.span.start if one.span else 0,
        end=one.span.end if one.span else 0,
    )  # fmt: skip


def _name(party: Party | None) -> str:
    return " ".join(part for part in (party.first, party.last) if part) if party else ""


def _phone(party: Party | None) -> str:
    numbers = [number for contact in (party.contacts if party else ()) for number in contact.numbers]
    return next((number for kind, number in numbers if kind == "TE"), "")


def _cents(amount: Decimal | None) -> Decimal | None:
    """Money to the cent; a figure that cannot be a benefit is none."""
    return amount.quantize(Decimal("0.01")) if amount is not None and abs(amount) < 10**10 else None


def _hundred(percent: Decimal | None) -> Decimal | None:
    """EB08 says .2 for twenty percent; the 20 that some payers write is not two thousand."""
    if percent is None or not 0 <= percent <= 100:
        return None
    return (percent * 100 if percent <= 1 else percent).quantize(Decimal("0.01"))


def _limit(one: Benefit) -> str:
    """How much and how often, in words: `1 visits a year`, `20 visits a calendar year`."""
    parts = [_frequency(delivery) for delivery in one.deliveries]
    if one.quantity is not None:
        unit = _unit(one.unit, one.quantity)
        period = f" a {PERIODS[one.period]}" if one.period in PERIODS and one.period not in {"29", "33"} else ""
        left = " left" if one.period in {"29", "33"} else ""
        parts.insert(0, f"{one.quantity.normalize():f} {unit}{period}{left}")
    return "; ".join(part for part in parts if part)


def _frequency(one: Delivery) -> str:
    what = f"{one.quantity.normalize():f} {_unit(one.unit, one.quantity)}" if one.quantity is not None else ""
    count = f"{one.period_count.normalize():f} " if one.period_count is not None and one.period_count != 1 else ""
    period = PERIODS.get(one.period, "")
    if not what or not period:
        return what
    return f"{what} every {count}{period}{'s' if count and not period.endswith('s') else ''}"


MONTHS = {"34": 1, "21": 12, "22": 12, "23": 12}
"""Months in a month, a year, a plan year and a calendar year (HSD05)."""


def _months(one: Benefit) -> int | None:
    """One of it in how many months: HSD*VS*1***34*24 says 24."""
    for each in one.deliveries:
        length = MONTHS.get(each.period)
        if each.quantity == 1 and length is not None:
            return int(length * (each.period_count or 1))
    return None


def _unit(code: str, quantity: Decimal) -> str:
    words = UNITS.get(code, code)
    return words.removesuffix("s") if quantity == 1 else words
