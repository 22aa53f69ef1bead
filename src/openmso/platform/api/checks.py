"""Start-up check: an operation that declares no permission stops the start."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, Tags
from django.core.checks import register as register_check
from django.utils.module_loading import import_string

from openmso.platform.access import registry
from openmso.platform.api.house import HouseApi


def register(api: str) -> None:
    """Hook the check of an API, told by its dotted name, into Django's start-up.

    It is imported when it is checked or served: a worker and a command need none of it.
    """

    def every_operation_declares(**_: Any) -> list[Error]:
        return undeclared(import_string(api))

    register_check(every_operation_declares, Tags.urls)


def undeclared(api: HouseApi) -> list[Error]:
    """Operations that declare nothing, or a permission that no app has."""
    found = []
    for path, method, operation in api.operations():
        said, where = api.declaration(operation), f"The operation {method} {path}"
        if not said:
            hint = "Put @operation(...) or @own_operation(...) under the router's decorator."
            found.append(Error(f"{where} declares no permission.", id="api.E001", hint=hint))
        elif not said.startswith("own:") and said not in registry.permissions():
            found.append(Error(f"{where} asks for {said!r}, which no app declares.", id="api.E002"))
    return found
