"""Which day it is at a practice."""

from __future__ import annotations

from datetime import date, datetime

from openmso.kit.clock import day_in
from openmso.platform.tenancy.queries import tenants


def zone(practice: int) -> str:
    """The practice's time zone."""
    return next((tenant.zone for tenant in tenants() if tenant.pk == practice), "UTC")


def today(practice: int, at: datetime) -> date:
    """The practice's calendar day at an instant."""
    return day_in(zone(practice), at)
