"""The lists of analytics, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from django.urls import reverse

from openmso.analytics.contracts import NOBODY, CohortRow, Figure, Kpi, OccurrenceRow, Unit, Value
from openmso.analytics.rules.measures import BUCKETS
from openmso.kit.classes import DataClass
from openmso.kit.words import MINUS
from openmso.parties.contracts import Specialty
from openmso.parties.queries import payers, providers
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui import cells, figures
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec


def figure_text(kpi: Kpi, figure: Decimal | None) -> str:
    """A figure as people write it: `94.2%`, `36.5 days`; a dash where it cannot be told."""
    if figure is None:
        return "–"
    if kpi.unit is Unit.PERCENT:
        return f"{figure * 100:.1f}%"
    if kpi.unit is Unit.DOLLARS:
        return f"${figure:,.2f}"
    return f"{figure:.1f} days"


def part_text(kpi: Kpi, amount: Decimal, *, side: str = "top") -> str:
    """A part of a figure: dollars, or how many."""
    names = kpi.bottom if side == "bottom" and kpi.unit is Unit.DOLLARS else kpi.top
    in_dollars = (names and names[0].endswith("amount")) or kpi.kind.value in {"aged", "days"}
    return cells.money_text(amount) if in_dollars else f"{amount:,.0f}"


def age_text(start: int) -> str:
    """The days of age that begin there."""
    place = BUCKETS.index(start)
    return f"{start} to {BUCKETS[place + 1] - 1} days" if place + 1 < len(BUCKETS) else f"Over {start - 1} days"


def change_text(figure: Figure) -> str:
    """The change since the month before, in points or days."""
    now, before = figure.value.figure, figure.before.figure
    if now is None or before is None:
        return ""
    scale, unit = {Unit.PERCENT: (100, " points"), Unit.DAYS: (1, " days"), Unit.DOLLARS: (1, " dollars")}[
        figure.kpi.unit
    ]
    change = round((now - before) * scale, 2 if figure.kpi.unit is Unit.DOLLARS else 1)
    return f"{change:+}{unit}".replace("-", MINUS) if change else "no change"


def spark_of(values: Sequence[Value], label: str) -> str:
    """The line of a year."""
    return figures.sparkline([one.figure for one in values if one.figure is not None], label)


def _payers() -> list[tuple[str, str]]:
    return [*payers.all_choices(), (NOBODY, "No payer")]


def _clinicians() -> list[tuple[str, str]]:
    return [*providers.clinician_choices(), (NOBODY, "No clinician")]


WHOSE = (
    Filter("practice", "Practice", choices=practice_choices, many=False),
    Filter("payer", "Payer", choices=_payers, many=False),
    Filter("clinician", "Clinician", choices=_clinicians, many=False),
    Filter("specialty", "Specialty", choices=[(one.value, one.label) for one in Specialty], many=False),
    Filter("month", "Month", "month", many=False),
)
WHICH = (
    *WHOSE, Filter("served", "Services of", "month", many=False), Filter("alone", "This month alone", "flag"),
)  # fmt: skip
NOTHING = Empty(
    "Nothing was counted yet", "Figures appear when claims were sent and counted; that is done every night."
)

BOARD = TableSpec(
    name="analytics.board",
    noun=("figure", "figures"),
    row_key=lambda row: row.kpi.code,
    row_link=lambda row: reverse("analytics:figure", args=[row.kpi.code]),
    columns=(
        Column("kpi.title", "Figure", heading=True),
        Column("group", "About", value=lambda row: row.kpi.group.value, wide=True),
        Column("figure", "This month", strong=True, value=lambda row: figure_text(row.kpi, row.value.figure),
               tone=lambda row: row.value.tone.value),
        Column("change", "Since last month", value=change_text),
        Column("trend", "A year", "html", wide=True,
               value=lambda row: spark_of([value for _, value in row.trend], f"{row.kpi.title}, a year")),
        Column("kpi.benchmark", "Good is", says=True),
        Column("top", "Numerator", wide=True, hidden=True, value=lambda row: part_text(row.kpi, row.value.top)),
        Column("bottom", "Denominator", wide=True, hidden=True,
               value=lambda row: part_text(row.kpi, row.value.bottom, side="bottom")),
    ),
    filters=WHOSE,
    empty=NOTHING,
)  # fmt: skip

PARTS = TableSpec(
    name="analytics.parts",
    noun=("part", "parts"),
    row_key=lambda row: row[1].key,
    columns=(
        Column("name", "Name", heading=True, value=lambda row: row[1].name),
        Column("figure", "Figure", strong=True, value=lambda row: figure_text(row[0], row[1].value.figure),
               tone=lambda row: row[1].value.tone.value),
        Column("top", "Numerator", value=lambda row: part_text(row[0], row[1].value.top), link=lambda row: row[2]),
        Column("bottom", "Denominator", value=lambda row: part_text(row[0], row[1].value.bottom, side="bottom"),
               link=lambda row: row[3]),
    ),
    filters=WHOSE,
    empty=NOTHING,
)  # fmt: skip

AGEING = TableSpec(
    name="analytics.ageing",
    noun=("age", "ages"),
    row_key=lambda row: str(row[0].bucket),
    row_link=lambda row: row[1],
    columns=(
        Column("label", "Age since the service", heading=True, value=lambda row: age_text(row[0].bucket)),
        Column("claims", "Claims", "count", total=True, value=lambda row: row[0].claims),
        Column("open", "Insurers owe", "money", total=True, strong=True, value=lambda row: row[0].open),
        Column("patient", "Patients owe", "money", total=True, value=lambda row: row[0].patient),
        Column("credit", "Credits", "money", total=True, value=lambda row: row[0].credit),
    ),
    filters=WHOSE,
    empty=NOTHING,
)

COHORT_COLUMNS = ("Within 30 days", "60", "90", "120", "180", "So far")


def _paid_by(place: int) -> Callable[[tuple[CohortRow, str]], str]:
    def words(row: tuple[CohortRow, str]) -> str:
        part = row[0].paid[place]
        return "" if part is None else f"{part * 100:.1f}%"

    return words


COHORTS = TableSpec(
    name="analytics.cohorts",
    noun=("month", "months"),
    row_key=lambda row: str(row[0].month),
    row_link=lambda row: row[1],
    columns=(
        Column("month", "Services of", heading=True, value=lambda row: row[0].month.words),
        Column("charged", "Charged", "money", wide=True, value=lambda row: row[0].charged),
        Column("allowed", "Allowed", "money", value=lambda row: row[0].allowed),
        Column("paid_so_far", "Paid", "money", value=lambda row: row[0].paid_so_far),
        *(Column(f"by_{place}", words, value=_paid_by(place), strong=words == "So far")
          for place, words in enumerate(COHORT_COLUMNS)),
    ),
    filters=WHOSE,
    empty=NOTHING,
)  # fmt: skip

FORECAST = TableSpec(
    name="analytics.forecast",
    noun=("week", "weeks"),
    row_key=lambda row: str(row.number),
    columns=(
        Column("starts_on", "Week from", "day", heading=True),
        Column("ends_on", "To", "day", wide=True),
        Column("waiting", "Of open claims", "money", total=True),
        Column("coming", "Of services to come", "money", total=True),
        Column("total", "Cash", "money", total=True, strong=True),
        Column("running", "So far", "money", wide=True),
    ),
    filters=WHOSE[:-1],
    empty=NOTHING,
)

CLAIM: tuple[Column, ...] = (
    Column("claim.public_id", "Claim", "id", heading=True),
    Column("claim.practice_name", "Practice", wide=True),
    Column("claim.patient", "Patient", data_class=DataClass.DEMOGRAPHIC),
    Column("claim.payer", "Payer", wide=True),
    Column("claim.state", "State", "status"),
    Column("claim.service_on", "Service", "day", data_class=DataClass.CLINICAL),
)


def _of_claims(name: str, *columns: Column, filters: tuple[Filter, ...], empty: str) -> TableSpec:
    """A list of claims with what each counts for."""
    return TableSpec(
        name=name,
        noun=("claim", "claims"),
        row_key=lambda row: row.claim.public_id,
        row_link=lambda row: reverse("claims:claim", args=[row.claim.public_id]),
        row_practice=lambda row: row.claim.practice,
        columns=(*CLAIM, *columns),
        filters=filters,
        empty=Empty("No claim", empty),
    )


_COUNTS = Column("amount", "Counts for", "money", total=True, strong=True)
_OPEN = Column("claim.open", "Open now", "money", wide=True)
BEHIND = _of_claims("analytics.behind", _OPEN, _COUNTS, filters=WHICH, empty="None counts for this figure.")
BEHIND_DAYS = _of_claims(
    "analytics.behind_days", Column("amount", "Charged", "money", wide=True, total=True),
    Column("days", "Days", "count", strong=True), filters=WHICH, empty="None counts for this figure.",
)  # fmt: skip
BEHIND_AGEING = _of_claims(
    "analytics.behind_ageing", Column("bucket", "Age", value=lambda row: age_text(row.bucket), wide=True),
    Column("open", "Insurer owes", "money", total=True, strong=True),
    Column("patient", "Patient owes", "money", total=True),
    Column("credit", "Credit", "money", total=True),
    filters=(*WHOSE, Filter("age", "Age", choices=[(str(start), age_text(start)) for start in BUCKETS])),
    empty="Nothing of this age was owed on that day.",
)  # fmt: skip
BEHIND_COHORT = _of_claims(
    "analytics.behind_cohort", Column("served", "Charged", "money", total=True, wide=True),
    Column("net", "Allowed", "money", total=True), Column("paid", "Paid", "money", total=True, strong=True),
    filters=WHOSE, empty="No service of this month was charged.",
)  # fmt: skip

_TOLD_BY: Mapping[str, str] = {
    "CLM": "claims:claim", "VIS": "estimates:visit", "RCP": "billing:payment", "UPY": "underpayments:underpayment",
    "DNL": "denials:denial", "SET": "settlement:statement",
}  # fmt: skip


def told_by(row: OccurrenceRow) -> str:
    """The page of what tells an occurrence."""
    return reverse(_TOLD_BY[row.source[:3]], args=[row.source])


OCCURRED = TableSpec(
    name="analytics.occurred",
    noun=("record", "records"),
    row_key=lambda row: f"{row.source} {row.on}",
    row_link=told_by,
    row_practice=lambda row: row.practice,
    columns=(
        Column("source", "Record", "id", heading=True),
        Column("practice_name", "Practice", wide=True),
        Column("payer", "Payer", wide=True),
        Column("clinician", "Clinician", wide=True),
        Column("on", "Day", "day", data_class=DataClass.CLINICAL),
        Column("count", "Counts", "count", total=True),
        Column("amount", "Dollars", "money", total=True),
    ),
    filters=(*WHOSE, WHICH[-1]),
    empty=Empty("Nothing", "Nothing counts for this part of the figure."),
)

HOUR_COSTS = TableSpec(
    name="analytics.hour_costs",
    noun=("version", "versions"),
    row_key=lambda row: f"{row.function.value}-{row.number}",
    columns=(
        Column("function", "Whose work", heading=True, value=lambda row: row.function.label,
               hint=lambda row: f"version {row.number}{', holds now' if row.holds else ''}"),
        Column("starts_on", "From", "day"),
        Column("hourly", "An hour", "money"),
        Column("minutes", "Minutes a touch"),
        Column("touch", "A touch", "money", strong=True),
        Column("source", "By", says=True),
        Column("why", "Why", wide=True, says=True),
        Column("by", "Entered by", wide=True),
        Column("at", "Entered", "instant", wide=True),
    ),
    empty=Empty("Nobody has said yet what an hour costs", "The cost of rework is told once somebody has."),
)  # fmt: skip
