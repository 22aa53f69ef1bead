"""What the vault does: reveal one secret with a reason, and seal everything anew with a new key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.db import models

from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.models import Entity, Tenant
from openmso.platform.tenancy.scope import atomic, scope
from openmso.platform.vault import contracts, sealing
from openmso.platform.vault.fields import BlindIndexField, Secret, SecretField, index_of, plaintext

WHY_LENGTH_MIN = 10
BATCH = 500


class NoReason(Refused):
    """A secret is revealed for a reason that somebody can check later."""

    code = "reveal_needs_a_reason"


class NothingThere(Refused):
    """The row has no such secret."""

    code = "no_secret"


@atomic
def reveal(*, actor: Actor, model_row: models.Model, field: str, why: str, at: datetime) -> str:
    """The secret in clear, for a reason; the audit trail says who, when and why, never what."""
    practice = practice_of(model_row)
    decision = actor.must(contracts.REVEAL.code, practice)
    if len(why.strip()) < WHY_LENGTH_MIN:
        raise NoReason(
            "Say why you need to see it.",
            field="why",
            fix=f"Give a reason of at least {WHY_LENGTH_MIN} characters: the call or the form it is for.",
        )
    secret = getattr(model_row, field)
    if not isinstance(secret, Secret):
        raise NothingThere("There is no such number on file.", field=field)
    audit.record(
        actor=actor, action="vault.revealed", practice=practice, at=at, why=why.strip(), decision=decision,
        subject=(model_row._meta.label_lower, model_row.public_id), facts={"kind": secret.kind, "field": field},  # type: ignore[attr-defined]
    )  # fmt: skip
    return plaintext(secret)


def practice_of(row: models.Model) -> int:
    """The tenant whose trail tells of a row: its own, that of its books, or the MSO."""
    scope_of_row = row.scope  # type: ignore[attr-defined]
    if scope_of_row == "practice":
        return row.practice_id  # type: ignore[attr-defined]
    if scope_of_row == "entity":
        return Entity.objects.values_list("tenant_id", flat=True).get(pk=row.entity_id)  # type: ignore[attr-defined]
    return Tenant.objects.values_list("pk", flat=True).get(kind=Tenant.Kind.MSO)


def secret_columns() -> Iterator[tuple[type[models.Model], SecretField]]:
    """Every column of secrets in the house."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, SecretField):
                yield model, field


def rotate(*, batch: int = BATCH) -> Iterator[contracts.Rotated]:
    """Seal with the newest key whatever an older one sealed, in batches that each commit.

    The rows themselves say what is left, so a rotation that was killed goes on where it stopped. Both keys open
    meanwhile; an old key may be taken away when `left` is 0 for every column.
    """
    tenants = list(Tenant.objects.values_list("pk", flat=True))
    entities = list(Entity.objects.values_list("pk", flat=True))
    for model, field in secret_columns():
        done = 0
        with scope(practices=tenants, entities=entities):
            while resealed := _reseal(model, field, batch):
                done += resealed
            yield contracts.Rotated(model._meta.db_table, field.attname, done, _left(model, field))


@atomic
def _reseal(model: type[models.Model], field: SecretField, batch: int) -> int:
    """One batch: rows nobody else is resealing now."""
    indexes = [
        other for other in model._meta.local_fields if isinstance(other, BlindIndexField) and other.of == field.name
    ]
    rows = list(_old(model, field).select_for_update(skip_locked=True)[:batch])
    for row in rows:
        fresh = plaintext(getattr(row, field.name))
        setattr(row, field.name, fresh)
        for index in indexes:
            setattr(row, index.name, index_of(getattr(row, field.name)))
    model._base_manager.bulk_update(rows, [field.name, *(index.name for index in indexes)])
    return len(rows)


@atomic
def _left(model: type[models.Model], field: SecretField) -> int:
    return _old(model, field).count()


def _old(model: type[models.Model], field: SecretField) -> models.QuerySet[models.Model]:
    """Rows whose secret was sealed by another key than the newest."""
    number = models.Func(models.F(field.name), models.Value(0), function="get_byte", output_field=models.IntegerField())
    old = model._base_manager.filter(**{f"{field.name}__isnull": False}).annotate(sealed_by=number)
    return old.exclude(sealed_by=sealing.newest(settings.FIELD_KEYS)).order_by("pk")
