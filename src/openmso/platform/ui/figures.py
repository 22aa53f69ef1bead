"""Figures: sparklines, ageing strips and column bars, drawn as small SVGs in role colours.

Geometry is in attributes and colour in classes, so a strict content security policy has nothing to refuse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from openmso.kit.money import Money
from openmso.platform.ui.cells import money_text, percent_text

WIDTH, HEIGHT, AIR = 88.0, 20.0, 2.0
SHADES = ("d1", "d2", "d3", "d4")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a strip: its name, its amount, its shade (`d1`..`d4`, `d-warn`, `d-bad`) and its rows."""

    label: str
    amount: Money | Decimal | int
    shade: str = ""
    url: str = ""

    @property
    def size(self) -> Decimal:
        """The amount as a number."""
        return self.amount.amount if isinstance(self.amount, Money) else Decimal(self.amount)

    @property
    def text(self) -> str:
        """The amount in words of the table behind the strip."""
        return f"{self.amount:,}" if isinstance(self.amount, int) else money_text(self.amount)


def sparkline(values: Sequence[Money | Decimal | int | float], label: str = "") -> SafeString:
    """A line of values from left to right, the lowest at the bottom; without a label it is ornament."""
    numbers = [float(value.amount if isinstance(value, Money) else value) for value in values]
    if len(numbers) < 2:
        return mark_safe("")
    low, span = min(numbers), (max(numbers) - min(numbers)) or 1.0
    step, tall = WIDTH / (len(numbers) - 1), HEIGHT - 2 * AIR
    points = " ".join(f"{i * step:.1f},{HEIGHT - AIR - (n - low) / span * tall:.1f}" for i, n in enumerate(numbers))
    named = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="spark" viewBox="0 0 88 20" preserveAspectRatio="none" {}>'
        '<polygon class="spark-area" points="0,20 {} 88,20"/><polyline class="spark-line" points="{}"/></svg>',
        named,
        points,
        points,
    )


def strip(parts: Sequence[Part], label: str) -> SafeString:
    """Parts of a whole as one bar: ageing of receivables, for example. Negative parts are not drawn."""
    whole = sum((max(part.size, Decimal(0)) for part in parts), Decimal(0))
    gap, room = 2.0, 1000.0 - 2.0 * max(len(parts) - 1, 0)
    x, drawn = 0.0, []
    for shade, part in zip(shades(parts), parts, strict=True):
        width = float(max(part.size, Decimal(0)) / whole) * room if whole else 0.0
        drawn.append((shade, f"{x:.1f}", f"{width:.1f}", f"{part.label}: {part.text}"))
        x += width + gap
    return format_html(
        '<svg class="bar" viewBox="0 0 1000 12" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        label,
        format_html_join("", '<rect class="{}" x="{}" width="{}" height="12"><title>{}</title></rect>', drawn),
    )


def shades(parts: Sequence[Part]) -> list[str]:
    """The shade of each part: its own, or the next of the ramp."""
    return [part.shade or SHADES[min(i, len(SHADES) - 1)] for i, part in enumerate(parts)]


def shares(parts: Sequence[Part]) -> list[tuple[str, Part, str]]:
    """Each part with its shade and its share of the whole in words, for the key and the table behind a strip."""
    whole = sum((part.size for part in parts), Decimal(0))
    return [
        (shade, part, percent_text(part.size / whole) if whole else "–")
        for shade, part in zip(shades(parts), parts, strict=True)
    ]


def column(value: Money | Decimal | int, most: Money | Decimal | int, shade: str = "d1") -> SafeString:
    """One column of a pipeline, as tall as its share of the tallest."""
    size, top = Part("", value).size, Part("", most).size
    tall = float(size / top) * 40 if top else 0.0
    return format_html(
        '<svg viewBox="0 0 80 40" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="{}" y="{}" width="80" height="{}"/></svg>',
        shade,
        f"{40 - max(tall, 1.0):.1f}",
        f"{max(tall, 1.0):.1f}",
    )
