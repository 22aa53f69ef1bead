"""How the lists of billing are narrowed: by their states and kinds, the practice, bounds, and a text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from openmso.kit.ids import beginning
from openmso.patients import queries as patients
from openmso.platform.tenancy.queries import keys_of
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.narrowing import by_terms

Row = TypeVar("Row", bound=Model)
STATE: Mapping[str, str] = MappingProxyType({"is": "state"})
NONE: Mapping[str, str] = MappingProxyType({})


def narrow(
    found: QuerySet[Row], filters: Filters, *, chosen: Mapping[str, str] = STATE, compared: Mapping[str, str] = NONE,
    ids: Mapping[str, str] = NONE, says: Collection[str] = (), of_patients: bool = True,
) -> QuerySet[Row]:  # fmt: skip
    """What the filters leave of some rows.

    `chosen` are the columns of filters that name values, `compared` those that have bounds. The text is the beginning
    of a public id (`ids`: the column by its prefix), what lookups say (`reference`), or a patient.
    """
    for key, column in chosen.items():
        if values := filters.many(key):
            found = found.filter(**{f"{column}__in": values})
    if codes := filters.many("practice"):
        found = found.filter(practice_id__in=keys_of(codes))
    found = found.filter(by_terms(filters, compared))
    text = filters.text.strip()
    return found.filter(_says(text, ids, says, of_patients)) if text else found


def _says(text: str, ids: Mapping[str, str], lookups: Collection[str], of_patients: bool) -> Q:
    meant = Q(patient_id__in=patients.ids_named(text)) if of_patients else Q(pk__in=())
    for lookup in lookups:
        meant |= Q(**{lookup: text})
    for prefix, column in ids.items():
        if span := beginning(prefix, text):
            meant |= Q(**{f"{column}__range": span})
    return meant
