"""How a service says that something is not fit: the first fault of the rules becomes a refusal with its field."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.kit.errors import Conflict, Refused
from openmso.parties import rules


class NotFit(Refused):
    """A number, name or address does not have the form that claims and payments need."""

    code = "not_fit"


class AlreadyThere(Conflict):
    """The same thing is on file already."""

    code = "already_there"


def refuse_if(faults: Iterable[rules.Fault]) -> None:
    """Refuse with the first fault, if there is one."""
    fault = rules.first(faults)
    if fault is not None:
        raise NotFit(fault.sentence, field=fault.field, fix=fault.fix)


def refuse_when(there: bool, sentence: str, *, field: str, fix: str = "") -> None:
    """Refuse what is on file already."""
    if there:
        raise AlreadyThere(sentence, field=field, fix=fix)
