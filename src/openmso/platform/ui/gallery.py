"""The gallery: every component in every state, live, with made-up rows. The browser tests walk through it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.platform.access.edges import ActorRequest, open_to_all
from openmso.platform.documents.contracts import MEGABYTE, Purpose
from openmso.platform.ui import preferences, respond, samples, tables
from openmso.platform.ui.uploads import FileField

WHY_OPEN = "the design system, with made-up rows"
PAGES = {
    "claim": "ui/gallery/claim.html",
    "statement": "ui/gallery/statement.html",
    "home": "ui/gallery/home.html",
    "states": "ui/gallery/states.html",
    "signin": "ui/gallery/signin.html",
}
LINKS = (
    ("Components", ""),
    ("List", "list"),
    ("Queue", "queue"),
    ("Detail", "claim"),
    ("Statement", "statement"),
    ("Home", "home"),
    ("Form", "form"),
    ("Empty states", "states"),
    ("Sign-in", "signin"),
)


class SendForm(forms.Form):
    """A form that takes a file."""

    file = FileField(
        label="Remittance file", purpose=Purpose("gallery.file", "Sample", bytes_max=MEGABYTE), kinds="835",
        help_text="The same file twice is posted once.",
    )  # fmt: skip


class WriteOffForm(forms.Form):
    """A form with every kind of field."""

    amount = forms.DecimalField(
        label="Amount to write off", max_value=65, max_digits=10, decimal_places=2, help_text="Open on this line: 65.00"
    )
    on = forms.DateField(label="Date", help_text="In an open month", widget=forms.DateInput(attrs={"type": "date"}))
    payer = forms.ChoiceField(label="Payer", choices=samples.PAYERS)
    reason = forms.ChoiceField(
        label="Reason", choices=[("small", "Small balance"), ("charity", "Charity care")], widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Note for the practice",
        help_text="They read this in their statement",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    tell = forms.BooleanField(label="Tell the practice owner", required=False)

    def clean(self) -> dict[str, Any]:
        """One fault of the whole form, for the summary."""
        given = super().clean() or {}
        if given.get("reason") == "charity" and not given.get("note"):
            raise forms.ValidationError("Charity care needs a note for the practice.")
        return given


@open_to_all(WHY_OPEN)
@require_GET
def index(request: ActorRequest) -> HttpResponse:
    """Every component in its states."""
    broken = WriteOffForm({"amount": "650.00", "on": "x", "payer": "medicare", "reason": "charity"})
    given = {
        "events": samples.EVENTS,
        "why": samples.WHY,
        "tabs": samples.TABS,
        "segmented": samples.SEGMENTED,
        "steps": samples.STEPS,
        "facts": samples.FACTS,
        "ages": samples.AGES,
        "raw": samples.RAW,
        "spark": samples.SPARK,
        "chart": samples.chart(),
        "statuses": list(samples.SampleStatus),
        "form": broken,
        "file_form": SendForm(),
        "lines": tables.static(request, samples.STILL, samples.LINES, totals=samples.LINE_TOTALS),
        "blocked": respond.button(
            "Close October", why_not=Refused("Two deposits are unmatched, 19,484.55.", fix="Match them first.")
        ),
        "ready": respond.button("Post 8 matched", letter="p", icon="check"),
        "now": samples.NOW,
    }
    return respond.page(request, "ui/gallery/index.html", _with_look(request, "", given))


@open_to_all(WHY_OPEN)
@require_GET
def show(request: ActorRequest, name: str) -> HttpResponse:
    """A whole page of the gallery."""
    match name:
        case "list" | "queue":
            spec = samples.SPEC if name == "list" else samples.QUEUE
            ask = tables.ask(request, spec)
            return tables.answer(
                request,
                spec,
                ask,
                template=f"ui/gallery/{name}.html",
                context=_with_look(request, name),
                fetch=lambda page: samples.page(ask.filters, page),
            )
        case "peek":
            found = next((row for row in samples.rows() if row.public_id == request.GET.get("id")), samples.rows()[0])
            return respond.page(request, "ui/gallery/peek.html", {"row": found, "facts": samples.FACTS})
        case "form":
            return respond.page(request, "ui/gallery/form.html", _with_look(request, name, {"form": WriteOffForm()}))
        case "refused":
            raise Conflict("Batch 20261118-02 changed since you opened it.", fix="Load it again and look at both.")
        case _ if name in PAGES:
            given = {
                "events": samples.EVENTS,
                "why": samples.WHY,
                "raw": samples.RAW,
                "facts": samples.FACTS,
                "spark": samples.SPARK,
                "chart": samples.chart() if name == "home" else None,
                "ages": samples.AGES,
                "lines": tables.static(request, samples.STILL, samples.LINES, totals=samples.LINE_TOTALS),
                "status": samples.SampleStatus.PARTLY,
            }
            return respond.page(request, PAGES[name], _with_look(request, name, given))
        case _:
            raise NotFound("The gallery has no such page.", fix="Choose one from its list.")


@open_to_all(WHY_OPEN)
@require_POST
def act(request: ActorRequest) -> HttpResponse:
    """A bulk action that does nothing but answer as a real one would."""
    chosen = tables.selection(request, samples.SPEC)
    how_many = (
        samples.page(chosen.filters, tables.ask(request, samples.SPEC).page).total if chosen.every else len(chosen.ids)
    )
    return respond.done(
        request, f"Done with {how_many} claims", back=request.POST.get("back", "/"), undo_url=request.path
    )


@open_to_all(WHY_OPEN)
@require_POST
def write_off(request: ActorRequest) -> HttpResponse:
    """The sample form is checked, and nothing is written off."""
    form = WriteOffForm(request.POST)
    if form.is_valid():
        return respond.toast(
            respond.page(request, "ui/gallery/form.html#body", {"form": WriteOffForm()}), "Written off"
        )
    return respond.page(request, "ui/gallery/form.html#body", _with_look(request, "form", {"form": form}), status=422)


def _with_look(request: ActorRequest, name: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
    """The look asked for in the address (`?theme=dark&density=compact`), over the reader's own."""
    look = preferences.changed(
        preferences.of(request), theme=request.GET.get("theme", ""), density=request.GET.get("density", "")
    )
    own = {"theme": look.theme, "density": look.density} if {"theme", "density"} & set(request.GET) else {}
    here = next((label for label, slug in LINKS if slug == name), "Gallery")
    return {**(given or {}), **own, "links": LINKS, "page_name": name, "here": here}
