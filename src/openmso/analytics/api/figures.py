"""The API of analytics: figures with their parts, receivables by age, the claims behind a figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema, Status
from pydantic import Field

from openmso.analytics import network, queries, services
from openmso.analytics.contracts import READ, Asked, Figure, Value
from openmso.analytics.queries import behind as drill
from openmso.claims.contracts import READ as READ_CLAIMS
from openmso.claims.contracts import ClaimRow
from openmso.kit import clock
from openmso.kit.periods import Month
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.schemas import Amount
from openmso.platform.tenancy.queries import network_day
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Key figures"])
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,39}$", examples=["clean-claim-rate"])]


class FiguresAsk(Schema):
    """Of whom and when: practice by code, payer and clinician by id (`none` for what names none).

    Without them everybody's, of the latest month.
    """

    month: Annotated[str, Field(pattern=r"^(20\d\d-(0[1-9]|1[0-2]))?$")] = ""
    practice: Annotated[str, Field(pattern=r"^[a-z0-9]{0,12}$")] = ""
    payer: Annotated[str, Field(pattern=r"^(none|PAY-[0-9A-Z]{8}(?:[0-9A-Z]{2})?)?$")] = ""
    clinician: Annotated[str, Field(pattern=r"^(none|CLN-[0-9A-Z]{8}(?:[0-9A-Z]{2})?)?$")] = ""
    specialty: Annotated[str, Field(pattern=r"^[a-z_]{0,24}$")] = ""


class BehindAsk(FiguresAsk):
    """What stands behind a part: of the month `alone` though the figure looks at more; `served`, of one cohort."""

    alone: bool = False
    served: Annotated[str, Field(pattern=r"^(20\d\d-(0[1-9]|1[0-2]))?$")] = ""


class CountingOut(Schema):
    """How many practices will be counted anew."""

    practices: int


class KeyFigureOut(Schema):
    """A figure: rates as parts of one, times in days; none where it cannot be told. `top` over `bottom` gives it."""

    code: str
    title: str
    unit: str
    month: str
    figure: Decimal | None
    top: Decimal
    bottom: Decimal
    tone: str
    formula: str
    benchmark: str


class MonthValueOut(Schema):
    """The figure of one month."""

    month: str
    figure: Decimal | None


class KeyFigureYearOut(KeyFigureOut):
    """A figure with its year."""

    trend: list[MonthValueOut]


class KeyFigurePartOut(Schema):
    """A figure of one practice, payer, clinician, specialty, month, or cohort: services of a month."""

    key: str
    name: str
    figure: Decimal | None
    top: Decimal
    bottom: Decimal


class KeyFigureBesideOut(Schema):
    """A figure over the practices of the network that have theirs compared, nobody by name."""

    practices: int
    low: Decimal | None
    median: Decimal | None
    high: Decimal | None
    why_not: str


class AgeOut(Schema):
    """Receivables from so many days of age on."""

    from_days: int
    claims: int
    open: Amount
    patient: Amount
    credit: Amount


class AgeingOut(Schema):
    """Receivables of a day by age; credits are apart and negative."""

    on: date | None
    rows: list[AgeOut]
    open: Amount
    patient: Amount
    credit: Amount


class CohortOut(Schema):
    """The services of a month; `parts` of what is allowed: paid within 30, 60, 90, 120, 180 days, and so far."""

    month: str
    charged: Amount
    allowed: Amount
    paid: Amount
    parts: list[Decimal | None]


class RecordOfKeyFigureOut(Schema):
    """A visit, answer, line, payment or fee that a figure counts; `id` is that of what tells it."""

    id: str
    practice: str
    payer: str
    clinician: str
    on: date
    count: int
    amount: Amount


class CashWeekOut(Schema):
    """A week ahead: cash of claims that are open, of claims that will be sent, and both."""

    starts_on: date
    ends_on: date
    waiting: Amount
    coming: Amount
    total: Amount


class CashForecastOut(Schema):
    """Thirteen weeks ahead of a day; `foretold` and `came` are the test of the four weeks before, if there is one."""

    on: date | None
    weeks: list[CashWeekOut]
    foretold: Amount | None
    came: Amount | None


class ClaimOfKeyFigureOut(Schema):
    """A claim that a figure counts; `amount` are the dollars that it counts for, `days` its days in a median."""

    id: str
    practice: str
    payer: str
    state: str
    charged: Amount
    open: Amount
    amount: Amount
    days: int | None


class ClaimOfReceivablesOut(Schema):
    """A claim of receivables: the days of age from which it counts, and what is owed of it on the day."""

    id: str
    practice: str
    payer: str
    state: str
    from_days: int
    open: Amount
    patient: Amount
    credit: Amount


class ClaimOfCohortOut(Schema):
    """A claim of the services of a month: its charge, what of it is allowed, what was paid."""

    id: str
    practice: str
    payer: str
    state: str
    charged: Amount
    allowed: Amount
    paid: Amount


def _asked(given: FiguresAsk) -> Asked:
    latest = queries.latest_month() or Month.of(network_day(clock.now()))
    month = Month.parse(given.month) if given.month else latest
    asked = Asked(month, given.practice, given.payer, given.clinician, given.specialty)
    if isinstance(given, BehindAsk):
        return replace(asked, alone=given.alone, served=Month.parse(given.served) if given.served else None)
    return asked


@router.get("/key-figures", response=list[KeyFigureOut])
@operation(READ.code)
def list_key_figures(request: Any, of: Query[FiguresAsk]) -> Any:
    """Every figure of a month."""
    asked = _asked(of)
    return [_figure(one, asked.month) for one in queries.board(asked)]


@router.post("/key-figures/count", response={202: CountingOut})
@operation(READ.code)
def count_key_figures(request: Any) -> Any:
    """Have the worker count what has changed since the last count."""
    with reading():
        practices = queries.to_count()
    for practice in practices:
        services.count_later(practice=practice)
    return Status(202, {"practices": len(practices)})


@router.get("/key-figures/{kpi}", response=KeyFigureYearOut)
@operation(READ.code)
def get_key_figure(request: Any, kpi: Slug, of: Query[FiguresAsk]) -> Any:
    """One figure of a month, and of the year before it."""
    asked = _asked(of)
    one = queries.figure(kpi, asked)
    return _figure(one, asked.month) | {
        "trend": [{"month": str(month), "figure": _exact(value)} for month, value in one.trend]
    }


@router.get("/key-figures/{kpi}/network", response=KeyFigureBesideOut)
@operation(READ.code)
def get_key_figure_of_network(request: Any, kpi: Slug, of: Query[FiguresAsk]) -> Any:
    """A figure over the practices that take part in its comparison; `why_not` where it is not told."""
    asked = _asked(of)
    return network.beside(queries.kpi(kpi).code, asked.month, on=request.actor.today)


@router.get("/key-figures/{kpi}/parts", response=list[KeyFigurePartOut])
@operation(READ.code)
def list_key_figure_parts(
    request: Any, kpi: Slug, of: Query[FiguresAsk],
    by: Literal["practice", "payer", "clinician", "specialty", "month", "cohort"] = "practice",
) -> Any:  # fmt: skip
    """A figure of each practice, payer, clinician or specialty, of each month by itself, or of each cohort."""
    return [
        {
            "key": one.key,
            "name": one.name,
            "figure": _exact(one.value),
            "top": one.value.top,
            "bottom": one.value.bottom,
        }
        for one in queries.parts(kpi, _asked(of), by=by)
    ]


@router.get("/key-figures/{kpi}/claims", response=PageOut[ClaimOfKeyFigureOut])
@operation(READ_CLAIMS.code)
def list_claims_of_key_figure(
    request: Any, kpi: Slug, of: Query[BehindAsk], page: Query[PageAsk], side: Literal["top", "bottom"] = "top"
) -> Any:
    """The claims that a part of a figure counts, and for how much; none where it counts something else (`records`)."""
    asked, one = _asked(of), queries.kpi(kpi)
    if drill.opens(one, side) is drill.Opens.OCCURRED:
        return paged(request, [], 0, page)
    found = drill.claims(one, asked, side=side, page=RowsAsk(page.page, page.size))
    rows = [
        _claim(row.claim) | {"charged": str(row.claim.charged), "open": str(row.claim.open),
                             "amount": str(row.amount), "days": row.days}
        for row in found.rows
    ]  # fmt: skip
    return paged(request, rows, total_of(found, lambda: drill.tally_claims(one, asked, side=side)), page)


@router.get("/key-figures/{kpi}/records", response=PageOut[RecordOfKeyFigureOut])
@operation(READ_CLAIMS.code)
def list_records_of_key_figure(
    request: Any, kpi: Slug, of: Query[BehindAsk], page: Query[PageAsk], side: Literal["top", "bottom"] = "top"
) -> Any:
    """The visits, answers, lines, payments or fees that a part of a figure counts; none where it counts claims."""
    asked, one = _asked(of), queries.kpi(kpi)
    if drill.opens(one, side) is not drill.Opens.OCCURRED:
        return paged(request, [], 0, page)
    found = drill.occurred(one, asked, side=side, page=RowsAsk(page.page, page.size))
    rows = [
        {"id": row.source, "practice": row.practice_name, "payer": row.payer, "clinician": row.clinician,
         "on": row.on, "count": row.count, "amount": str(row.amount)}
        for row in found.rows
    ]  # fmt: skip
    return paged(request, rows, total_of(found, lambda: drill.tally_occurred(one, asked, side=side)), page)


@router.get("/receivables/claims", response=PageOut[ClaimOfReceivablesOut])
@operation(READ_CLAIMS.code)
def list_claims_of_receivables(
    request: Any, of: Query[FiguresAsk], page: Query[PageAsk], from_days: Literal["", "0", "31", "61", "91", "121"] = ""
) -> Any:
    """The claims of receivables of a month's end, all or those of one age."""
    asked, buckets = _asked(of), [int(from_days)] if from_days else []
    found = drill.aged(asked, buckets=buckets, page=RowsAsk(page.page, page.size))
    rows = [
        _claim(row.claim) | {"from_days": row.bucket, "open": str(row.open), "patient": str(row.patient),
                             "credit": str(row.credit)}
        for row in found.rows
    ]  # fmt: skip
    return paged(request, rows, total_of(found, lambda: drill.tally_aged(asked, buckets=buckets)), page)


