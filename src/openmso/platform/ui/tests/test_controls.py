"""Controls that are written in Python are those of Django's templates, whatever is in them."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from openmso.platform.ui import controls

HOSTILE = "\"><script>alert(1)</script>&amp; 'x'"
GROUPED = [("", "Any"), ("Coast", [("RI", "Rhode Island"), (HOSTILE, HOSTILE)]), ("AZ", "Arizona")]
ATTRIBUTES = {"title": HOSTILE, "required": True, "disabled": False, "maxlength": 1_000}


@pytest.mark.parametrize("value", [None, "", "RI", HOSTILE, 1_234, True])
@pytest.mark.parametrize(
    "widget",
    [
        forms.CheckboxInput(), forms.DateInput(attrs={"type": "date"}), forms.DateTimeInput(), forms.EmailInput(),
        forms.HiddenInput(), forms.NumberInput(), forms.PasswordInput(render_value=True), forms.Select(choices=GROUPED),
        forms.SelectMultiple(choices=GROUPED), forms.TextInput(), forms.TimeInput(), forms.URLInput(),
    ],
    ids=lambda widget: type(widget).__name__,
)  # fmt: skip
def test_a_control_is_djangos_own(widget: forms.Widget, value: object) -> None:
    context = widget.get_context('n"ame', value, {"id": "it", **ATTRIBUTES})
    assert widget.template_name in controls.WRITTEN

    written = controls.Renderer().render(widget.template_name, context)

    assert parse_html(written) == parse_html(DjangoTemplates().render(widget.template_name, context))
    assert "<script>" not in written


def test_every_other_control_is_rendered_as_ever() -> None:
    context = forms.Textarea().get_context("note", HOSTILE, {})

    written = controls.Renderer().render("django/forms/widgets/textarea.html", context)

    assert written == DjangoTemplates().render("django/forms/widgets/textarea.html", context)
