"""The model fields of secrets: sealed to their row when saved, masked wherever they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from openmso.platform.vault import sealing
from openmso.platform.vault.sealing import Place

DOTS = "••••"
SHOWN = 4
LONG_ENOUGH = 8


def digits(value: str) -> str:
    """The digits of a number as people write it: `123-45-6789` and `123456789` are one."""
    return "".join(character for character in value if character.isdigit())


def compact(value: str) -> str:
    """Capitals without spaces and dashes."""
    return "".join(value.split()).replace("-", "").upper()


KINDS: dict[str, Callable[[str], str]] = {
    "ssn": digits,
    "ein": digits,
    "account": compact,
    "routing": digits,
    "dea": compact,
    "licence": compact,
    "text": str,
}
"""The kinds of secret and how each is normalised before its blind index is taken."""


def masked(value: str) -> str:
    """What may be shown: dots and the last four characters; of a short value only dots."""
    return DOTS + (value[-SHOWN:] if len(value) >= LONG_ENOUGH else "")


class Secret:
    """One secret of one row. Shown as text it is masked; only `vault.services.reveal` says it."""

    __slots__ = ("_kept", "kind", "place")

    def __init__(self, kept: str | bytes, place: Callable[[], Place], kind: str) -> None:
        self._kept = kept
        self.place = place
        self.kind = kind

    def __str__(self) -> str:
        return masked(plaintext(self))

    def __repr__(self) -> str:
        return f"<Secret {self.kind} {DOTS}>"

    def __html__(self) -> str:
        return str(self)


def plaintext(secret: Secret) -> str:
    """The value itself; for the vault's own services, and for work that needs it set-wise (bank files)."""
    kept = secret._kept
    return kept if isinstance(kept, str) else sealing.open_at(secret.place(), kept, settings.FIELD_KEYS).decode()


def sealed(secret: Secret) -> bytes:
    """The sealed bytes; a value not saved yet is sealed now."""
    kept = secret._kept
    return sealing.seal_at(secret.place(), kept.encode(), settings.FIELD_KEYS) if isinstance(kept, str) else kept


def holder(row: models.Model) -> str:
    """Who the row belongs to, for its sub-key: the practice, the books (`e` and key), or all (`0`)."""
    scope = row.scope  # type: ignore[attr-defined]
    if scope == "global":
        return "0"
    return str(row.practice_id) if scope == "practice" else f"e{row.entity_id}"  # type: ignore[attr-defined]


class _Attribute(DeferredAttribute):
    """On the row: a `Secret`, or `None`. A text that is assigned is a new value; bytes are a sealed one."""

    field: SecretField

    def __get__(self, row: Any, cls: Any = None) -> Any:
        if row is None:
            return self
        name = self.field.attname
        kept = row.__dict__[name] if name in row.__dict__ else super().__get__(row, cls)
        if kept is None or isinstance(kept, Secret):
            return kept
        return Secret(kept, lambda: self.field.place(row), self.field.kind)

    def __set__(self, row: Any, value: Any) -> None:
        if isinstance(value, Secret):
            value = value._kept
        if value is not None and not isinstance(value, str | bytes):
            raise TypeError(f"A secret is a text, not {type(value).__name__}.")
        row.__dict__[self.field.attname] = value


class SecretField(models.BinaryField):
    """A text sealed to its row: `ssn = SecretField(kind="ssn")`. `NULL` is no value; `""` and `"0"` are values."""

    descriptor_class = _Attribute

    def __init__(self, *, kind: str = "text", **kwargs: Any) -> None:
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of secret; kinds are {', '.join(KINDS)}")
        self.kind = kind
        super().__init__(**{"null": True, "blank": True, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"kind": self.kind}

    def place(self, row: models.Model) -> Place:
        """What the value is bound to."""
        return Place(row._meta.db_table, self.attname, holder(row), row.public_id)  # type: ignore[attr-defined]

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        """Sealed bytes, as they lie in the table."""
        return None if value is None else bytes(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        secret = getattr(model_instance, self.attname)
        if secret is None:
            return None
        kept = sealed(secret)
        setattr(model_instance, self.attname, kept)
        return kept

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, Secret):
            value = sealed(value)
        if isinstance(value, str):
            raise TypeError("A secret is sealed to its row: set it on the row and save the row.")
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        """Sealed bytes can only be asked whether they are there; equality is the blind index's business."""
        if lookup_name != "isnull":
            raise TypeError(f"A secret cannot be searched by {lookup_name}; use its BlindIndexField.")
        return super().get_lookup(lookup_name)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return [*super().check(**kwargs), *self._check_row()]

    def _check_row(self) -> Iterable[CheckMessage]:
        model = self.model
        if not any(field.name == "public_id" for field in model._meta.fields):
            yield Error(f"{model.__name__} has a secret and no public_id to bind it to.", obj=self, id="vault.E001")
        if getattr(model, "temper", "") in {"journal", "sealed"}:
            yield Error(f"{model.__name__} never changes, so its keys could not rotate.", obj=self, id="vault.E002")


class BlindIndexField(models.BinaryField):
    """The blind index of a secret of the same row: `ssn_index = BlindIndexField(of="ssn")`."""

    def __init__(self, *, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(**{"null": True, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        secret = getattr(model_instance, self.of)
        kept = None if secret is None else index_of(secret)
        setattr(model_instance, self.attname, kept)
        return kept


def index_of(secret: Secret) -> bytes:
    """The blind index of a secret under the newest key."""
    place, value = secret.place(), KINDS[secret.kind](plaintext(secret))
    return sealing.blind(
        value, table=place.table, column=place.column, practice=place.practice, keys=settings.FIELD_KEYS
    )


def indexes_for(model: type[models.Model], field: str, *, practice: int | str, value: str) -> list[bytes]:
    """What a value's blind index may be in a column: `filter(ssn_index__in=indexes_for(Person, "ssn", ...))`."""
    column = model._meta.get_field(field)
    if not isinstance(column, SecretField):
        raise TypeError(f"{field} of {model.__name__} is no secret")
    return list(
        sealing.blinds(
            KINDS[column.kind](value), table=model._meta.db_table, column=column.attname,
            practice=practice, keys=settings.FIELD_KEYS,
        )
    )  # fmt: skip
