"""Everything that a practice owns: its revenue cycle, every table with its columns, secrets in clear, and documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from django.apps import apps
from django.db import connection, models

from openmso.ledger.contracts import Book
from openmso.ledger.queries import books, statements
from openmso.platform.documents import queries as documents
from openmso.platform.documents.contracts import DocumentRow
from openmso.platform.tenancy import moving
from openmso.platform.tenancy.models import Entity, Tenant
from openmso.platform.tenancy.scope import current
from openmso.platform.vault.fields import BlindIndexField, Secret, SecretField, plaintext
from openmso.portability.contracts import Filed, Folder, Part, Sheet, Table
from openmso.portability.queries import fhir, revenue
from openmso.portability.queries.revenue import Practice
from openmso.portability.rules.contents import REFERENCES, STAYS, Reference

ROWS_AT_ONCE = 2_000
DAWN, DUSK = date(1901, 1, 1), date(2999, 12, 31)
"""Before the first entry of any book, and after the last."""


SECRETS = "Numbers that this house keeps sealed, in clear: Social Security numbers, bank accounts, tax numbers"
DOCUMENTS = "Every other document, byte by byte, by what it is for"
DICTIONARY = "Every column of every table: what it holds, how protected it is, where it points"
OTHERS = (
    *fhir.HELD,
    ("ledgers", "The trial balance of each of your books, every account as it stands"),
    ("secrets.csv", SECRETS),
    ("documents", DOCUMENTS),
    ("dictionary.csv", DICTIONARY),
)
"""Parts that are neither of the revenue cycle nor a table, as they are told before there is an export."""


def parts(of: Practice) -> Iterator[Part]:
    """Every part of an export, as it is asked for while the one before it is written."""
    yield from revenue.parts(of)
    yield from fhir.parts(of)
    yield from _trial_balances()
    yield from (_reference(one) for one in REFERENCES)
    yield from tables()
    yield Sheet("secrets.csv", SECRETS, SecretRow, secrets())
    yield from _documents(of)
    yield Sheet("dictionary.csv", DICTIONARY, Column, dictionary())


def leaving() -> list[type[models.Model]]:
    """The models whose rows leave with a practice, lowest app first."""
    return [model for model in moving.owned() if model._meta.label not in STAYS]


def tables() -> Iterator[Table]:
    """All rows of the practice and of its books, a table for each model, by every column but secrets."""
    for model in leaving():
        yield Table(f"tables/{model._meta.label}.csv", _meaning(model), model, tuple(told(model)))


def told(model: type[models.Model]) -> list[str]:
    """The columns of a model that leave in its table."""
    return [
        str(field.column) for field in moving.columns(model) if not isinstance(field, SecretField | BlindIndexField)
    ]


def _meaning(model: type[models.Model]) -> str:
    return (model.__doc__ or "").strip().partition("\n\n")[0].replace("\n    ", " ")


def _reference(one: Reference) -> Table:
    model = apps.get_model(one.model)
    columns = one.columns or tuple(told(model))
    return Table(f"references/{one.model}.csv", one.words, model, columns, frozenset(_named(one, model)))


def _named(one: Reference, model: type[models.Model]) -> set[int]:
    """The keys of the rows of the network that the practice's rows need."""
    if one.whole:
        return set(model._default_manager.values_list("pk", flat=True))
    among = leaving()
    if one.model == "identity.User":
        return moving.pointed_at(model, among) | _people(among)
    entities = set(current().entities) | moving.pointed_at(Entity, among)
    if one.model == "tenancy.Entity":
        return entities
    tenants = set(current().practices) | moving.pointed_at(Tenant, among)
    tenants |= set(Tenant.objects.filter(kind=Tenant.Kind.MSO).values_list("pk", flat=True))
    tenants |= set(Entity.objects.filter(pk__in=entities).values_list("tenant_id", flat=True))
    return tenants if one.model in {"tenancy.Tenant", "parties.Mso"} else moving.pointed_at(model, among)


