"""Where sources lead: apps above tell the ledger, at start-up, which page shows a thing that figures come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from openmso.ledger.contracts import Source


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a kind of source: its URL name, which takes the public id, and what the kind is called."""

    url_name: str
    label: str


_pages: dict[str, Page] = {"ledger.entry": Page("ledger:entry-of", "Entry")}


def add_sources(sources: Mapping[str, str | tuple[str, str]]) -> None:
    """Say where kinds of sources are shown: `{"remittances.payment": ("remittances:payment", "Payment")}`."""
    for kind, page in sources.items():
        url_name, label = (page, kind.rpartition(".")[2].capitalize()) if isinstance(page, str) else page
        wanted = Page(url_name, label)
        if _pages.setdefault(kind, wanted) != wanted:
            raise ValueError(f"the source {kind} is registered twice")


def url_of(source: Source | None) -> str:
    """The page that shows a source; the empty text where its app has registered none."""
    page = _pages.get(source.kind) if source else None
    return reverse(page.url_name, args=[source.id]) if page and source else ""


def label_of(source: Source | None) -> str:
    """What a source is called: `Payment PAY-7K2P9M4X`."""
    if source is None:
        return ""
    page = _pages.get(source.kind)
    return f"{page.label if page else source.kind.replace('.', ' ')} {source.id}"
