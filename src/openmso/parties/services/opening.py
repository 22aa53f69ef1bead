"""New tenants: their key is taken first, so that all about them is written in one transaction in their own scope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection

from openmso.parties.services.fitness import NotFit, refuse_when
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, scope


@contextmanager
def new_tenant(*, actor: Actor, code: str, name: str, kind: Tenant.Kind, zone: str) -> Iterator[Tenant]:
    """A new tenant and one transaction in its scope; called outside a transaction.

    Refused for a code that is taken or none, an empty name, and a time zone that does not exist.
    """
    if not re.fullmatch(r"[A-Z][A-Z0-9]{1,11}", code):
        raise NotFit("A code is 2 to 12 capitals and digits.", field="code", fix="Such as ROCK.")
    if not name.strip():
        raise NotFit("A name is needed.", field="name")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise NotFit(f"There is no time zone {zone!r}.", field="zone", fix="Such as America/New_York.") from None
    with scope(practices=[_next_key()], user=actor.user_id) as wanted, atomic.open():
        refuse_when(Tenant.objects.filter(code=code).exists(), f"The code {code} is taken.", field="code")
        (key,) = wanted.practices
        yield Tenant.objects.create(pk=key, code=code, name=name.strip(), kind=kind, zone=zone)


def _next_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Tenant._meta.db_table])
        return int(cursor.fetchone()[0])
