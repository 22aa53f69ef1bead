"""What payers of the demo promised each practice: the terms of their contracts, and what these come to on a claim.

Every kind of contract is there: shares of Medicare and of charges, fee schedules, amounts for each unit carved out of
them, the lesser of contract and charge. A payer reads the paper as `contracting` does; where it errs, it errs as payers
do: by an old rate, by halving further procedures that the contract pays whole, by the place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from edi.x12.claim.model import Claim
from openmso.contracting import queries as contracting
from openmso.contracting.contracts import Ask, RateLine, Terms
from openmso.kit.money import Money
from openmso.platform.tenancy.scope import reading
from openmso.simulator.network import reference
from openmso.simulator.network.cast import DemoPractice
from openmso.simulator.payer.adjudicate import Worth
from openmso.simulator.payer.profile import Mispays, Profile, dice, fingerprint

PRICED = ", ".join(row.split()[0] for row in reference.VALUES if row.split()[1] == "A" and "-" not in row.split()[0])
"""The codes that the demo's fee schedule of Medicare has a price for."""
SHIELD = {"99203": "141.00", "99213": "112.50", "99214": "158.00", "92004": "176.00", "92012": "98.00",
          "92014": "138.00", "90834": "112.00", "90837": "149.00", "17000": "79.00", "11102": "121.00"}  # fmt: skip
MAGNOLIA = {"99213": "104.00", "99214": "149.00", "11102": "116.00", "17000": "71.00", "17003": "13.50",
            "17110": "118.00"}  # fmt: skip
OTHER_PLACE = {"11": "22", "10": "02"}
"""The place that a payer takes instead, which is paid at the other rate."""
OLD = Decimal("0.94")
"""What last year's rate is of this year's."""
PROPOSED = ("ROCK", "Atlantic Shield", Decimal("1.12"))
"""The contract that is being negotiated: whose, with whom, at which share of Medicare for visits."""


def terms(profile: Profile, plan: DemoPractice, limits: str) -> Terms:
    """What one payer agreed to with one practice."""
    wording, rates, procedures = _paper(profile, _locality(plan.state))
    return Terms(
        wording, limits, procedures, sequestration=bool(profile.sequestration),
        rates=tuple(RateLine(code, "", Money.of(amount), Money.of(amount)) for code, amount in rates.items()),
    )  # fmt: skip


def proposed(profile: Profile, plan: DemoPractice, limits: str) -> Terms:
    """What the same payer offers from next year on: visits by Medicare, the carve-outs as they are."""
    wording, _, procedures = _paper(profile, _locality(plan.state))
    carved = [line for line in wording.splitlines() if not line.startswith("all:")]
    offer = f"99202-99215: {PROPOSED[2] * 100:f}% of Medicare in {_locality(plan.state)}"
    return Terms("\n".join([*carved, offer, _rest(profile)]), limits, procedures)


def _rest(profile: Profile) -> str:
    return f"all: {profile.percent_of_charge * 100:f}% of charge"


def _paper(profile: Profile, place: str) -> tuple[str, dict[str, str], str]:
    """Wording, fee schedule and the rule for several procedures."""
    rest = _rest(profile)
    match profile.name:
        case "Atlantic Shield":
            return f"90686: $31.00 each\n17003: $14.25 each\nall: fee schedule\n{rest}", SHIELD, "medicare"
        case "Medicare North" | "Medicare South":
            return f"{PRICED}: 100% of Medicare in {place}\n{rest}", {}, "medicare"
        case "Granite Health Plan":
            return f"{PRICED}: 118% of Medicare in {place}\n{rest}", {}, "none"
        case "Magnolia Mutual":
            return f"all: fee schedule\n{rest}", MAGNOLIA, "none"
        case "ClearSight Vision":
            return f"92015: $24.00 each\n92004: $118.00 each\n92014: $96.00 each\n{rest}", {}, "none"
    return rest, {}, "medicare"


def _locality(state: str) -> str:
    mac, _, number, *_ = next(row.split() for row in reference.LOCALITIES if row.split()[1] == state)
    return f"{mac}/{number}"


class Promises:
    """The contracts of some practices, as their payers keep them."""

    def __init__(self, plans: Sequence[DemoPractice]) -> None:
        self._plans = {plan.code: plan for plan in plans}
        self._medicare = contracting.Medicare(PRICED.split(", "), ())

    def worth(self, claim: Claim, profile: Profile, practice: str, *, seed: int) -> tuple[Worth | None, ...]:
        """What the payer allows for each line; None for what no term speaks of."""
        errs = dice(seed, "errs", profile.payer_id, fingerprint(claim)).randrange(1000) < profile.mispaid_per_1000
        told = self.promised(claim, profile, practice)
        if errs and profile.mispays is Mispays.PLACE:
            other = self.promised(claim, profile, practice, elsewhere=True)
            told = [one if one is None or there is None else min(one, there)
                    for one, there in zip(told, other, strict=True)]  # fmt: skip
        return tuple(
            None if one is None else _paid_as(one, profile.mispays if errs else None, further=bool(number))
            for number, one in enumerate(told)
        )  # fmt: skip

    def promised(
        self, claim: Claim, profile: Profile, practice: str, *, elsewhere: bool = False
    ) -> list[Decimal | None]:
        """What the contract comes to, line by line."""
        asks = [
            Ask(
                number, 0, None, line.procedure.code, line.procedure.modifiers, line.units,
                _place(line.place_of_service or claim.place_of_service, elsewhere=elsewhere), Money.of(line.charge),
                line.service_on or date.max,
            )
            for number, line in enumerate(claim.lines)
        ]  # fmt: skip
        agreement = contracting.agreement(terms(profile, self._plans[practice], ""))
        with reading():
            found = contracting.priced(asks, agreement, asks[0].on, "", self._medicare.book)
        amounts = (found[ask.key].amount for ask in asks)
        return [None if amount is None else amount.amount for amount in amounts]


def _place(place: str, *, elsewhere: bool) -> str:
    return OTHER_PLACE.get(place, place) if elsewhere else place


def _paid_as(promised: Decimal, how: Mispays | None, *, further: bool) -> Worth:
    """As promised; by an old rate; or of a further procedure the half, the rest kept under CARC 59."""
    cent = Decimal("0.01")
    if how is Mispays.OLD_RATE:
        return Worth((promised * OLD).quantize(cent))
    if how is Mispays.FURTHER and further:
        half = (promised / 2).quantize(cent)
        return Worth(half, promised - half)
    return Worth(promised)
