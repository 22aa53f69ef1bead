"""What payers allow, by contract, code and day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Count

from openmso.agreements.contracts import Allowed, PayerContract, RateMethod
from openmso.agreements.models.payer_contract import AllowedAmount, PayerContractVersion
from openmso.kit.money import Money
from openmso.kit.periods import DayRange


def contract(practice: int, payer: int, on: date) -> PayerContract | None:
    """The contract of a practice with a payer as of a day, if one holds."""
    row = _version(practice, payer, on)
    return _contract(row) if row else None


def contracts(practice: int, *, on: date) -> list[PayerContract]:
    """All payer contracts of a practice that hold on a day, by payer."""
    rows = PayerContractVersion.objects.filter(contract__practice_id=practice, starts_on__lte=on).exclude(
        ends_on__lte=on
    )
    rows = rows.order_by("contract_id", "-starts_on", "-number").distinct("contract_id")
    found = [_contract(row) for row in rows.select_related("contract__payer")]
    return sorted(found, key=lambda one: one.payer_name)


def expected(
    practice: int, payer: int, code: str, modifiers: Sequence[str], units: Decimal, charge: Money, on: date
) -> Allowed | None:
    """What a payer should allow for a line of a claim; nothing where no contract or no rate holds.

    The amount of the code with the first modifier that the schedule lists, else of the code alone, times the units;
    for a code it does not list, its percent of the charge. It never allows more than the charge.
    """
    version = _version(practice, payer, on)
    if version is None:
        return None
    listed = dict(
        AllowedAmount.objects.filter(version=version, code=code).values_list("modifier", "allowed_amount")
    )  # fmt: skip
    modifier = next((one for one in (*modifiers, "") if one in listed), None)
    if modifier is not None:
        each = Money(listed[modifier])
        amount, words = each.times(units), f"{each} each for {code}{f'-{modifier}' if modifier else ''}"
    elif version.percent_rate is not None:
        percent = version.percent_rate * 100
        amount, words = charge.times(version.percent_rate), f"{percent.normalize():f}% of the charge"
    else:
        return None
    if amount > charge:
        amount, words = charge, f"the charge, which is less than {amount}"
    return Allowed(amount, words, version.contract.public_id, version.number)


def _version(practice: int, payer: int, on: date) -> PayerContractVersion | None:
    rows = PayerContractVersion.objects.filter(
        contract__practice_id=practice, contract__payer_id=payer, starts_on__lte=on
    ).order_by("-starts_on", "-number")
    row = rows.select_related("contract__payer").first()
    return row if row is not None and (row.ends_on is None or on < row.ends_on) else None


def _contract(row: PayerContractVersion) -> PayerContract:
    codes = AllowedAmount.objects.filter(version=row).aggregate(n=Count("pk"))["n"]
    return PayerContract(
        row.contract.public_id, row.practice_id, row.contract.payer_id, row.contract.payer.name, row.number,
        DayRange(row.starts_on, row.ends_on), RateMethod(row.method), row.percent_rate, codes,
    )  # fmt: skip
