"""What higher apps tell governance: the pages of things that come before boards, and whom they paid what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.urls import reverse

from openmso.governance.contracts.interests import PaidTo
from openmso.platform.access.contracts import Actor

_subjects: dict[str, tuple[str, str]] = {}
_payments: dict[str, tuple[str, Callable[[int], Iterable[PaidTo]]]] = {}


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


def add_payments(app: str, permission: str, payments: Callable[[int], Iterable[PaidTo]]) -> None:
    """Declare where an app tells what a practice paid to whom, and the permission to see that."""
    if app in _payments:
        raise ValueError(f"the payments of {app} are declared twice")
    _payments[app] = (permission, payments)


def payments_of(actor: Actor, practice: int) -> list[PaidTo]:
    """What a practice paid to whom, as far as somebody may see it, the latest first."""
    seen = (told for permission, told in _payments.values() if actor.can(permission, practice))
    return sorted((one for told in seen for one in told(practice)), key=lambda one: one.on, reverse=True)
