"""What a practice adds up to: the figures by which an export is checked against the house, and the house against it."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Count, Sum

from openmso.portability.contracts import Figure
from openmso.portability.rules.contents import MEASURES, Measure


def figures() -> tuple[Figure, ...]:
    """All figures of the practice in scope, in a fixed order."""
    return tuple(figure for measure in MEASURES for figure in _counted(measure))


def _counted(measure: Measure) -> Iterator[Figure]:
    found = apps.get_model(measure.model)._default_manager.all()
    if measure.without:
        found = found.exclude(**measure.without)
    sums = {f"sum_{name}": Sum(column) for name, column in measure.sums.items()}
    if measure.by:
        rows = found.values_list(measure.by).annotate(n=Count("*"), **sums).order_by(measure.by)
        yield from (_figure(measure, str(of), n, told) for of, n, *told in rows)
    else:
        told = found.aggregate(n=Count("*"), **sums)
        yield _figure(measure, "", told["n"], [told[name] for name in sums])


def _figure(measure: Measure, of: str, count: int, sums: list[object]) -> Figure:
    told = tuple((name, str(value or 0)) for name, value in zip(measure.sums, sums, strict=True))
    return Figure(measure.name, of, count, told)
