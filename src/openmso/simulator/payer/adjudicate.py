"""A claim judged by contract: allowed, patient share, denial; balanced line by line as the 835 guide asks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from edi.x12.claim.model import Claim, ServiceLine
from edi.x12.remittance.model import Adjustment, ClaimPayment, ServicePayment
from edi.x12.values import Amount, Event, Party, Procedure, Reference
from openmso.simulator.payer import coordinate, habits
from openmso.simulator.payer.profile import CENT, DENIALS, Profile, dice, fingerprint

ZERO = Decimal("0.00")
PROCESSED = {"P": "1", "S": "2", "T": "3"}
FORWARDED = {"P": "19", "S": "20", "T": "21"}
DEDUCTIBLE, COINSURANCE, COPAY, CONTRACTUAL, SEQUESTRATION, FURTHER = "1", "2", "3", "45", "253", "59"
SHORT_PAID = Decimal("0.85")


@dataclass(frozen=True, slots=True)
class Worth:
    """What a payer allows for a line by the contract it keeps, and what it cuts of it as a further procedure."""

    allowed: Decimal
    cut: Decimal = ZERO


PAID_UNDER = {"CI": "12", "BL": "12", "11": "ZZ", "FI": "OF"}
"""What CLP06 says for a filing code of SBR09 that an 835 does not have (005010X221A1, 2100)."""


def adjudicate(
    claim: Claim, payer: Profile, *, seed: int, control: str, received_on: date, worth: Sequence[Worth | None] = ()
) -> ClaimPayment:
    """The payer's decision on one claim; `control` is the payer's own claim number (CLP07).

    `worth` is what its contract comes to, line by line; where nothing is told, the profile's share of the charge.
    """
    chance = dice(seed, payer.payer_id, fingerprint(claim))
    denied = chance.randrange(1000) < payer.denied_per_1000
    whole = denied and chance.randrange(1000) < 600
    picked = range(len(claim.lines)) if whole else [chance.randrange(len(claim.lines))] if denied else []
    short = chance.randrange(1000) < payer.short_paid_per_1000
    forwarded = (
        bool(payer.crossover_to)
        and claim.subscriber.sequence == "P"
        and chance.randrange(1000) < payer.crossover_per_1000
    )
    lines = []
    for number, line in enumerate(claim.lines):
        told = worth[number] if worth else None
        if line.adjudications:
            lines.append(coordinate.decide(line, _paid(line, payer, chance, first=number == 0, short=False, told=told)))
        elif number in picked:
            lines.append(_denied(line, payer, chance))
        else:
            lines.append(_paid(line, payer, chance, first=number == 0, short=short, told=told))
    decided = ClaimPayment(
        control=claim.control[:20],
        status=(FORWARDED if forwarded else PROCESSED).get(claim.subscriber.sequence, "1"),
        charge=claim.charge,
        paid=sum((line.paid for line in lines), ZERO),
        patient_responsibility=sum((a.amount for line in lines for a in line.adjustments if a.group == "PR"), ZERO),
        filing_code=PAID_UNDER.get(claim.subscriber.filing_code, claim.subscriber.filing_code) or "ZZ",
        payer_control=control,
        facility_code=claim.place_of_service,
        frequency=claim.frequency,
        parties=_parties(claim, payer, forwarded=forwarded),
        outpatient=("MOA", "", "", "MA18") if forwarded else (),
        dates=(Event("050", received_on, text=f"{received_on:%Y%m%d}"),),
        lines=tuple(lines),
    )
    if payer.habit and dice(seed, "habit", fingerprint(claim)).randrange(1000) < payer.habit_per_1000:
        return habits.told(decided, habits.Habit(payer.habit))
    return decided


def reversal(payment: ClaimPayment) -> ClaimPayment:
    """The payment taken back whole: status 22, every amount negated, groups as they were (TR3 1.10.2.8)."""
    return replace(
        payment,
        status="22",
        charge=-payment.charge,
        paid=-payment.paid,
        patient_responsibility=-payment.patient_responsibility,
        adjustments=tuple(replace(a, amount=-a.amount) for a in payment.adjustments),
        lines=tuple(
            replace(
                line,
                charge=-line.charge,
                paid=-line.paid,
                adjustments=tuple(replace(a, amount=-a.amount) for a in line.adjustments),
                amounts=(),
            )
            for line in payment.lines
        ),
    )


def correction(payment: ClaimPayment, *, control: str) -> ClaimPayment:
    """The same claim paid anew under another number, a tenth of its first paid line less, as contractual."""
    lines = list(payment.lines)
    for number, line in enumerate(lines):
        if line.paid > 0:
            less = (line.paid / 10).quantize(CENT)
            more = (Adjustment("CO", CONTRACTUAL, less),)
            lines[number] = replace(
                line, paid=line.paid - less, adjustments=_merged(line.adjustments + more), amounts=()
            )
            break
    paid = sum((line.paid for line in lines), ZERO) - sum((a.amount for a in payment.adjustments), ZERO)
    return replace(payment, lines=tuple(lines), paid=paid, payer_control=control)


def _paid(
    line: ServiceLine, payer: Profile, chance: random.Random, *, first: bool, short: bool, told: Worth | None
) -> ServicePayment:
    worth = told or Worth(payer.allowed_for(line.procedure.code, line.charge, line.units))
    allowed = (worth.allowed * SHORT_PAID).quantize(CENT) if short else worth.allowed
    adjustments = [
        Adjustment("CO", CONTRACTUAL, line.charge - allowed - worth.cut), Adjustment("CO", FURTHER, worth.cut)
    ]  # fmt: skip
    left = allowed
    if chance.randrange(1000) < payer.deductible_per_1000:
        part = min(left, Decimal(chance.randrange(20, 120)))
        adjustments.append(Adjustment("PR", DEDUCTIBLE, part))
        left -= part
    if first and payer.copay:
        part = min(left, payer.copay)
        adjustments.append(Adjustment("PR", COPAY, part))
        left -= part
    elif payer.coinsurance:
        part = (left * payer.coinsurance).quantize(CENT)
        adjustments.append(Adjustment("PR", COINSURANCE, part))
        left -= part
    if payer.sequestration:
        part = (left * payer.sequestration).quantize(CENT)
        adjustments.append(Adjustment("CO", SEQUESTRATION, part))
        left -= part
    amounts = (Amount("B6", allowed),) if allowed else ()
    return _service(line, payer, paid=left, adjustments=_merged(tuple(adjustments)), amounts=amounts)


def _denied(line: ServiceLine, payer: Profile, chance: random.Random) -> ServicePayment:
    why = chance.choices(DENIALS, weights=[each.weight for each in DENIALS])[0]
    remarks = (why.remark,) if why.remark else ()
    return _service(
        line, payer, paid=ZERO, adjustments=(Adjustment(why.group, why.reason, line.charge),), remarks=remarks
    )


def _service(
    line: ServiceLine,
    payer: Profile,
    *,
    paid: Decimal,
    adjustments: tuple[Adjustment, ...],
    amounts: tuple[Amount, ...] = (),
    remarks: tuple[str, ...] = (),
) -> ServicePayment:
    procedure = line.procedure if line.procedure.code else Procedure("NU", line.revenue_code)
    if payer.drops_modifiers and procedure.modifiers:
        procedure = Procedure(procedure.qualifier, procedure.code)
    on = line.service_on
    return ServicePayment(
        procedure=procedure,
        charge=line.charge,
        paid=paid,
        units=line.units,
        dates=(Event("472", on, text=f"{on:%Y%m%d}"),) if on else (),
        adjustments=adjustments,
        references=(Reference("6R", line.line_control),) if payer.keeps_line_control and line.line_control else (),
        amounts=amounts,
        remarks=remarks,
    )


def _merged(adjustments: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    """One amount per group and reason, none of them zero."""
    sums: dict[tuple[str, str], Decimal] = {}
    for each in adjustments:
        key = (each.group, each.reason)
        sums[key] = sums.get(key, ZERO) + each.amount
    return tuple(Adjustment(group, reason, money) for (group, reason), money in sums.items() if money)


def _parties(claim: Claim, payer: Profile, *, forwarded: bool) -> tuple[Party, ...]:
    who = claim.patient or claim.subscriber
    member = claim.subscriber.member_id
    parties = [Party("QC", who.last, who.first, who.middle, is_person=True, id_qualifier="MI", id=member)]
    if claim.rendering is not None and claim.rendering.npi:
        rendering = claim.rendering
        parties.append(
            Party("82", rendering.last, rendering.first, is_person=True, id_qualifier="XX", id=rendering.npi)
        )
    if forwarded:
        parties.append(Party("TT", payer.crossover_to, id_qualifier="PI", id="CROSS"))
    return tuple(parties)
