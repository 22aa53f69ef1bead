"""The API of the whole house: where the apps' routers are mounted, and how it is described."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.utils import normalize_path

from openmso.kit.errors import Refused
from openmso.platform.access.edges import DECLARED
from openmso.platform.api import idempotency, problems
from openmso.platform.api.authentication import BearerToken, SessionCookie
from openmso.platform.api.schemas import Problem

PREFIX = "/api/"
ALWAYS = (400, 401, 403, 422, 429)


class HouseApi(NinjaAPI):
    """Every operation guarded, every error a problem, every error in the description."""

    def __init__(self, *, title: str, version: str, description: str) -> None:
        super().__init__(
            title=title, version=version, description=description, docs_url=None, openapi_url=None,
            urls_namespace="api", auth=[BearerToken(), SessionCookie()],
        )  # fmt: skip
        self.add_exception_handler(Refused, _refused)
        self.add_exception_handler(ValidationError, _unfit)
        self.add_exception_handler(HttpError, _unread)
        self.add_exception_handler(Exception, _failed)

    def operations(self) -> Iterator[tuple[str, str, Operation]]:
        """Every operation: its path, its method, and what ninja knows of it."""
        for router in self._get_bound_routers():
            for path, view in router.path_operations.items():
                for found in view.operations:
                    for method in found.methods:
                        yield normalize_path(f"{PREFIX}/{router.prefix}/{path}"), method, found

    def declaration(self, operation: Operation) -> str:
        """The permission or the words that an operation declares; empty where it declares nothing."""
        return str(getattr(operation.view_func, DECLARED, ""))

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **_: Any) -> Any:
        """The description, with what the guard answers written into every operation; made once, and only read."""
        return self._described

    @cached_property
    def _described(self) -> dict[str, Any]:
        described = copy.deepcopy(dict(super().get_openapi_schema(path_prefix=PREFIX)))
        described["components"]["schemas"]["Problem"] = Problem.json_schema()
        declared = {(path, method): self.declaration(found) for path, method, found in self.operations()}
        for path, methods in described["paths"].items():
            for method, details in methods.items():
                _describe(path, method.upper(), details, declared.get((path, method.upper()), ""))
        return described

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        """Only the operations: the description and its page are views of the house."""
        return [url for router in self._get_bound_routers() for url in router.urls_paths(router.prefix)]


def _describe(path: str, method: str, details: dict[str, Any], declared: str) -> None:
    names_a_thing = "{" in path or method == "POST" or any(one["name"] == "practice" for one in details["parameters"])
    statuses = {*ALWAYS, *([404] if names_a_thing else []), *([409] if method != "GET" else [])}
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in sorted(statuses):
        details["responses"].setdefault(status, {"description": _WORDS[status], "content": content})
    details["responses"] = {str(status): answer for status, answer in sorted(details["responses"].items(), key=str)}
    if declared and not declared.startswith("own:"):
        details["x-permission"] = declared
    if method == "POST":
        details["parameters"].append(_KEY)


def _refused(request: HttpRequest, refused: Any) -> HttpResponse:
    return problems.of_refusal(refused)


def _unfit(request: HttpRequest, error: Any) -> HttpResponse:
    return problems.of_validation(error.errors)


def _unread(request: HttpRequest, error: Any) -> HttpResponse:
    return problems.problem(error.status_code, "bad_request", "The body of the request could not be read.")


def _failed(request: HttpRequest, error: Any) -> HttpResponse:
    return problems.unexpected(request, error)


_WORDS = {
    400: "The request could not be read",
    401: "Nobody known calls",
    403: "The caller may not do this; the detail says why",
    404: "There is no such thing for this caller",
    409: "It changed meanwhile, exists already, or is under way",
    422: "It does not fit the description, or a rule says no; the detail says why and what to do",
    429: "Too many calls",
}
_KEY = {
    "in": "header",
    "name": idempotency.HEADER,
    "required": False,
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": idempotency.KEY_LENGTH_MAX,
        "pattern": idempotency.KEY_FORM,
    },
    "description": "A text of your own for this request; sent again with the same key it is not done again",
}
