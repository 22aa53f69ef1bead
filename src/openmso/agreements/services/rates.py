"""Recording what payer contracts allow. Deciding it is the practice's own business (reserved decision RD07)."""

from __future__ import annotations

from datetime import date, datetime

from openmso.agreements.contracts import RATES, PayerContract, RateMethod, RateTerms
from openmso.agreements.models.payer_contract import AllowedAmount, PayerContractVersion
from openmso.agreements.models.payer_contract import PayerContract as PayerContractRow
from openmso.agreements.queries import rates as queries
from openmso.kit.errors import Refused
from openmso.parties.queries import payers
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic

CODES_MAX = 20_000


class BadRates(Refused):
    """The rates of a payer contract cannot be."""

    code = "bad_rates"


@atomic
def record(
    *, actor: Actor, practice: int, payer: int, terms: RateTerms, starts_on: date, at: datetime,
    ends_on: date | None = None,
) -> PayerContract:  # fmt: skip
    """Record the rates of a payer from a day on; the version before holds until then, and stays on file."""
    decision = actor.must(RATES.code, practice)
    payers.payer(payer)
    _refuse(terms, starts_on, ends_on)
    contract, _ = PayerContractRow.objects.select_for_update().get_or_create(practice_id=practice, payer_id=payer)
    number = PayerContractVersion.objects.filter(contract=contract).count() + 1
    version = PayerContractVersion.objects.create(
        practice_id=practice, contract=contract, number=number, method=terms.method.value, percent_rate=terms.percent,
        starts_on=starts_on, ends_on=ends_on, recorded_at=at,
    )  # fmt: skip
    AllowedAmount.objects.bulk_create(
        (
            AllowedAmount(
                practice_id=practice, version=version, code=code, modifier=modifier, allowed_amount=allowed.amount
            )
            for code, modifier, allowed in terms.schedule
        ),
        batch_size=2000,
    )
    audit.record(
        actor=actor, action="agreements.rates_recorded", practice=practice, at=at, decision=decision,
        subject=("agreements.payer_contract", contract.public_id),
        facts={"number": number, "starts_on": str(starts_on), "codes": len(terms.schedule)},
    )  # fmt: skip
    found = queries.contract(practice, payer, starts_on)
    assert found is not None, "the version was just written"
    return found


def _refuse(terms: RateTerms, starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on <= starts_on:
        raise BadRates("It ends after it starts.", field="ends_on")
    if terms.percent is not None and not 0 < terms.percent <= 1:
        raise BadRates("A percent of the charge lies between 0 and 1.", field="percent", fix="Write 68% as 0.68.")
    if terms.method is RateMethod.PERCENT_OF_CHARGE and (terms.percent is None or terms.schedule):
        raise BadRates("A percent of the charge has its percent and no list of codes.", field="percent")
    if terms.method is RateMethod.SCHEDULE and not terms.schedule:
        raise BadRates("A fee schedule lists codes.", field="schedule")
    if len(terms.schedule) > CODES_MAX:
        raise BadRates(f"A schedule lists {CODES_MAX} codes at most.", field="schedule")
    keys = [(code, modifier) for code, modifier, _ in terms.schedule]
    if len(set(keys)) != len(keys):
        raise BadRates("A code and modifier is listed twice.", field="schedule")
    if any(allowed.amount < 0 or not 1 <= len(code) <= 5 or len(mod) > 2 for code, mod, allowed in terms.schedule):
        raise BadRates("A line of the schedule has no code, or an amount below zero.", field="schedule")
