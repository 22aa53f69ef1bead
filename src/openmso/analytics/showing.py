"""What the pages of figures say: how a figure came about, its year as a chart, where its parts lead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from openmso.analytics.contracts import (
    Ageing,
    AgeRow,
    Asked,
    Beside,
    CohortRow,
    Figure,
    Forecast,
    Kind,
    Kpi,
    Part,
    Unit,
)
from openmso.analytics.rules.months import window
from openmso.analytics.tables import age_text, change_text, figure_text, part_text
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.ui.cells import day_text, money_text
from openmso.platform.ui.charts import Chart
from openmso.platform.ui.figures import Part as Piece

SHADES = ("d4", "d3", "d2", "d1", "d-bad")


def around(asked: str, month: Month) -> dict[str, Any]:
    """The month before and the month after, with everything else that was asked for."""
    rest = " ".join(word for word in asked.split() if not word.startswith("month:"))
    return {
        name: "?" + urlencode({"q": f"{rest} month:{month.plus(step)}".strip()})
        for name, step in (("before", -1), ("after", 1))
    }


def figure(one: Figure, asked: Asked, question: str, *, opens: bool) -> dict[str, Any]:
    """Everything about one figure; `opens` says whether its parts do, for who reads it."""
    months = sorted(window(one.kpi, asked.month))
    return {
        "figure": one,
        "kpi": one.kpi,
        "value": figure_text(one.kpi, one.value.figure),
        "change": change_text(one),
        "month": asked.month,
        "window": months[0].words if len(months) == 1 else f"{months[0].words} to {months[-1].words}",
        "terms": _terms(one, question)
        if opens
        else [(words, amount, "") for words, amount, _ in _terms(one, question)],
        "chart": _chart(one) if len(one.trend) > 1 else None,
        "around": around(question, asked.month),
        "crumbs": [],
    }


def _terms(one: Figure, question: str) -> list[tuple[str, str, str]]:
    """The parts of a figure: words, amount, and what it opens to."""
    kpi, value = one.kpi, one.value
    if kpi.kind is Kind.MEDIAN:
        return [(kpi.bottom_words, f"{value.bottom:,.0f}", opened(kpi, "bottom", question))]
    below = opened(kpi, "bottom", question)
    found = [(kpi.top_words, part_text(kpi, value.top), opened(kpi, "top", question))]
    if value.earned is not None:
        words = f"{kpi.bottom_words.removesuffix(' a day')} in {value.days} days"
        found.append((words, money_text(Money.of(value.earned)), below))
        below = ""
    found.append((kpi.bottom_words, part_text(kpi, value.bottom, side="bottom"), below))
    if value.without_credits is not None:
        found.append(("With credits left out", figure_text(kpi, value.without_credits), ""))
    return found


def counting(kpi: Kpi, side: str, asked: Asked) -> str:
    """What a list behind a part adds up to, in a sentence."""
    months = sorted(window(replace(kpi, months=1) if asked.alone else kpi, asked.month))
    when = months[0].words if len(months) == 1 else f"{months[0].words} to {months[-1].words}"
    if kpi.kind is Kind.MEDIAN:
        return f"{kpi.words} Of {when}."
    names = kpi.top if side == "top" else kpi.bottom
    if kpi.kind is Kind.AGED or (kpi.kind is Kind.DAYS and side == "top"):
        return f"What was owed at the end of {asked.month.words}, or on the day of the count in its month."
    if any(name.endswith("amount") for name in names):
        return f"Of {when}. The sum of the dollars is the figure."
    return f"Of {when}. As many as the figure counts."


def opened(kpi: Kpi, side: str, question: str) -> str:
    """Where a part of a figure opens."""
    return _with(reverse("analytics:behind", args=[kpi.code, side]), question)


def _with(path: str, question: str) -> str:
    return f"{path}?{urlencode({'q': question})}" if question else path


def parts(
    kpi: Kpi, found: Iterable[Part], *, by: str, asked: str, opens: bool
) -> list[tuple[Kpi, Part, str, str]]:  # fmt: skip
    """The rows of a figure's parts, each with where it opens."""
    rows = []
    key = {"cohort": "served"}.get(by, by)
    for part in found:
        rest = " ".join(word for word in asked.split() if not word.startswith(f"{key}:"))
        alone = " is:alone" if by == "month" and kpi.months > 1 else ""
        question = f"{rest} {key}:{part.key}{alone}".strip()
        top = "" if kpi.kind is Kind.MEDIAN else opened(kpi, "top", question)
        bottom = "" if kpi.kind is Kind.DAYS else opened(kpi, "bottom", question)
        rows.append((kpi, part, top, bottom) if opens else (kpi, part, "", ""))
    return rows


