"""`migrate` as Django has it, in a fraction of the time.

Between two operations Django renders anew every model that is related to the changed one, however far; here, where
everything belongs to a practice, that is nearly all of them, each time. But of an index, a constraint, a plain field
or a new model no other model sees anything, nor of a key that leaves no attribute on what it points to. Only the model
itself is rendered, as Django does for code of a migration in the end: that is given all models rendered anew.
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
    """Within it a state of migrations renders a model that is new or changed, and no other that sees nothing of it."""
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


def _find_reload_model(
    state: ProjectState, app_label: str, model_name: str, delay: bool = False
) -> set[tuple[str, str]]:
    if not (delay or _only_hidden_keys_are_new(state, app_label, model_name)):
        return _usual(state, app_label, model_name)
    state.is_delayed = True  # code of a migration is given models that are all rendered anew
    return {(app_label, model_name)}


def _only_hidden_keys_are_new(state: ProjectState, app_label: str, model_name: str) -> bool:
    before = {field.name for field in state.apps.get_model(app_label, model_name)._meta.local_fields}
    now = state.models[app_label, model_name].fields
    return before < now.keys() and all(
        (now[name].remote_field.related_name or "").endswith("+") for name in now.keys() - before
    )


_usual = ProjectState._find_reload_model  # type: ignore[attr-defined]
ALONE = {"add_model": _add_model, "_find_reload_model": _find_reload_model}
"""What a state does when a model is added, and what it renders when one changes (as Django 5.2 names them)."""
