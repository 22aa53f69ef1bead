"""What the shell around every page knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Theme and density of the person, for the attributes of the document element."""
    user = getattr(request, "user", None)
    return {"theme": getattr(user, "theme", "system"), "density": getattr(user, "density", "regular")}
