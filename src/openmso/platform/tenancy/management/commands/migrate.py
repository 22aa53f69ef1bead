"""`migrate` as Django has it, in a fraction of the time.

Between two operations Django renders anew every model that is related to the changed one, however far; here, where
everything belongs to a practice, that is nearly all of them, each time. But of an index, a constraint or a new model
no other model sees anything: keys leave no attribute on what they point to. Only the model itself is brought up to
date, and whatever changes a field later renders it and its relations from the state of the migrations, as ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.state import ModelState, ProjectState


class Command(migrate.Command):
    help = migrate.Command.help

    def handle(self, *args: Any, **options: Any) -> None:
        with rendered_alone():
            super().handle(*args, **options)


@contextmanager
def rendered_alone() -> Iterator[None]:
    """Within it a state of migrations renders a model that is new, or has another index or constraint, and no other."""
    usual = {name: getattr(ProjectState, name) for name in ALONE}
    try:
        for name, way in ALONE.items():
            setattr(ProjectState, name, way)
        yield
    finally:
        for name, way in usual.items():
            setattr(ProjectState, name, way)


def _add_model(state: ProjectState, model: ModelState) -> None:
    key = model.app_label, model.name_lower
    state.models[key] = model
    if state._relations is not None:  # type: ignore[attr-defined]
        state.resolve_model_relations(key)
    if "apps" in state.__dict__:  # to ask for it would render them all
        state.apps.render_multiple([model])


def _append_option(state: ProjectState, app_label: str, model_name: str, option: str, added: Any) -> None:
    options = state.models[app_label, model_name].options
    options[option] = [*options[option], added]
    if "apps" in state.__dict__:
        setattr(state.apps.get_model(app_label, model_name)._meta, option, options[option])


ALONE = {"add_model": _add_model, "_append_option": _append_option}
"""What a state does when a model, or an index or constraint of one, is added (the latter as Django 5.2 names it)."""
