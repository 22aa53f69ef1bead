"""Of whom figures are asked: rows of workpapers narrowed to practices, payer, clinician and specialty."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from openmso.analytics.contracts import NOBODY, Asked
from openmso.parties.queries import payers, practices, providers
from openmso.platform.tenancy.queries import tenants_in_scope

M = TypeVar("M", bound=Model)


def narrowed(rows: QuerySet[M], asked: Asked) -> QuerySet[M]:
    """The rows of whom it is asked; `NOBODY` are those that name no payer, or no clinician."""
    if asked.practice:
        wanted = [one.pk for one in tenants_in_scope() if one.code.lower() == asked.practice]
        rows = rows.filter(practice_id__in=wanted)
    if asked.specialty:
        known = practices.specialties()
        rows = rows.filter(practice_id__in=[key for key, one in known.items() if one.value == asked.specialty])
    if asked.payer == NOBODY:
        rows = rows.filter(payer=None)
    elif asked.payer:
        rows = rows.filter(payer_id__in=payers.keys([asked.payer]))
    if asked.clinician == NOBODY:
        rows = rows.filter(clinician=None)
    elif asked.clinician:
        rows = rows.filter(clinician_id=providers.clinician_by_public_id(asked.clinician).id)
    return rows
