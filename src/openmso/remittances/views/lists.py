"""Lists: remittances, files, payments without a claim; the upload."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.errors import Refused
from openmso.platform.access.edges import form, page
from openmso.platform.database import progress
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.remittances.contracts import FileState
from openmso.remittances.forms import TryAgain, Upload
from openmso.remittances.queries import files, payments
from openmso.remittances.services import posting, receiving
from openmso.remittances.tables import FILES, REMITTANCES, UNMATCHED


@page("remittances.read")
def remittances(request: Any) -> HttpResponse:
    """All remittances in which the reader may look."""
    ask = tables.ask(request, REMITTANCES)
    return tables.answer(
        request, REMITTANCES, ask, template="remittances/remittances.html", context={"here": "Remittances"},
        fetch=lambda wanted: files.remittances(filters=ask.filters, page=wanted),
        tally=lambda: files.tally(filters=ask.filters),
    )  # fmt: skip


@page("remittances.read")
def unmatched(request: Any) -> HttpResponse:
    """Payments whose claim was not found."""
    ask = tables.ask(request, UNMATCHED)
    return tables.answer(
        request, UNMATCHED, ask, template="remittances/unmatched.html", context={"here": "Unmatched"},
        fetch=lambda wanted: payments.unmatched(page=wanted, text=ask.filters.text),
        tally=lambda: payments.tally_unmatched(text=ask.filters.text),
    )  # fmt: skip


@page("remittances.read")
def received(request: Any) -> HttpResponse:
    """Files as they came."""
    ask = tables.ask(request, FILES)
    return tables.answer(
        request, FILES, ask, template="remittances/files.html", context={"here": "Files"},
        fetch=lambda wanted: files.files(page=wanted, states=ask.filters.many("is")),
        tally=lambda: files.tally_files(states=ask.filters.many("is")),
    )  # fmt: skip


@form("remittances.post", mailroom=True)
def upload(request: Any) -> HttpResponse:
    """Take a file in; its payees decide for which practices."""
    filled = Upload(request.POST or None, request.FILES or None)
    context = {"form": filled, "crumbs": [], "here": "Upload"}
    if request.method != "POST":
        return respond.page(request, "remittances/upload.html", context)
    if filled.is_valid():
        given = filled.cleaned_data["file"]
        try:
            receipt = receiving.receive(
                actor=request.actor, practice=_only_practice(request), name=given.name, content=given.file,
                at=request.actor.at,
            )  # fmt: skip
        except Refused as no:
            filled.add_error("file", f"{no.sentence} {no.fix}")
        else:
            if len(receipt.files) == 1 and not receipt.refused:
                return respond.redirect(request, reverse("remittances:file", args=[receipt.files[0].file]))
            return respond.page(request, "remittances/received.html", context | {"receipt": receipt})
    return respond.page(request, "remittances/upload.html", context, status=422)


def _only_practice(request: Any) -> int | None:
    """The practice of somebody who posts for one only: strangers in its files are quarantined there."""
    practices = request.actor.practices_for("remittances.post")
    return next(iter(practices)) if len(practices) == 1 else None


@page("remittances.read")
def file(request: Any, file: str) -> HttpResponse:
    """One file: what became of it, and what is wrong with it; it asks again while it waits for the worker."""
    row = files.file(file)
    outcome = files.outcome_of(row.practice, file)
    may = request.actor.may("remittances.post", row.practice)
    return respond.page(
        request,
        "remittances/file.html#state",
        {
            "file": row, "outcome": outcome, "waits": row.state is FileState.RECEIVED, "progress": progress.told(file),
            "form": TryAgain(),
            "stopped": row.state in {FileState.QUARANTINED, FileState.HELD} and may.allowed,
            "crumbs": [("Files", reverse("remittances:files"))], "here": file,
        },
    )  # fmt: skip


@form("remittances.post")
def try_again(request: Any, file: str) -> HttpResponse:
    """Try a stopped file again, on an accounting day."""
    with reading():
        row = files.file(file)
    filled = TryAgain(request.POST or None)
    if request.method == "POST" and filled.is_valid():
        posting.post_file(
            actor=request.actor, practice=row.practice, file=file, at=request.actor.at,
            posted_on=filled.cleaned_data["posted_on"],
        )  # fmt: skip
    return respond.redirect(request, reverse("remittances:file", args=[file]))
