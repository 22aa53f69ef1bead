"""What Django answers in HTML under /api/ (no such address, wrong method) is said as a problem instead."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from openmso.platform.api import problems

PREFIX = "/api/"


class ApiProblems:
    """Problems for every error under the API's prefix."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        plain = response.headers.get("Content-Type", "").startswith(("text/", "application/problem"))
        if not request.path.startswith(PREFIX) or response.status_code < 400 or not plain:
            return response
        if response.headers["Content-Type"].startswith(problems.MEDIA_TYPE):
            return response
        told = problems.of_status(response.status_code)
        if "Allow" in response.headers:
            told.headers["Allow"] = response.headers["Allow"]
        return told
