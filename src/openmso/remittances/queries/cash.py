"""Questions about money in the bank: open lists in both directions, deposits, and the conservation of cash."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Exists, Min, OuterRef, QuerySet, Sum
from django.db.models.aggregates import Count
from django.db.models.functions import Coalesce

from openmso.banking import queries as banking
from openmso.banking.contracts import BankLine
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.remittances.contracts import CashPosition, Deposit, OpenRemittance, Recoupment, RemittanceState
from openmso.remittances.models.deposits import Deposit as DepositModel
from openmso.remittances.models.files import Remittance
from openmso.remittances.models.payments import ProviderAdjustment
from openmso.remittances.queries.files import deposit_of
from openmso.remittances.rules.provider import RECOUPMENTS

NOTHING = Decimal("0.00")


def _live(practice: int | None = None) -> QuerySet[DepositModel]:
    found = DepositModel.objects.filter(undone_at=None)
    return found if practice is None else found.filter(practice_id=practice)


def _is_deposited() -> Exists:
    return Exists(_live().filter(practice_id=OuterRef("practice_id"), remittance_id=OuterRef("pk")))


def _moving(practice: int | None, entity: int | None = None) -> QuerySet[Remittance]:
    """Posted remittances that move money; one of nothing needs no deposit."""
    found = Remittance.objects.filter(state=RemittanceState.POSTED, amount__gt=0)
    if practice is not None:
        found = found.filter(practice_id=practice)
    return found if entity is None else found.filter(entity_id=entity)


def open_remittances(*, on: date, practice: int | None = None) -> list[OpenRemittance]:
    """Remittances whose money was not found yet, oldest first, with their age in days."""
    found = _moving(practice).exclude(_is_deposited()).order_by("paid_on", "pk")
    return [_open(one, on) for one in found]


def _open(one: Remittance, on: date) -> OpenRemittance:
    return OpenRemittance(
        id=one.pk, public_id=one.public_id, practice=one.practice_id, entity=one.entity_id, payer_name=one.payer_name,
        trace=one.trace, trace_payer=one.trace_payer, method=one.method, paid_on=one.paid_on,
        posted_on=one.posted_on, amount=Money(one.amount), age=max(0, (on - (one.paid_on or one.posted_on)).days),
    )  # fmt: skip


def open_lines(*, practice: int, starts_on: date | None = None) -> list[BankLine]:
    """Money in the bank that no remittance explains yet, oldest first."""
    taken = _live(practice).values_list("line_id", flat=True)
    return banking.incoming(practice=practice, starts_on=starts_on, besides=list(taken))


def deposit(public_id: str) -> Deposit:
    """One match, undone or not; raises `NotFound`."""
    row = DepositModel.objects.select_related("remittance", "line").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no deposit {public_id}.")
    return deposit_of(row)


def deposits(*, practice: int | None = None, limit: int = 200) -> list[Deposit]:
    """The latest matches that stand."""
    found = _live(practice).select_related("remittance", "line").order_by("-matched_at", "-pk")
    return [deposit_of(row) for row in found[:limit]]


def cash_position(*, practice: int, entity: int | None = None) -> CashPosition:
    """What payers were posted to have paid, how much of it is in the bank, how much on its way.

    The last two are counted apart from the first; the books say the same: cash clearing holds what is in transit.
    """
    posted = _moving(practice, entity).aggregate(sum=Coalesce(Sum("amount"), NOTHING))["sum"]
    live = _live(practice) if entity is None else _live(practice).filter(entity_id=entity)
    banked = live.aggregate(sum=Coalesce(Sum("amount"), NOTHING))["sum"]
    waiting = _moving(practice, entity).exclude(_is_deposited())
    in_transit = waiting.aggregate(sum=Coalesce(Sum("amount"), NOTHING))["sum"]
    return CashPosition(Money(posted), Money(banked), Money(in_transit))


def recoupments(*, practice: int | None = None) -> list[Recoupment]:
    """What stands open between payers and the practice: references whose PLB items do not come to zero."""
    found = ProviderAdjustment.objects.filter(code__in=RECOUPMENTS)
    if practice is not None:
        found = found.filter(practice_id=practice)
    rows = (
        found.values("payer_key", "reference")
        .annotate(sum=Sum("amount"), items=Count("pk"), first=Min("remittance__posted_on"))
        .exclude(sum=NOTHING)
        .order_by("first")
    )
    names = dict(Remittance.objects.order_by("pk").values_list("payer_key", "payer_name"))
    codes: dict[tuple[str, str], set[str]] = {}
    for key, reference, code in found.values_list("payer_key", "reference", "code"):
        codes.setdefault((key, reference), set()).add(code)
    return [
        Recoupment(
            names.get(row["payer_key"], row["payer_key"]), row["reference"],
            ", ".join(sorted(codes[row["payer_key"], row["reference"]])), Money(row["sum"]), row["first"], row["items"],
        )
        for row in rows
    ]  # fmt: skip