@router.get("/cohorts/claims", response=PageOut[ClaimOfCohortOut])
@operation(READ_CLAIMS.code)
def list_claims_of_cohort(request: Any, of: Query[FiguresAsk], page: Query[PageAsk]) -> Any:
    """The claims of the services of a month, with what they came to."""
    asked = _asked(of)
    found = drill.served(asked, page=RowsAsk(page.page, page.size))
    rows = [
        _claim(row.claim) | {"charged": str(row.served), "allowed": str(row.net), "paid": str(row.paid)}
        for row in found.rows
    ]  # fmt: skip
    return paged(request, rows, total_of(found, lambda: drill.tally_served(asked)), page)


def _claim(row: ClaimRow) -> dict[str, Any]:
    return {"id": row.public_id, "practice": row.practice_name, "payer": row.payer, "state": row.state.value}


@router.get("/cohorts", response=list[CohortOut])
@operation(READ.code)
def list_cohorts(request: Any, of: Query[FiguresAsk]) -> Any:
    """The services of twelve months, and how much of what is allowed was paid by each age."""
    return [
        {"month": str(one.month), "charged": str(one.charged), "allowed": str(one.allowed),
         "paid": str(one.paid_so_far), "parts": [None if part is None else round(part, 6) for part in one.paid]}
        for one in queries.cohorts(_asked(of))
    ]  # fmt: skip


