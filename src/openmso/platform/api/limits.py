"""How often one caller may call: enough for software that behaves, too little to wear the house out."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse

from openmso.platform.api import problems


def exceeded(owner: str) -> HttpResponse | None:
    """The problem of a caller who has called too often this minute; counted in this process."""
    minute, second = divmod(int(time.time()), 60)
    cache, key = caches["process"], f"api-calls|{owner}|{minute}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) <= settings.API_CALLS_A_MINUTE:
        return None
    detail = f"At most {settings.API_CALLS_A_MINUTE} calls a minute."
    return problems.problem(429, "too_many_calls", detail, headers={"Retry-After": str(60 - second)})
