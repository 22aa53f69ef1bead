"""Every table says whose it is, how it changes and how protected each field is; keys point down the house."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

from django.apps import apps
from django.db import models
from django.db.models.functions import Lower

from openmso.kit.classes import DataClass
from openmso.platform.tenancy import walls

ROOT = Path(__file__).parents[2]
STRUCTURAL = (models.AutoField, models.ForeignKey)
STRUCTURAL_NAMES = {"public_id", "practice", "entity", "version"}
OURS = sorted(walls.our_models(), key=lambda model: model._meta.label)
SCOPED = [model for model in OURS if getattr(model, "scope", "") == "practice"]


def own_fields(model: type[models.Model]) -> Iterator[models.Field]:
    for field in model._meta.local_concrete_fields:
        if not isinstance(field, models.AutoField) and field.name not in STRUCTURAL_NAMES:
            yield field


def test_every_model_says_whose_rows_it_holds_and_how_they_change() -> None:
    silent = [
        model._meta.label
        for model in OURS
        if getattr(model, "scope", "") not in {*walls.IN_SCOPE, "global"}
        or getattr(model, "temper", "") not in walls.GRANTS
    ]

    assert silent == []


def test_every_field_has_a_data_class() -> None:
    assert list(unclassified()) == []


def unclassified() -> Iterator[str]:
    for model in OURS:
        classified = getattr(model, "classified", {})
        own = list(own_fields(model))
        missing = {field.name for field in own if not isinstance(field, STRUCTURAL)} - set(classified)
        yield from (f"{model._meta.label}.{name} has no class" for name in sorted(missing))
        unknown = set(classified) - {field.name for field in model._meta.get_fields()}
        yield from (f"{model._meta.label}.{name} is classified but not there" for name in sorted(unknown))
        wrong = [name for name, given in classified.items() if given not in set(DataClass)]
        yield from (f"{model._meta.label}.{name} has no class that there is" for name in wrong)


def test_foreign_keys_point_down_and_leave_no_reverse_attribute() -> None:
    assert list(misdirected()) == []


def misdirected() -> Iterator[str]:
    floor = floors()
    for model in OURS:
        here = app_of(model)
        for field in model._meta.local_fields:
            if not isinstance(field, models.ForeignKey):
                continue
            there = app_of(field.related_model)
            if there == here or there not in floor:
                continue
            if floor[there] >= floor[here]:
                yield f"{model._meta.label}.{field.name} points up to {there}"
            if field.remote_field.related_name != "+":
                yield f"{model._meta.label}.{field.name} leaves a reverse attribute"


def test_unique_keys_of_a_practice_start_with_the_practice() -> None:
    """A duplicate-key error must not tell one practice what another has."""
    assert list(told_by_duplicates()) == []


def told_by_duplicates() -> Iterator[str]:
    for model in SCOPED:
        for constraint in model._meta.constraints:
            if not isinstance(constraint, models.UniqueConstraint):
                continue
            first = constraint.fields[0] if constraint.fields else ""
            if constraint.expressions:
                expression = constraint.expressions[0]
                first = expression.source_expressions[0].name if isinstance(expression, Lower) else str(expression)
            if "practice" not in first:
                yield f"{constraint.name} starts with {first}"
        for field in model._meta.local_fields:
            if field.unique and not field.primary_key and field.name != "practice":
                yield f"{model._meta.label}.{field.name} is unique alone"


def test_no_business_flow_hides_in_signals() -> None:
    """Facts go through the outbox; a signal would be a call that nobody sees."""
    allowed = {"openmso/platform/tenancy/apps.py", "openmso/platform/identity"}
    for path in (ROOT / "src").rglob("*.py"):
        text = path.read_text()
        if "django.db.models.signals" in text or "django.dispatch" in text:
            assert any(part in path.as_posix() for part in allowed), f"{path} listens to signals"


def test_the_words_of_the_map_are_the_folders_of_the_house() -> None:
    folders = {path.name for path in (ROOT / "src/openmso").iterdir() if (path / "__init__.py").exists()}

    assert folders <= set(floors()) | {"config", "cli", "kit", "platform"}


def test_every_package_has_a_sign_on_its_door() -> None:
    for path in sorted((ROOT / "src").rglob("__init__.py")):
        if {"migrations", "tests", "templatetags"} & set(path.parts):
            continue
        assert ast.get_docstring(ast.parse(path.read_text())), f"{path.relative_to(ROOT)} has no docstring"


def app_of(model: type[models.Model]) -> str:
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "openmso" else parts[0]


def floors() -> dict[str, int]:
    """The map of the house, lowest floor first, as the import linter reads it."""
    config = ConfigParser()
    config.read(ROOT / ".importlinter")
    lines = [line for line in config["importlinter:contract:map"]["layers"].splitlines() if line.strip()]
    return {name.strip(" ()"): number for number, line in enumerate(reversed(lines)) for name in line.split("|")}


def test_all_our_apps_are_installed_lowest_floor_first() -> None:
    floor = floors()
    order = [floor[app.name.split(".")[1]] for app in apps.get_app_configs() if app.name.startswith("openmso.")]

    assert order == sorted(order)
