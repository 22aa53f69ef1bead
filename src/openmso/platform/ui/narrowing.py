"""What the terms of a list's filters ask of columns: any of the values that are asked for, and every bound."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Q

from openmso.kit.periods import Month
from openmso.platform.ui.contracts import Filters, Term

_BOUNDS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def by_terms(filters: Filters, columns: Mapping[str, str]) -> Q:
    """The condition of some keys, each on its column: `{"due": "due_on"}`. A month is asked of a column of days."""
    asked = Q()
    for key, column in columns.items():
        any_of = Q()
        for term in filters.terms_of(key):
            if term.op == "=":
                any_of |= _equals(column, term)
            else:
                asked &= Q(**_bound(column, term))
        asked &= any_of
    return asked


def _equals(column: str, term: Term) -> Q:
    if isinstance(term.value, Month):
        return Q(**{f"{column}__gte": term.value.first, f"{column}__lt": _after(term.value)})
    return Q(**{column: term.value})


def _bound(column: str, term: Term) -> dict[str, object]:
    if isinstance(term.value, Month):
        day = term.value.first if term.op in {"<", ">="} else _after(term.value)
        return {f"{column}__{'lt' if term.op in {'<', '<='} else 'gte'}": day}
    return {f"{column}__{_BOUNDS[term.op]}": term.value}


def _after(month: Month) -> date:
    """The first day after a month."""
    return month.last + timedelta(days=1)
