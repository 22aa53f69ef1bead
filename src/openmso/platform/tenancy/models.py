"""Tenants, books, and the abstract models that every scoped table is built on."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.lookups import In

from openmso.kit.classes import classify
from openmso.kit.ids import public_id
from openmso.platform.tenancy.scope import current


class PublicIdField(models.CharField):
    """The only id that leaves the house: `PublicIdField("CLM")` gives `CLM-7K2P9M4X`."""

    def __init__(self, prefix: str = "", **kwargs: Any) -> None:
        self.prefix = prefix
        kwargs |= {"max_length": 16, "editable": False, "default": kwargs.get("default", self.fresh)}
        super().__init__(**kwargs)

    def fresh(self) -> str:
        """A new public id with this field's prefix."""
        return public_id(self.prefix)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("max_length", "editable", "default"):
            kwargs.pop(implied, None)
        return name, path, args, kwargs | {"prefix": self.prefix}


class PracticeForeignKey(models.ForeignKey):
    """A key to a row of the same practice.

    On registers the walls add the composite foreign key `(practice_id, x_id)`; on journals the set-wise checks
    of the services take its place. No reverse attribute is born.
    """

    def __init__(self, to: Any, **kwargs: Any) -> None:
        kwargs |= {"db_constraint": False, "related_name": "+", "on_delete": models.PROTECT}
        super().__init__(to, **kwargs)


class ScopedManager(models.Manager):
    """Rows of the practices in scope; without a scope an exception, never all rows."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(practice_id__in=current().practices)


def unlisted(found: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """The same rows without the list of the scope's practices, for a caller that names one of them for each row.

    The planner does not see that the list says no more, and then looks for other indexes than the one in order.
    Row-level security holds as ever.
    """
    bare, scoped = found.all(), current().practices
    kept = [one for one in bare.query.where.children if not _lists(one, scoped)]
    bare.query.where.children[:] = kept
    return bare


def _lists(condition: Any, scoped: Collection[int]) -> bool:
    """Whether a condition is the one that `ScopedManager` begins with."""
    if not (isinstance(condition, In) and condition.lhs.target.attname == "practice_id"):
        return False
    return isinstance(condition.rhs, list) and set(condition.rhs) == scoped


class EntityManager(models.Manager):
    """Rows of the books in scope; without a scope an exception, never all rows."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(entity_id__in=current().entities)


class Tenant(models.Model):
    """Who may see: a practice, or the MSO itself. Everything else about them lies with `parties`."""

    class Kind(models.TextChoices):
        PRACTICE = "practice", "Practice"
        MSO = "mso", "Management services organization"

    scope = "global"
    temper = "register"
    classified = classify(public="code name kind zone")

    public_id = PublicIdField("TEN", unique=True)
    code = models.CharField(max_length=12, unique=True, help_text="Short name people type: ROCK")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    zone = models.CharField(max_length=40, default="America/New_York", help_text="IANA time zone of its days")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z][A-Z0-9]{1,11}$"), name="tenant_codes_are_capitals")
        ]

    def __str__(self) -> str:
        return self.code


class Entity(models.Model):
    """Whose books: the key of a legal entity and the tenant it belongs to."""

    scope = "global"
    temper = "register"
    classified = classify(public="")

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")


class PracticeModel(models.Model):
    """A row that belongs to one tenant; `practice` is the tenant."""

    scope: ClassVar[str] = "practice"
    temper: ClassVar[str] = "register"

    practice = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)

    objects = ScopedManager()

    class Meta:
        abstract = True


class EntityModel(models.Model):
    """A row that belongs to the books of one legal entity."""

    scope: ClassVar[str] = "entity"
    temper: ClassVar[str] = "register"

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)

    objects = EntityManager()

    class Meta:
        abstract = True
