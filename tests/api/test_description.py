"""The description of the API: every name in it means one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ninja import Schema

from openmso.config.api import api
from openmso.platform.api.house import HouseApi


def forms(of: HouseApi) -> Iterator[tuple[str, Any]]:
    """Every form that some operation names, with what it says."""
    for _, _, found in of.operations():
        for model in (*found.models, *(one for one in found.response_models.values() if isinstance(one, type))):
            yield from model.model_json_schema().get("$defs", {}).items()


def clashing(of: HouseApi) -> set[str]:
    """Names of forms that say two things: the later would stand for both in the description."""
    known: dict[str, Any] = {}
    return {name for name, form in forms(of) if known.setdefault(name, form) != form}


def test_no_two_forms_share_a_name() -> None:
    assert clashing(api) == set()


def test_no_two_operations_share_a_name() -> None:
    names = Counter(found.view_func.__name__ for _, _, found in api.operations())

    assert [name for name, count in names.items() if count > 1] == []


def test_negative_control_two_forms_of_one_name_are_found() -> None:
    def line(**fields: type) -> type[Schema]:
        return type("LineOut", (Schema,), {"__annotations__": fields})

    careless = HouseApi(title="careless", version="0", description="")
    careless.get("/claims", response=line(code=str))(lambda request: {})
    careless.get("/books", response=line(amount=str))(lambda request: {})

    assert clashing(careless) == {"LineOut"}
