"""What items of an agenda are about: the pages of things, registered by the apps that own them."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

_subjects: dict[str, tuple[str, str]] = {}


def add_subjects(subjects: Mapping[str, tuple[str, str]]) -> None:
    """Declare kinds of things that come before a board: `{"app.thing": ("app:thing", "Thing")}`."""
    for kind, told in subjects.items():
        if _subjects.setdefault(kind, told) != told:
            raise ValueError(f"the subject {kind} is declared twice")


def url_of(kind: str, public_id: str) -> str:
    """The page of a thing; empty where its app declares none."""
    found = _subjects.get(kind)
    return reverse(found[0], args=[public_id]) if found else ""


def words_of(kind: str) -> str:
    """What such a thing is called."""
    found = _subjects.get(kind)
    return found[1] if found else ""
