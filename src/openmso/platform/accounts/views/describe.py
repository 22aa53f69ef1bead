"""The description of the API, and the page that reads it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from openmso.platform.access.edges import own


@own("the description of the API")
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    return JsonResponse(import_string(settings.HOUSE_API).get_openapi_schema())


@own("the pages of the API")
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation, to read and to try with one's own session."""
    return render(request, "accounts/api_docs.html")
