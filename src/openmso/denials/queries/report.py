"""The report of causes and HFMA's measures of claim integrity, each from the denials (and what they are shares of).

Traps that are minded here: what is the patient's share, or a reduction of the contract, is no denial; a rate of
denials counts first ones, of primary payers, that paid nothing; what is overturned is counted among those that ended,
never among those that were appealed; write-offs of denials are net of what came in after all, never contractual.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import TruncMonth

from openmso.claims.queries import decided
from openmso.denials.contracts import Category, Cause, CauseRow, Measure
from openmso.denials.models import Denial
from openmso.denials.states import FINAL, OPEN
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.kit.words import counted
from openmso.ledger.contracts import Accounts, Method
from openmso.ledger.queries import books
from openmso.parties.queries import payers, providers
from openmso.platform.tenancy.queries import tenants
from openmso.platform.tenancy.scope import current
from openmso.remittances.queries import denied

BY = {
    "cause": "Cause", "category": "Kind", "payer": "Payer", "practice": "Practice", "clinician": "Clinician",
    "code": "Procedure", "reason": "Reason code", "month": "Month",
}  # fmt: skip
COLUMNS = {"payer": "payer_id", "practice": "practice_id", "clinician": "clinician_id"}
MONTHS_OF_A_RATE = 3
FOUR_WEEKS = timedelta(days=28)


def causes(*, by: str, month: Month | None = None, cause: str = "") -> list[CauseRow]:
    """Denials by one thing, what costs most first: how many, how much, and what became of it."""
    found = Denial.objects.filter(is_denial=True).order_by()
    if month is not None:
        found = found.filter(denied_on__range=(month.first, month.last))
    if cause:
        found = found.filter(cause=cause)
    found = found.annotate(of=TruncMonth("denied_on") if by == "month" else F(COLUMNS.get(by, by)))
    rows: Any = found.values("of").annotate(
        n=Count("pk"), left=Sum("amount"), came=Sum("recovered_amount"), given=Sum("written_off_amount"),
        still=Sum("amount", filter=Q(state__in=sorted(OPEN))), practice_caused=Count("pk", filter=Q(cause="practice")),
        mso_caused=Count("pk", filter=Q(cause="mso")), payer_caused=Count("pk", filter=Q(cause="payer")),
    )  # fmt: skip
    names = _names(by)
    told = []
    for row in rows:
        words, asked = names(row["of"])
        said = [f"month:{month}"] if month else []
        said += [f"cause:{cause}"] if cause else []
        told.append(
            CauseRow(
                key=f"{by}:{row['of']}", words=words, count=row["n"], amount=Money(row["left"]),
                recovered=Money(row["came"]), written_off=Money(row["given"]), open=Money.of(row["still"] or 0),
                practice=row["practice_caused"], mso=row["mso_caused"], payer=row["payer_caused"],
                query=" ".join([*said, *([f"{by}:{asked}"] if asked else [])]),
            )
        )  # fmt: skip
    return sorted(told, key=lambda one: (-one.amount.amount, one.words))


def _names(by: str) -> Callable[[Any], tuple[str, str]]:
    """Of a value of a dimension what it is called, and how the queue is asked for it (empty where it cannot be)."""
    if by == "payer":
        known = {one.id: (one.name, one.public_id) for one in payers.every()}
        return lambda value: known.get(value, ("Payer not on file", ""))
    if by == "practice":
        places = {tenant.pk: (tenant.name, tenant.code.lower()) for tenant in tenants()}
        return lambda value: places.get(value, ("", ""))
    if by == "clinician":
        people = {key: (name, f'"{name.lower()}"') for key, name in providers.every_name().items()}
        return lambda value: people.get(value, ("Not named", ""))
    if by == "month":
        return lambda value: (f"{value:%b %Y}", str(Month.of(value)))
    if by in {"cause", "category"}:
        labels: dict[str, str] = {one.value: one.label for one in (*Cause, *Category)}
        return lambda value: (labels[value], value)
    return lambda value: (value or "None", value or "")


# ---- measures ---------------------------------------------------------------------------------------------------


def measures(*, month: Month, at: datetime) -> list[Measure]:
    """HFMA's measures of claim integrity as of a month; a rate looks at it and the two before.

    `at` is the instant by which clocks have run out.
    """
    first, last = month.plus(1 - MONTHS_OF_A_RATE).first, month.last
    sent = decided.first_sent(first=first, last=last)
    claims, charged = sum(n for n, _ in sent.values()), Money.total(amount for _, amount in sent.values())
    denied_claims = (
        Denial.objects.filter(
            is_denial=True, is_first=True, is_whole_claim=True, ordinal="P", denied_on__range=(first, last)
        )
        .order_by()
        .values("practice_id", "claim_id")
        .annotate(charge=Max("claim_charge_amount"))
    )
    whole = list(denied_claims.values_list("charge", flat=True))
    answered, zero = denied.answered(since=last - FOUR_WEEKS + timedelta(days=1), until=last)
    ended = Denial.objects.filter(is_denial=True, state__in=sorted(FINAL), resolved_on__range=(month.first, month.last))
    sums = ended.aggregate(
        n=Count("pk"), won=Count("pk", filter=Q(recovered_amount__gt=0)),
        given=Sum("written_off_amount"), came=Sum("recovered_amount", filter=Q(written_off_amount__gt=0)),
    )  # fmt: skip
    given = (sums["given"] or Decimal(0)) - (sums["came"] or Decimal(0))
    net = _net_revenue(month)
    touched = Denial.objects.filter(is_denial=True, denied_on__range=(month.first, month.last)).aggregate(
        n=Count("pk", filter=Q(touched_at__isnull=False) | Q(resolved_on=None, touch_by__lt=at)),
        kept=Count("pk", filter=Q(touched_at__lte=F("touch_by"))),
    )
    over = f"{month.plus(1 - MONTHS_OF_A_RATE).first:%b} to {month.first:%b %Y}"
    return [
        Measure("initial_denial_rate_volume", "Initial denial rate", _share(len(whole), claims),
                f"{counted(len(whole), 'claim')} of {counted(claims, 'claim')} sent, {over}",
                "Claims that the first payer paid nothing of, for a reason that denies, of the claims first sent."),
        Measure("initial_denial_rate_dollars", "Initial denial rate, dollars",
                _share(sum(whole, Decimal(0)), charged.amount),
                f"{sum(whole, Decimal(0)):,.2f} of {charged.amount:,.2f} charged, {over}",
                "Charges on these claims, of the charges on the claims first sent."),
        Measure("primary_denial_rate", "Primary denial rate", _share(zero, answered),
                f"{zero} of {counted(answered, 'answer')} in four weeks",
                "Answers of first payers that paid nothing, duplicates aside, of all their answers of four weeks."),
        Measure("final_denial_writeoff_rate", "Written off of net revenue", _share(given, net.amount),
                f"{given:,.2f} in {month.first:%b %Y}",
                "Write-offs of denials, less what came in on them, of net patient revenue; reductions are none."),
        Measure("time_denial_to_appeal", "Denial to appeal", None,
                _days(_median(APPEALED, month)), "Median days from the payer's answer until the appeal left."),
        Measure("time_denial_to_resolution", "Denial to end", None,
                _days(_median(ENDED, month)), "Median days from the payer's answer until its end."),
        Measure("denial_overturn_rate", "Overturned", _share(sums["won"], sums["n"]),
                f"{sums['won']} of {sums['n']} that ended",
                "Denials paid at least in part, of those that ended; not of those that were appealed."),
        Measure("first_touch", "Touched in time", _share(touched["kept"], touched["n"]),
                f"{touched['kept']} of {touched['n']} whose clock has run",
                "Denials that somebody first did something about within the hours that the agreement promises."),
    ]  # fmt: skip


def _share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole and whole > 0 else None


def _days(found: Decimal | None) -> str:
    return "nothing to measure" if found is None else f"{found:.0f} days"


def _net_revenue(month: Month) -> Money:
    """Net patient service revenue of the books in scope: revenue less contractual and other reductions."""
    of = (Accounts.PATIENT_REVENUE, Accounts.CONTRACTUAL_ADJUSTMENTS, Accounts.OTHER_ADJUSTMENTS)
    return Money.total(books.by_month(code=one, method=Method.ACCRUAL, since=month).get(month, ZERO) for one in of)


ENDED = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY greatest(resolved_on - denied_on, 0)) FROM denials_denial
 WHERE practice_id = ANY(%(practices)s) AND is_denial AND state = ANY(%(final)s)
   AND resolved_on BETWEEN %(first)s AND %(last)s
"""
APPEALED = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a.sent_on - d.denied_on)
  FROM denials_appeal a
  JOIN denials_appealitem i ON i.practice_id = a.practice_id AND i.appeal_id = a.id
  JOIN denials_denial d ON d.practice_id = i.practice_id AND d.id = i.denial_id
 WHERE a.practice_id = ANY(%(practices)s) AND a.level = 1 AND a.sent_on BETWEEN %(first)s AND %(last)s
"""


def _median(question: str, month: Month) -> Decimal | None:
    with connection.cursor() as cursor:
        cursor.execute(
            question,
            {"practices": sorted(current().practices), "final": [one.value for one in FINAL], "first": month.first,
             "last": month.last},
        )  # fmt: skip
        (found,) = cursor.fetchone()
    return None if found is None else Decimal(str(found))


def months(on: date, *, count: int = 12) -> list[Month]:
    """The months one may look at, the latest first."""
    return [Month.of(on).plus(-number) for number in range(count)]
