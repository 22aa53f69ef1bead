"""The inputs and selects of forms as HTML, written in Python and not in templates.

A select of fifty states costs a template two hundred times what it costs here, and a form has eighty inputs. The HTML
is that of Django's own templates, which stay in use for every other kind of control. Every value is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

Control = Mapping[str, Any]
"""What a widget says of itself, as `Widget.get_context` gives it."""


class Renderer(DjangoTemplates):
    """Django's renderer of forms, but for the controls that are written here."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The HTML of a control, a field or a form."""
        write = WRITTEN.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return mark_safe(write(context["widget"]))  # noqa: S308  # nosec B308 B703


def _input(control: Control) -> str:
    value = "" if control["value"] is None else f' value="{escape(str(control["value"]))}"'
    return f'<input type="{escape(control["type"])}" name="{escape(control["name"])}"{value}{_attributes(control)}>'


def _select(control: Control) -> str:
    groups = "".join(_group(name, options) for name, options, _ in control["optgroups"])
    return f'<select name="{escape(control["name"])}"{_attributes(control)}>{groups}</select>'


def _group(name: str | None, options: list[Control]) -> str:
    inner = "".join(
        f'<option value="{escape(str(one["value"]))}"{_attributes(one)}>{conditional_escape(one["label"])}</option>'
        for one in options
    )
    return f'<optgroup label="{escape(name)}">{inner}</optgroup>' if name else inner


def _attributes(control: Control) -> str:
    told = ((name, value) for name, value in control["attrs"].items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{escape(str(value))}"' for name, value in told)


_KINDS = (
    "checkbox",
    "date",
    "datetime",
    "email",
    "hidden",
    "input",
    "number",
    "password",
    "tel",
    "text",
    "time",
    "url",
)
WRITTEN: Mapping[str, Callable[[Control], str]] = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in _KINDS},
    "django/forms/widgets/select.html": _select,
}
"""The templates whose controls are written here."""
