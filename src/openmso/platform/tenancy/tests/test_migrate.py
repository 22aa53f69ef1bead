"""Migrations render what they change, and nothing else; what they come to is what Django makes of them."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import get_commands
from django.db import models
from django.db.migrations import AddConstraint, AddField, AddIndex, AlterField, CreateModel, RemoveConstraint, RunPython
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState, StateApps

from openmso.platform.tenancy.management.commands.migrate import rendered_alone


def key(to: str) -> models.ForeignKey:
    return models.ForeignKey(to, models.PROTECT, related_name="+")


NEW: list[Operation] = [
    CreateModel("Visit", [("id", models.BigAutoField(primary_key=True)), ("practice", key("house.Practice"))]),
    AddIndex("Visit", models.Index(fields=["practice"], name="visit_practice")),
    AddConstraint("Visit", models.UniqueConstraint(fields=["practice"], name="one_visit")),
    AddConstraint("Practice", models.UniqueConstraint(fields=["name"], name="one_name")),
    AddField("Practice", "closed", models.DateField(null=True)),
    AddField("Practice", "seat", key("house.Site")),
    AlterField("Practice", "name", models.CharField(max_length=80)),
    RemoveConstraint("Practice", "one_name"),
]
LATER: list[Operation] = [
    CreateModel("Charge", [("id", models.BigAutoField(primary_key=True)), ("visit", key("house.Visit"))]),
    AddField("Charge", "practice", models.ForeignKey("house.Practice", models.PROTECT, related_name="charges")),
    AlterField("Visit", "id", models.CharField(primary_key=True)),
]


def practices() -> ProjectState:
    """A state in which there are practices with sites, rendered."""
    state = ProjectState()
    for operation in (
        CreateModel("Practice", [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField())]),
        CreateModel("Site", [("id", models.BigAutoField(primary_key=True)), ("practice", key("house.Practice"))]),
    ):
        operation.state_forwards("house", state)
    assert state.apps
    return state


def after(state: ProjectState, operations: list[Operation]) -> StateApps:
    """The models after operations, each rendered as the migrations see it."""
    for operation in operations:
        operation.state_forwards("house", state)
    return state.apps


EDITOR: Any = SimpleNamespace(connection=SimpleNamespace(alias="default"))
"""As much of what writes a schema as code of a migration looks at."""


def told(apps: StateApps) -> dict[str, list[object]]:
    """What the models are, in words."""
    return {
        model._meta.label: [
            *((field.name, field.deconstruct()[1:]) for field in model._meta.get_fields(include_hidden=True)
              if isinstance(field, models.Field)),
            *(relation.related_model._meta.label for relation in model._meta.related_objects),
            *(one.deconstruct() for one in (*model._meta.indexes, *model._meta.constraints)),
        ]
        for model in apps.get_models()
    }  # fmt: skip


@pytest.mark.parametrize("operations", [NEW, [*NEW, *LATER]], ids=["as added", "and changed later"])
def test_the_models_are_those_that_django_renders(operations: list[Operation]) -> None:
    with rendered_alone():
        found = told(after(practices(), operations))

    assert found == told(after(practices(), operations))
    assert len(found) == (4 if operations == [*NEW, *LATER] else 3)


@pytest.mark.parametrize("way", [rendered_alone, nullcontext], ids=["ours", "negative control: the usual way"])
def test_what_is_not_changed_is_not_rendered_again(way: object) -> None:
    state = practices()
    before = state.apps.get_model("house", "Site")

    with way():  # type: ignore[operator]
        after(state, NEW)

    assert (state.apps.get_model("house", "Site") is before) == (way is rendered_alone)


def test_code_of_a_migration_follows_a_key_to_what_another_model_was_given() -> None:
    state = practices()
    given: list[bool] = []
    with rendered_alone():
        after(state, NEW)
        RunPython(
            lambda apps, _: given.append(
                hasattr(apps.get_model("house", "Site").practice.field.related_model, "closed")
            )
        ).database_forwards("house", EDITOR, state, state)

    assert given == [True]


def test_whoever_migrates_migrates_so() -> None:
    assert get_commands()["migrate"] == "openmso.platform.tenancy"
