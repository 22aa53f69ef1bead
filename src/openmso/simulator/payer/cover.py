"""The payer's eligibility desk: takes a 270, gives the 271; with faults in one rough hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

from edi.x12.eligibility.model import Benefit, Delivery, Eligibility, Inquiry, Refusal, Trace
from edi.x12.eligibility.read import read_270
from edi.x12.eligibility.write import write_271
from edi.x12.output import Envelope
from edi.x12.values import Event, Party
from openmso.simulator.payer.profile import Profile, dice

INACTIVE_PER_1000, UNKNOWN_PER_1000, BUSY_PER_1000, MANAGED_PER_1000 = 40, 25, 30, 120
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
ENDED = date(2026, 7, 31)
"""When plans ended that do not hold any more: before the first visit."""
MANAGERS = {"medicaid": ("Granite Health Plan", "87726"), "medicare": ("Atlantic Shield", "60054")}
"""Who stands behind some plans of a government payer."""
BREAKS_OFF, ANSWERS_400 = "62308", "22248"
"""Payers whose desk is bad in the rough hour."""
ROUGH_HOUR = datetime(2026, 11, 2, 13, tzinfo=UTC)
"""By the clock of whoever asks, UTC."""


def answer(content: bytes, profiles: Sequence[Profile], *, seed: int) -> bytes | None:
    """The 271 to a 270; broken off, or none at all, where the payer's desk has a rough hour."""
    asked = [one for one in read_270(content) if isinstance(one, Inquiry)]
    header, payer = asked[0].header, asked[0].source.id
    at = datetime.combine(header.created_on or YEAR[0], header.created_at or time(), UTC)
    rough = at.replace(minute=0, second=0) == ROUGH_HOUR
    if rough and payer == ANSWERS_400:
        return None
    profile = next(one for one in profiles if one.payer_id == payer)
    told = write_271(
        [_answer(one, profile, seed=seed, rough=rough) for one in asked],
        Envelope(sender=payer, receiver="OPENMSO", control=1, group_control=1, at=at),
    )  # fmt: skip
    return told[: len(told) * 2 // 3] if rough and payer == BREAKS_OFF else told


def _answer(one: Inquiry, payer: Profile, *, seed: int, rough: bool) -> Eligibility:
    """What a payer says of one person; the same whenever it is asked, but for being busy in the rough hour."""
    chance = dice(seed, "cover", payer.payer_id, one.subscriber.party.id)
    lot = chance.randrange(1000)
    told = Eligibility(
        header=replace(one.header, purpose="11"), source=one.source, receiver=one.receiver,
        subscriber=replace(one.subscriber, events=()),
        dependent=replace(one.dependent, events=()) if one.dependent else None,
        traces=tuple(replace(trace, kind="2") for trace in one.traces) or (Trace("2", one.header.reference, "9SIM"),),
    )  # fmt: skip
    level = "dependent" if one.dependent else "subscriber"
    if lot < UNKNOWN_PER_1000:
        return replace(told, refusals=(Refusal(level, "75", "C", "N"),))
    if rough and lot < UNKNOWN_PER_1000 + BUSY_PER_1000:
        return replace(told, refusals=(Refusal(level, "42", "R", "Y"),))
    if 200 <= lot < 200 + INACTIVE_PER_1000:
        ended = Event("347", ENDED, None, f"{ENDED:%Y%m%d}")
        return replace(told, benefits=(Benefit("6", "IND", ("30",), events=(ended,)),))
    benefits = (
        _of_vision(payer, lot) if payer.kind == "vision" else _of_medicine(payer, left=chance.randrange(0, 12) * 50)
    )
    if payer.kind in MANAGERS and 300 <= lot < 300 + MANAGED_PER_1000:
        name, payer_id = MANAGERS[payer.kind]
        manager = Party("PR", name, id_qualifier="PI", id=payer_id)
        managed = Benefit("R", "IND", ("30",), "HM", f"{name} managed care", parties=(manager,))
        benefits = (*benefits, managed)
    return replace(told, benefits=benefits)


def _of_medicine(payer: Profile, *, left: int) -> tuple[Benefit, ...]:
    year = Event("291", YEAR[0], YEAR[1])
    plan = f"{payer.name} standard"
    found = [
        Benefit("1", "IND", ("30",), "HM", plan, events=(year,)),
        Benefit("1", "IND", ("1", "98", "MH", "UC")),
        Benefit("B", "IND", ("98",), period="27", amount=payer.copay, in_network="Y"),
        Benefit("A", "IND", ("30",), percent=payer.coinsurance, in_network="Y"),
        Benefit("G", "IND", ("30",), period="23", amount=Decimal(4000), in_network="Y"),
    ]
    if payer.deductible_per_1000:
        found += [
            Benefit("C", "IND", ("30",), period="23", amount=Decimal(600), in_network="Y"),
            Benefit("C", "IND", ("30",), period="29", amount=Decimal(left), in_network="Y"),
        ]
    found.append(Benefit("F", "IND", ("MH",), period="23", unit="VS", quantity=Decimal(20), authorization="Y"))
    return tuple(found)


def _of_vision(payer: Profile, lot: int) -> tuple[Benefit, ...]:
    """What a vision plan gives how often. Of every other person it knows when they last had lenses and frames."""
    year = Event("291", YEAR[0], YEAR[1])
    had = date(2025, 1 + lot % 12, 1 + lot % 28)
    again = (Event("348", had.replace(year=2027), None, f"2027{had:%m%d}"),) if lot % 2 else ()

    def every(months: int) -> tuple[Delivery, ...]:
        return (Delivery("VS", Decimal(1), period="34", period_count=Decimal(months)),)

    return (
        Benefit("1", "IND", ("AL", "30"), plan=f"{payer.name} plan", events=(year,)),
        Benefit("B", "IND", ("AL",), period="27", amount=payer.copay, in_network="Y"),
        Benefit("F", "IND", ("AN",), deliveries=every(12), in_network="Y"),
        Benefit("F", "IND", ("AM",), amount=Decimal(150), deliveries=every(24), events=again, in_network="Y"),
        Benefit("F", "IND", ("AO",), deliveries=every(24), events=again, in_network="Y"),
        Benefit(
            "F",
            "IND",
            ("AL",),
            amount=Decimal(130),
            deliveries=every(24),
            events=again,
            in_network="Y",
            messages=("Contact lenses in place of frames and lenses",),
        ),
    )
