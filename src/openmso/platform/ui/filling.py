"""Filling in a form: shown, taken, saved by one service, and shown again with the "no" beside the field it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from openmso.kit.errors import Refused
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond


def fill(
    request: HttpRequest,
    form: forms.Form,
    *,
    save: Callable[[dict[str, Any]], str],
    said: str,
    template: str = "ui/form.html",
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Answer a request for a form; `save` calls the service with the cleaned values and gives the address to go to.

    `said` is the sentence that confirms it there. A refusal becomes the error of its field. The page of forms shows
    `title`, `lede`, `faults`, `consequences`, `act_label`, `danger` and `back` of the context.
    """
    status = 422
    if request.method == "POST" and form.is_valid():
        try:
            target = save(form.cleaned_data)
        except Refused as no:
            refuse(form, no)
            status = no.status
        else:
            messages.success(request, said)
            return respond.redirect(request, target)
    if request.method != "POST":
        return respond.page(request, template, {**(context or {}), "form": form})
    with reading():
        return respond.page(request, template, {**(context or {}), "form": form}, status=status)


def refuse(form: forms.Form, no: Refused) -> None:
    """Put a refusal beside the field it is about, or above the form, with what to do."""
    form.add_error(no.field if no.field in form.fields else None, f"{no.sentence} {no.fix}".strip())
