"""What may be paid now: each flow of money of a practice, and the rule that stops it with what is done about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.compliance.contracts import READ
from openmso.compliance.queries import clearing
from openmso.platform.access.edges import page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui import respond


@page(READ.code)
def clearance(request: Any) -> HttpResponse:
    """The flows of the practice that is asked for, or of the first in sight."""
    practices = [one for one in tenancy.tenants_in_scope() if not one.is_mso]
    asked = request.GET.get("practice", "").lower()
    chosen = next((one for one in practices if one.code.lower() == asked), practices[0] if practices else None)
    flows = list(clearing.of_practice(chosen.pk, at=request.actor.at)) if chosen else []
    context = {
        "here": "What may be paid now", "crumbs": [("Payment checks", reverse("compliance:runs"))],
        "practices": practices, "chosen": chosen, "flows": flows, "stopped": sum(not one.may for one in flows),
    }  # fmt: skip
    return respond.page(request, "compliance/clearance.html", context)
