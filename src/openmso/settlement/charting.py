"""The charts of a restatement: both fees by month, and both fees over the figure that decides; and its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openmso.agreements.fees import sentences
from openmso.kit.periods import Month
from openmso.kit.words import counted
from openmso.platform.ui.cells import money_text
from openmso.platform.ui.charts import Chart
from openmso.settlement.comparing import figure
from openmso.settlement.contracts import Restatement

AGREED, OTHER = "As agreed", "Other terms"
COLOURS = {"domain": [AGREED, OTHER], "range": ["role:data-3", "role:data-1"]}


def words(found: Restatement) -> dict[str, Any]:
    """What the head of the page says."""
    return {
        "sentence": sentences.sentence(found.terms),
        "agreed_sentence": sentences.sentence(found.months[-1].agreed.terms),
        "says": says(found),
        "left_out": spans(found.left_out),
    }


def spans(months: Sequence[Month]) -> str:
    """Months as one says them: those that follow each other from the first to the last of them."""
    runs: list[list[Month]] = []
    for month in months:
        if runs and runs[-1][-1].plus(1) == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    said = [run[0].words if len(run) == 1 else f"{run[0].words} to {run[-1].words}" for run in runs]
    return sentences.listed(said) if said else ""


def says(found: Restatement) -> str:
    """What the other terms would have made of the months, in a sentence."""
    months, by = counted(len(found.months), "month"), found.difference
    if not by:
        return f"Over {months} the other terms come to the same."
    way = "more" if by.amount > 0 else "less"
    share = ""
    if found.agreed.amount:
        share = f", {abs(by.amount) / found.agreed.amount * 100:,.1f}% {way} than agreed"
    return f"Over {months} the practice would have paid {money_text(abs(by))} {way}{share}."


def charts(found: Restatement) -> list[Chart]:
    """By month; and where one figure decides, over that figure."""
    return [_by_month(found), *([_over(found)] if found.break_even.curve else [])]


def _by_month(found: Restatement) -> Chart:
    rows = [
        (one.month.words, *map(money_text, (one.agreed.amount, one.other.amount, one.difference)))
        for one in found.months
    ]
    values = [
        {"month": f"{one.month.first:%b %Y}", "what": what, "amount": float(fee.amount)}
        for one in found.months
        for what, fee in ((AGREED, one.agreed.amount), (OTHER, one.other.amount))
    ]
    spec = {
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "sort": None, "title": None},
            "xOffset": {"field": "what", "type": "nominal", "sort": [AGREED, OTHER], "title": None},
            "y": {"field": "amount", "type": "quantitative", "title": None, "axis": {"tickCount": 4, "format": ",.0f"}},
            "color": {"field": "what", "type": "nominal", "scale": COLOURS, "title": None},
        },
    }
    return Chart("Fee by month", says(found), spec, ("Month", AGREED, OTHER, "Difference"), rows, height=220)


def _over(found: Restatement) -> Chart:
    """Both fees over the figure, with a rule at each break-even."""
    even = found.break_even
    rows = [(figure(at, is_count=even.is_count), money_text(mine), money_text(other)) for at, mine, other in even.curve]
    values = [
        {"at": float(at), "what": what, "amount": float(fee.amount)}
        for at, mine, other in even.curve
        for what, fee in ((AGREED, mine), (OTHER, other))
    ]
    title = f"{even.label[:1].upper()}{even.label[1:]} of a month"
    x = {"field": "at", "type": "quantitative", "title": title, "axis": {"tickCount": 5, "format": ",.0f"}}
    lines = {
        "data": {"values": values},
        "mark": {"type": "line"},
        "encoding": {
            "x": x,
            "y": {"field": "amount", "type": "quantitative", "title": None, "axis": {"tickCount": 4, "format": ",.0f"}},
            "color": {"field": "what", "type": "nominal", "scale": COLOURS, "title": None},
        },
    }
    rules = {
        "data": {"values": [{"at": float(one.at)} for one in even.crossings]},
        "mark": {"type": "rule", "color": "role:ink-3", "strokeDash": [4, 4]},
        "encoding": {"x": {"field": "at", "type": "quantitative"}},
    }
    columns = (title, AGREED, OTHER)
    return Chart(f"Fee by {even.label}", even.words, {"layer": [lines, rules]}, columns, rows, height=220)
