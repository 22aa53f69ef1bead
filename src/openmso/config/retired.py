"""Settings that are no longer read: whoever still sets one is told at the start what took its place."""

from __future__ import annotations

import os
from typing import Any

from django.core.checks import CheckMessage, register
from django.core.checks import Warning as Caution

ROUTES = (
    "Questions about coverage (270) go along the routes. Under Routes record the partner with its path for questions, "
    "set a route of 270 to it, and take the setting away."
)
RETIRED = {
    "OPENMSO_ELIGIBILITY_URL": ROUTES,
    "OPENMSO_ELIGIBILITY_TOKEN": ROUTES,
    "OPENMSO_ELIGIBILITY_SENDER": "The sender of a question (ISA06) stands with the trading partner. Take it away.",
}
"""Each setting, and what is done instead."""


@register
def nothing_retired_is_set(**_: Any) -> list[CheckMessage]:
    """A caution for each retired setting that the environment still has."""
    return [
        Caution(f"{name} is set and is not read any more.", hint=instead, id="config.W001")
        for name, instead in RETIRED.items()
        if os.environ.get(name)
    ]
