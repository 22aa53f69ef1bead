"""The lists of analytics, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from django.urls import reverse

from openmso.analytics.contracts import CohortRow, Figure, Kpi, OccurrenceRow, Unit, Value
from openmso.kit.classes import DataClass
from openmso.parties.contracts import Specialty
from openmso.parties.queries import payers
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


def change_text(figure: Figure) -> str:
    """The change since the month before, in points or days."""
    now, before = figure.value.figure, figure.before.figure
    if now is None or before is None:
        return ""
    scale, unit = {Unit.PERCENT: (100, " points"), Unit.DAYS: (1, " days"), Unit.DOLLARS: (1, " dollars")}[
        figure.kpi.unit
    ]
    change = round((now - before) * scale, 2 if figure.kpi.unit is Unit.DOLLARS else 1)
    return f"{change:+}{unit}" if change else "no change"


def spark_of(values: Sequence[Value], label: str) -> str:
    """The line of a year."""
    return figures.sparkline([one.figure for one in values if one.figure is not None], label)


WHOSE = (
    Filter("practice", "Practice", choices=practice_choices, many=False),
    Filter("payer", "Payer", choices=payers.choices, many=False),
    Filter("specialty", "Specialty", choices=[(one.value, one.label) for one in Specialty], many=False),
    Filter("month", "Month", "month", many=False),
)
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
    row_key=lambda row: str(row.bucket),
    columns=(
        Column("label", "Age since the service", heading=True),
        Column("claims", "Claims", "count", total=True),
        Column("open", "Insurers owe", "money", total=True, strong=True),
        Column("patient", "Patients owe", "money", total=True),
        Column("credit", "Credits", "money", total=True),
    ),
    filters=WHOSE,
    empty=NOTHING,
)

COHORT_COLUMNS = ("Within 30 days", "60", "90", "120", "180", "So far")


def _paid_by(place: int) -> Callable[[CohortRow], str]:
    def words(row: CohortRow) -> str:
        part = row.paid[place]
        return "" if part is None else f"{part * 100:.1f}%"

    return words


COHORTS = TableSpec(
    name="analytics.cohorts",
    noun=("month", "months"),
    row_key=lambda row: str(row.month),
    columns=(
        Column("month", "Services of", heading=True, value=lambda row: row.month.words),
        Column("charged", "Charged", "money", wide=True),
        Column("allowed", "Allowed", "money"),
        Column("paid_so_far", "Paid", "money"),
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

BEHIND = TableSpec(
    name="analytics.behind",
    noun=("claim", "claims"),
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("claims:claim", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Claim", "id", heading=True),
        Column("practice_name", "Practice", wide=True),
        Column("patient", "Patient", data_class=DataClass.DEMOGRAPHIC),
        Column("payer", "Payer", wide=True),
        Column("state", "State", "status"),
        Column("service_on", "Service", "day", data_class=DataClass.CLINICAL),
        Column("sent_at", "Sent", "instant", wide=True),
        Column("charged", "Charged", "money"),
        Column("open", "Open", "money"),
    ),
    filters=WHOSE,
    empty=Empty("No claim", "None counts for this figure."),
)

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
    filters=WHOSE,
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
