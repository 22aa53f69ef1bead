"""Charts: a Vega-Lite specification becomes two pictures, light and dark, drawn on the server.

    Chart("Collected by month", "October was the best month.", alt.Chart(...), ("Month", "Collected"), rows)

Colours in a specification are roles (`"role:data-1"`, `"role:bad"`) and are put in per theme, because a picture
cannot read the page's tokens. The rows are shown as a table behind the picture, so nothing is in it alone.
"""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

Theme = Literal["light", "dark"]

ROLES: Mapping[Theme, Mapping[str, str]] = {
    "light": {
        "ink-1": "#171c24", "ink-3": "#5e636d", "line": "#e2e4e7", "line-2": "#bbbec3",
        "data-1": "#2756b2", "data-2": "#7292cd", "data-3": "#acbfdf", "data-4": "#d6dde9",
        "good": "#156a43", "warn": "#8b5510", "bad": "#b5242a", "info": "#19677e",
    },
    "dark": {
        "ink-1": "#eff0f3", "ink-3": "#9ca0a8", "line": "#272a2f", "line-2": "#494d54",
        "data-1": "#7ba4f0", "data-2": "#5574ac", "data-3": "#3e5071", "data-4": "#2e3643",
        "good": "#75d5a0", "warn": "#f0be67", "bad": "#fb908a", "info": "#84cbe4",
    },
}  # fmt: skip
"""The tokens of tokens.css as sRGB; a test holds the two together."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: title, one sentence that says what it shows, specification, and the table behind it.

    `spec` is an Altair chart or a Vega-Lite dictionary. Cells of `rows` are shown as they are: format them first.
    """

    title: str
    words: str
    spec: Any
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    width: int = 560
    height: int = 180


def data_url(chart: Chart, theme: Theme) -> str:
    """The picture as a `data:` URL for an `<img>`, which no content security policy of ours refuses."""
    spec = chart.spec if isinstance(chart.spec, Mapping) else chart.spec.to_dict()
    sized = {"width": chart.width, "height": chart.height} | dict(spec)
    svg = _svg(json.dumps(sized, sort_keys=True, default=str), theme, chart.title, chart.words)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@functools.lru_cache(maxsize=256)
def _svg(spec: str, theme: Theme, title: str, words: str) -> str:
    """The picture; drawn once for the same specification, because drawing takes about 50 ms."""
    import vl_convert

    for role, colour in ROLES[theme].items():
        spec = spec.replace(f'"role:{role}"', f'"{colour}"')
    drawn = str(vl_convert.vegalite_to_svg(spec, config=_config(theme)))
    start = drawn.index(">", drawn.index("<svg")) + 1
    return f"{drawn[:start]}<title>{escape(title)}</title><desc>{escape(words)}</desc>{drawn[start:]}"


def _config(theme: Theme) -> dict[str, Any]:
    """Quiet axes, hairline grid, the ramp of the tokens; no box and no background."""
    roles = ROLES[theme]
    text = {"labelColor": roles["ink-3"], "titleColor": roles["ink-3"], "labelFontSize": 12, "titleFontSize": 12}
    return {
        "background": "transparent",
        "font": "Liberation Sans, Segoe UI, Roboto, sans-serif",
        "view": {"stroke": None},
        "padding": {"left": 12, "right": 2, "top": 6, "bottom": 6},
        "range": {"category": [roles[f"data-{n}"] for n in range(1, 5)]},
        "mark": {"color": roles["data-1"]},
        "axis": text
        | {
            "gridColor": roles["line"],
            "domainColor": roles["line-2"],
            "ticks": False,
            "titleFontWeight": 400,
            "labelPadding": 6,
        },
        "axisY": {"domain": False},
        "axisX": {"grid": False, "labelAngle": 0},
        "legend": text | {"orient": "top", "title": None, "symbolType": "square", "symbolSize": 64},
        "bar": {"cornerRadiusEnd": 2},
        "line": {"strokeWidth": 2},
    }
