"""Problems: every error of the API is `application/problem+json` (RFC 9457), in words a person can act on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from openmso.kit.errors import Refused

MEDIA_TYPE = "application/problem+json"
ERRORS_MAX = 50
log = structlog.get_logger(__name__)


def problem(
    status: int, code: str, detail: str, *, fix: str = "", field: str = "", errors: Iterable[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    """A problem: `type` and `code` are for machines, `detail` and `fix` for people."""
    body: dict[str, Any] = {
        "type": f"urn:openmso:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    told = {"fix": fix, "field": field, "errors": list(errors)[:ERRORS_MAX]}
    body |= {name: value for name, value in told.items() if value}
    return HttpResponse(json.dumps(body), status=status, content_type=MEDIA_TYPE, headers=dict(headers or {}))


def of_refusal(refused: Refused) -> HttpResponse:
    """The problem of an answer of "no"."""
    return problem(refused.status, refused.code, refused.sentence, fix=refused.fix, field=refused.field)


def of_validation(errors: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """The problem of a request that does not fit the description; what was sent is not repeated."""
    told = [
        {"field": ".".join(str(part) for part in error.get("loc", ())), "detail": str(error.get("msg", ""))}
        for error in errors
    ]
    return problem(422, "does_not_fit", "The request does not fit the description of this operation.", errors=told)


def of_status(status: int) -> HttpResponse:
    """A problem for what Django answered before any operation was reached."""
    words = {
        400: ("bad_request", "The request could not be read."),
        403: ("forbidden", "The request was refused; a call by session cookie needs its CSRF token."),
        404: ("not_found", "There is nothing at this address."),
        405: ("method_not_allowed", "This address does not take that method."),
        413: ("too_large", "The request is too large."),
    }
    code, detail = words.get(status, ("failed", HTTPStatus(status).description or HTTPStatus(status).phrase))
    return problem(status, code, detail)


def unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """A bug of ours: the log has it whole, the caller learns only the number of the request."""
    number = getattr(getattr(request, "actor", None), "request", "")
    log.error("api call failed", path=request.path, request=number, exc_info=error)
    return problem(500, "unexpected", f"Something went wrong on our side. Request {number or 'without number'}.")