@router.get("/receivables", response=AgeingOut)
@operation(READ.code)
def get_receivables(request: Any, of: Query[FiguresAsk]) -> Any:
    """Receivables of a month's end by age."""
    found = queries.ageing(_asked(of))
    rows = [
        {"from_days": row.bucket, "claims": row.claims, "open": str(row.open), "patient": str(row.patient),
         "credit": str(row.credit)}
        for row in found.rows
    ]  # fmt: skip
    return {"on": found.on, "rows": rows, "open": str(found.open), "patient": str(found.patient),
            "credit": str(found.credit)}  # fmt: skip


@router.get("/cash-forecast", response=CashForecastOut)
@operation(READ.code)
def get_cash_forecast(request: Any, of: Query[FiguresAsk]) -> Any:
    """Thirteen weeks of cash from insurers, ahead of the latest count."""
    found = queries.forecast(_asked(of))
    weeks = [
        {"starts_on": one.starts_on, "ends_on": one.ends_on, "waiting": str(one.waiting), "coming": str(one.coming),
         "total": str(one.total)}
        for one in found.weeks
    ]  # fmt: skip
    tested = {"foretold": None if found.foretold is None else str(found.foretold),
              "came": None if found.came is None else str(found.came)}  # fmt: skip
    return {"on": found.on, "weeks": weeks} | tested


def _figure(one: Figure, month: Month) -> dict[str, Any]:
    kpi = one.kpi
    return {
        "code": kpi.code, "title": kpi.title, "unit": kpi.unit.value, "month": str(month), "figure": _exact(one.value),
        "top": one.value.top, "bottom": one.value.bottom, "tone": one.value.tone.value, "formula": kpi.formula,
        "benchmark": kpi.benchmark,
    }  # fmt: skip


def _exact(value: Value) -> Decimal | None:
    return None if value.figure is None else round(value.figure, 6)
