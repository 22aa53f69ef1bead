"""Forms of values that operations share. Bodies take no unknown field and bend no type."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, Annotated, Any

from ninja import Schema
from ninja.files import UploadedFile
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, Strict

from openmso.kit.errors import Refused
from openmso.kit.ids import NAME

Encoded = Annotated[str, Field(max_length=4_000_000, description="A file that goes along, in base64")]


class Body(Schema):
    """What a caller sends: unknown fields are refused, so that nothing is assigned by the way."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def public_id(prefix: str) -> Any:
    """The form of a public id: `claim: Annotated[str, public_id("CLM")]`."""
    return Field(pattern=f"^{prefix}-{NAME}$", examples=[f"{prefix}-7K2P9M4X"])


def text(length_max: int, *, length_min: int = 1) -> Any:
    """The form of a text with a limit; PostgreSQL stores no NUL, and a text that is asked for is not all spaces."""
    pattern = r"^[^\x00]*$" if length_min == 0 else r"^[^\x00]*[^\s\x00][^\x00]*$"
    return Field(min_length=length_min, max_length=length_max, pattern=pattern)


Words = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
"""What a list is searched for or narrowed to; empty asks nothing."""
MonthName = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", examples=["2026-10"])]
"""A month by its name."""
PracticeName = Annotated[
    str,
    Field(
        pattern=rf"^(TEN-{NAME}|[A-Z][A-Z0-9]{{1,11}})$", examples=["ROCK"],
        description="Code or public id of the practice",
    ),
]  # fmt: skip


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("this instant is out of range") from None


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment with its offset, kept in UTC: PostgreSQL takes no offset beyond 15:59, RFC 3339 does."""
Count = Annotated[int, Strict()]
Yes = Annotated[bool, Strict()]
Amount = Annotated[str, BeforeValidator(str), Field(pattern=r"^-?\d{1,12}\.\d{2}$", examples=["1250.00"])]
"""Money as a text of dollars and cents, because JSON numbers are not exact."""


def exact(value: Any) -> Any:
    """JSON as it came, its numbers with a point as they were written: no amount is ever a float."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {key: exact(one) for key, one in value.items()}
    return [exact(one) for one in value] if isinstance(value, list) else value


def sent(file: UploadedFile) -> IO[bytes]:
    """An upload as the file it lies in; a large one lies on disk."""
    assert file.file is not None
    return file.file


def decoded(encoded: str) -> bytes:
    """The bytes of a `document` that came in base64; raises `Refused` for anything else."""
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("The document is not base64.", code="bad_document", field="document") from None


class ProgressOut(Schema):
    """How far somebody who works on it is; nobody does when there is none."""

    words: str
    percent: int


class Problem(Schema):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    code: Annotated[str, Field(description="For machines")]
    detail: Annotated[str, Field(description="For people")]
    fix: str = ""
    field: str = ""
    errors: list[dict[str, str]] = []
