"""The test of a joint venture with investors who can refer: the safe harbour for investments in small entities.

42 CFR 1001.952(a)(2): at most 40 % of each class and of the revenue from such investors, returns in proportion to
capital, no loans to them for their stake, no terms by volume or value of referrals. It is a safe harbour: what
misses it is not thereby unlawful, and counsel looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from openmso.equity.contracts import Holding, Point, Table, UnitClass
from openmso.equity.rules import holding, preferred
from openmso.equity.states import LAWFUL, Venture, Verdict

LIMIT = Decimal("0.40")
RULE = "JV-01"
"""The rule of law of the agreements that the test answers."""
_HARBOUR = "42 CFR 1001.952(a)(2)"


def points(table: Table, on: date, lent: tuple[str, ...] = ()) -> list[Point]:
    """Each point of the test on a day, from the holders and the revenue that was told.

    `lent` are the names of holders who refer and owe the entity for money that it lent them.
    """
    if table.kind is not Venture.JV:
        return []
    held = holding.holdings(table, on)
    return [
        *_shares(table, held, on),
        _revenue(table, on),
        Point("capital", "Returns are in proportion to the capital invested",
              Verdict.MET if all(one.by in LAWFUL for one in table.classes) else Verdict.UNMET,
              "Every class pays by units, and a distribution by anything else is refused", f"{_HARBOUR}(viii)"),
        Point("terms", "No terms are offered by the volume or value of referrals",
              Verdict.UNMET if any(holding.follows_referrals(one.terms) for one in table.classes) else Verdict.MET,
              "The terms of the classes were read when they were made", f"{_HARBOUR}(iii), (iv)"),
        Point("loans", "The entity lends no investor who refers the money for their stake",
              Verdict.UNMET if lent else Verdict.MET, ", ".join(lent) or "No loan to a holder who refers is kept here",
              f"{_HARBOUR}(vii)"),
    ]  # fmt: skip


def verdict(found: list[Point]) -> Verdict | None:
    """What a test comes to in all; nothing where there is none."""
    if not found:
        return None
    kinds = {one.verdict for one in found}
    return next(one for one in (Verdict.UNMET, Verdict.UNKNOWN, Verdict.MET) if one in kinds)


def _shares(table: Table, held: list[Holding], on: date) -> Iterator[Point]:
    """The greatest part of each class that was in the hands of investors who refer within the last twelve months."""
    since = preferred.months_after(on, -12)
    days = sorted({on, *(one.on for one in table.entries if since < one.on <= on), since})
    for cls in table.classes:
        most = max(_part(table, cls, day) for day in days)
        words = f"At most 40 % of {cls.name} are held by investors who can refer"
        citation = f"{_HARBOUR}(i)"
        if not any(one.units for one in held if one.cls.public_id == cls.public_id):
            yield Point(f"class:{cls.public_id}", words, Verdict.UNKNOWN, "No units are issued", citation)
            continue
        told = Verdict.MET if most <= LIMIT else Verdict.UNMET
        yield Point(f"class:{cls.public_id}", words, told,
                    f"{most * 100:.2f} % at most within twelve months to {on:%-d %B %Y}", citation)  # fmt: skip


def _part(table: Table, cls: UnitClass, on: date) -> Decimal:
    by = {holder: holding.held(table, holder.public_id, cls.public_id, on)[0] for holder in table.holders}
    whole = sum(by.values(), Decimal(0))
    return sum((units for holder, units in by.items() if holder.refers), Decimal(0)) / whole if whole else Decimal(0)


def _revenue(table: Table, on: date) -> Point:
    words = "At most 40 % of the revenue for health care comes from investors' referrals or business"
    told = [one for one in table.revenues if preferred.months_after(one.starts_on, 12) <= on]
    latest = max(told, key=lambda one: (one.starts_on, one.made_at), default=None)
    if latest is None or preferred.months_after(latest.starts_on, 24) <= on:
        return Point("revenue", words, Verdict.UNKNOWN, "Nobody told the revenue of the last year", f"{_HARBOUR}(vi)")
    found = f"{latest.share * 100:.2f} % of {latest.gross:,.2f} in the year from {latest.starts_on:%-d %B %Y}"
    verdict = Verdict.MET if latest.share <= LIMIT else Verdict.UNMET
    return Point("revenue", words, verdict, f"{found}: {latest.shows}", f"{_HARBOUR}(vi)")