def aged(found: Ageing, question: str, *, opens: bool) -> list[tuple[AgeRow, str]]:
    """The ages of receivables, each with the claims that it opens to."""
    if not found.on:
        return []
    path = reverse("analytics:behind-ageing")
    rest = " ".join(word for word in question.split() if not word.startswith("age:"))
    return [(row, _with(path, f"{rest} age:{row.bucket}".strip()) if opens else "") for row in found.rows]


def cohorts(found: Iterable[CohortRow], question: str, *, opens: bool) -> list[tuple[CohortRow, str]]:
    """The cohorts, each with the claims that it opens to."""
    path = reverse("analytics:behind-cohort")
    rest = " ".join(word for word in question.split() if not word.startswith("month:"))
    return [(row, _with(path, f"{rest} month:{row.month}".strip()) if opens else "") for row in found]


def strip(ageing: Ageing) -> list[Piece]:
    """Receivables by age as one bar."""
    return [
        Piece(age_text(row.bucket), row.open + row.patient, shade)
        for row, shade in zip(ageing.rows, SHADES, strict=True)
    ]


def groups(kpis: Sequence[Kpi]) -> list[tuple[str, list[Kpi]]]:
    """Figures by what they are about."""
    return [(group.value, list(found)) for group, found in groupby(kpis, key=lambda one: one.group)]


def off(found: Forecast) -> str:
    """By how much the forecast was off when it was put to the test; nothing where it was not."""
    if found.foretold is None or not found.came:
        return ""
    part = (found.foretold.amount - found.came.amount) / found.came.amount
    return f"{abs(part) * 100:.0f}% too {'much' if part > 0 else 'little'}"


def cash(found: Forecast) -> Chart:
    """The weeks ahead as bars: what is open below, what is to come on top."""
    kinds = (("waiting", "Open claims"), ("coming", "Services to come"))
    values = [
        {"week": f"{week.starts_on:%-d %b}", "dollars": float(getattr(week, name).amount), "of": words, "place": place}
        for week in found.weeks
        for place, (name, words) in enumerate(kinds)
    ]
    spec = {
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {"field": "week", "type": "ordinal", "sort": None, "title": None},
            "y": {"field": "dollars", "type": "quantitative", "title": None,
                  "axis": {"tickCount": 4, "format": "$,.0f"}},
            "color": {"field": "of", "type": "nominal", "sort": [words for _, words in kinds], "title": None},
            "order": {"field": "place"},
        },
    }  # fmt: skip
    total = Money.total(week.total for week in found.weeks)
    rows = [
        (day_text(week.starts_on), *(money_text(one) for one in (week.waiting, week.coming, week.total)))
        for week in found.weeks
    ]
    columns = ("Week from", "Open claims", "Services to come", "Cash")
    return Chart(
        "Cash ahead by week", f"{money_text(total)} in thirteen weeks.", spec, columns, rows, width=1120, height=220
    )


def _chart(one: Figure) -> Chart:
    kpi = one.kpi
    rows = [(month.words, figure_text(kpi, value.figure)) for month, value in one.trend]
    scale = 100 if kpi.unit is Unit.PERCENT else 1
    values = [
        {"month": f"{month.first:%b %Y}", "value": float(value.figure * scale)}
        for month, value in one.trend
        if value.figure is not None
    ]
    spec = {
        "data": {"values": values},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "sort": None, "title": None},
            "y": {"field": "value", "type": "quantitative", "title": kpi.unit.value, "axis": {"tickCount": 4},
                  "scale": {"zero": False}},
        },
    }  # fmt: skip
    words = f"{kpi.title} was {rows[-1][1]} in {rows[-1][0]}."
    return Chart(f"{kpi.title} by month", words, spec, ("Month", kpi.title), rows, width=1120, height=200)


def beside(kpi: Kpi, found: Beside) -> dict[str, str]:
    """A figure over the network as people write it, or why it is not told."""
    if found.why_not:
        return {"why_not": found.why_not}
    told = {name: figure_text(kpi, getattr(found, name)) for name in ("low", "median", "high")}
    return told | {"practices": str(found.practices)}
