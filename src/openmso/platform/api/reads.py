"""What the API tells the audit trail: whose patient data an operation showed (45 CFR 164.312(b)).

A field of a response names its data class: `patient: Annotated[str, of_class(DataClass.DEMOGRAPHIC)]`. The description
of the API says it as `x-data-class`, and `one` and `many` tell the trail of the classes that the caller sees.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from ninja import Schema
from pydantic import Field

from openmso.kit.classes import PHI, DataClass
from openmso.platform.audit import services as audit
from openmso.platform.audit.contracts import Subject

CLASS = "x-data-class"


def of_class(data_class: DataClass) -> Any:
    """The data class of a field that an operation shows."""
    return Field(json_schema_extra={CLASS: data_class.value})


@functools.cache
def classes_of(shows: type[Schema]) -> frozenset[DataClass]:
    """The classes of patient data in a response, nested forms included."""
    return frozenset(map(DataClass, named(shows.model_json_schema()))) & PHI


def one(request: Any, *, practice: int, subject: Subject, shows: type[Schema]) -> None:
    """Tell that one thing's patient data was shown."""
    _tell(request, practice, subject, shows, 1)


def many(request: Any, *, of: str, practices: Iterable[int], shows: type[Schema]) -> None:
    """Tell that a list's patient data was shown; `practices` are those of its rows, one for each row."""
    for practice, count in sorted(Counter(practices).items()):
        _tell(request, practice, ("api.list", of), shows, count)


def _tell(request: Any, practice: int, subject: Subject, shows: type[Schema], count: int) -> None:
    actor = request.actor
    seen = {one for one in classes_of(shows) if actor.sees(one, practice)}
    if seen:
        audit.record_read(
            actor=actor, practice=practice, subject=subject, at=actor.at, classes=seen, count=count,
            decision=actor.may(request.permission, practice),
        )  # fmt: skip


def named(schema: Any) -> Iterator[str]:
    """The classes that a JSON schema names anywhere."""
    if isinstance(schema, dict):
        if CLASS in schema:
            yield schema[CLASS]
        for part in schema.values():
            yield from named(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from named(part)