def _people(among: Iterable[type[models.Model]]) -> set[int]:
    """The users whose keys stand beside their names, without a key of the database between them."""
    found: set[int] = set()
    for model in among:
        for field in moving.columns(model):
            plain = isinstance(field, models.BigIntegerField) and not isinstance(field, models.AutoField)
            if plain and (field.name == "user" or field.name.endswith("_user")):
                found |= moving.distinct(model, str(field.column))
    return found


# ---- secrets ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SecretRow:
    """A number that lies sealed in the house, in clear; `key` is that of its row in the table of the model."""

    model: str
    key: int
    field: str
    value: str


def secrets() -> Iterator[SecretRow]:
    """Every secret of the practice, in clear."""
    for model in leaving():
        for field in moving.columns(model):
            if isinstance(field, SecretField):
                yield from _opened(model, field)


def _opened(model: type[models.Model], field: SecretField) -> Iterator[SecretRow]:
    found = model._default_manager.filter(**{f"{field.name}__isnull": False}).order_by("pk")
    for row in found.iterator(chunk_size=ROWS_AT_ONCE):
        secret = getattr(row, field.name)
        assert isinstance(secret, Secret)
        yield SecretRow(model._meta.label, row.pk, field.name, plaintext(secret))


# ---- documents --------------------------------------------------------------------------------------------------


NAME_BYTES_MAX = 150


def _documents(of: Practice) -> Iterator[Folder]:
    """Every document of the practice; whoever writes leaves out those that were written before."""
    yield Folder(
        "documents", DOCUMENTS,
        (Filed(f"{one.purpose}/{_name(one)}", one.public_id, of.id) for one in documents.kept(of.id)),
    )  # fmt: skip


def _name(one: DocumentRow) -> str:
    """What a document is called in an export: its id, and what its sender called it where that is not too long."""
    name = one.name if len(one.name.encode()) <= NAME_BYTES_MAX else PurePath(one.name).suffix[:8]
    return f"{one.public_id}-{name}"


# ---- the books, and what every column means ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrialLine:
    """An account of a book as it stands: all that was ever debited and credited, and the difference."""

    account: str
    name: str
    kind: str
    debits: Any
    credits: Any
    balance: Any


def _trial_balances() -> Iterator[Sheet]:
    for book in books.every():
        words = f"Trial balance of {book.name} by the method {book.method.value}, every account as it stands"
        yield Sheet(f"ledgers/{book.public_id}-trial-balance.csv", words, TrialLine, _trial(book))


def _trial(book: Book) -> Iterator[TrialLine]:
    balance = statements.trial_balance(
        entity=book.entity, method=book.method, starts_on=DAWN, through=DUSK
    )  # fmt: skip
    for row in balance.rows:
        yield TrialLine(row.account.code, row.account.name, row.account.kind.value, row.debits, row.credits,
                        row.closing)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its type, whether it may be empty, how protected it is, where it points."""

    table: str
    column: str
    type: str
    may_be_empty: bool
    data_class: str
    points_at: str
    leaves: str
    words: str


def dictionary() -> Iterator[Column]:
    """Every column of every table and reference that leaves, and of each that does not, where it went."""
    named = {one.model: one.columns for one in REFERENCES}
    for model in (*(apps.get_model(label) for label in named), *leaving()):
        for field in model._meta.local_concrete_fields:
            yield _column(model, field, named.get(model._meta.label, ()))


def _column(model: type[models.Model], field: Any, only: tuple[str, ...]) -> Column:
    classified = getattr(model, "classified", {})
    points_at = field.related_model._meta.label if isinstance(field, models.ForeignKey) else ""
    return Column(
        model._meta.label, field.column, _type(field), field.null, str(classified.get(field.name, "")), points_at,
        _leaves(field, only), " ".join(str(field.help_text).split()),
    )  # fmt: skip


def _type(field: Any) -> str:
    return str(field.db_type(connection)) + (" of JSON" if isinstance(field, models.JSONField) else "")


def _leaves(field: Any, only: tuple[str, ...]) -> str:
    match field:
        case _ if only and field.column not in only:
            return "no: it is the network's"
        case SecretField():
            return "in clear, in secrets.csv"
        case BlindIndexField():
            return "no: made anew from the secret"
        case _ if field.generated:
            return "no: the database works it out"
        case _:
            return "in the table"
